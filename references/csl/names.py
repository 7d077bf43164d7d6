"""Names of people and organisations: order, initials, particles, suffixes, “et al.”, “and”."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from .items import Name
from .terms import Terms
from .typography import MOST_KEPT

# Scripts whose names are written family first, without a space and without initials.
EAST_ASIAN = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\u3040-\u30ff]")


@dataclass(frozen=True)
class NameStyle:
    """The settings of one `cs:name`, its own over those of the style."""

    options: dict[str, str]
    form: str
    delimiter: str

    @classmethod
    def read(cls, own: dict[str, str], inherited: dict[str, str]) -> "NameStyle":
        options = inherited | own
        return cls(
            options,
            own.get("form", inherited.get("name-form", "long")),
            own.get("delimiter", inherited.get("name-delimiter", ", ")),
        )

    def number(self, key: str) -> int:
        return int(self.options.get(key, 0) or 0)

    def write(self, people: list[Name], sheet: Terms, et_al: str | None) -> str:
        least, use = self.number("et-al-min"), max(1, self.number("et-al-use-first"))
        cut = bool(least) and len(people) >= least and len(people) > use
        shown = people[:use] if cut else people
        names = [self._one(person, index, sheet) for index, person in enumerate(shown)]
        if cut and self.options.get("et-al-use-last") == "true" and len(people) > use + 1:
            names.append("… " + self._one(people[-1], use, sheet))
            return sheet.typography.join(names, self.delimiter)
        if cut:
            text = sheet.typography.join(names, self.delimiter)
            apart = self.options.get("delimiter-precedes-et-al", "contextual")
            comma = (
                apart == "always"
                or (apart == "contextual" and len(names) > 1)
                or (apart == "after-inverted-name" and self._inverts(use - 1))
            )
            return (
                sheet.typography.add(
                    sheet.typography.add(text, self.delimiter if comma else " "), et_al
                )
                if et_al
                else text
            )
        return self._listed(names, sheet)

    def _inverts(self, index: int) -> bool:
        order = self.options.get("name-as-sort-order")
        return order == "all" or (order == "first" and index == 0)

    def _listed(self, names: list[str], sheet: Terms) -> str:
        conjunction = {"text": sheet.term("and"), "symbol": "&"}.get(self.options.get("and", ""))
        if not conjunction or len(names) < 2:
            return sheet.typography.join(names, self.delimiter)
        head = sheet.typography.join(names[:-1], self.delimiter)
        apart = self.options.get("delimiter-precedes-last", "contextual")
        comma = (
            apart == "always"
            or (apart == "contextual" and len(names) > 2)
            or (apart == "after-inverted-name" and self._inverts(len(names) - 2))
        )
        return sheet.typography.join(
            [head, conjunction + " " + names[-1]], self.delimiter if comma else " "
        )

    def _one(self, person: Name, index: int, sheet: Terms) -> str:
        field = sheet.typography.field
        if person.literal:
            return field(person.literal)
        family, given = field(person.family), field(person.given)
        if EAST_ASIAN.search(family):
            return family + (given if self.form == "long" else "")
        family = _before(field(person.particle), family)
        if self.form == "short":
            return family
        dropping, suffix = field(person.dropping), field(person.suffix)
        with_ = self.options.get("initialize-with")
        if with_ is not None:
            if self.options.get("initialize", "true") == "true":
                given = initials(
                    given, with_, self.options.get("initialize-with-hyphen", "true") == "true"
                )
            suffix = suffix.replace(".", with_.strip())
        if self._inverts(index):
            given = " ".join(part for part in (given, dropping) if part)
            return sheet.typography.join(
                [family, given, suffix], self.options.get("sort-separator", ", ")
            )
        full = sheet.typography.join([given, _before(dropping, family)], " ")
        return sheet.typography.join([full, suffix], ", " if person.comma_suffix else " ")


def _before(particle: str, family: str) -> str:
    """“van der” + “Berg”, “d’” + “Ormesson”."""
    return (
        particle + family if particle.endswith(("’", "'", "-")) else f"{particle} {family}".strip()
    )


@lru_cache(maxsize=MOST_KEPT)
def initials(given: str, mark: str, keep_hyphen: bool) -> str:
    """“Jean-Pierre Marie” → “J.-P. M.” with the mark “. ”; words that begin small (dos) stay; “WSC”
    is three initials."""
    out = ""
    for word in re.sub(r"\.(?=[^\s.-])", ". ", given).split():
        if not _is_name(word):
            out = f"{out.strip()} {word} " if out else f"{word} "
            continue
        letters = [letter for part in re.split(r"[-‐‑]", word) for letter in _initials(part)]
        if keep_hyphen:
            out += (mark.strip() + "-" if "-" in word else mark).join(letters) + mark
        else:
            out += "".join(letter + mark for letter in letters)
    return " ".join(out.split())


def _is_name(word: str) -> bool:
    first = next((sign for sign in word if sign.isalpha()), "")
    return bool(first) and not first.islower()


def _initials(part: str) -> list[str]:
    if not _is_name(part):
        return []
    letters = "".join(sign for sign in part if sign.isalpha() or unicodedata.combining(sign))
    if len(letters) <= 4 and letters.isupper() and not part.endswith("."):
        return list(letters)
    return [letters] if part.endswith(".") and len(letters) > 1 else [letters[0]]
