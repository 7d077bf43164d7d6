"""Names as files write them: “van der Berg, Maria”, “Smith JA Jr”, “van der Berg J.-P.”, “Ludwig
van Beethoven”.

The one rule of every format: what ends in initials, with dots or without, has the family name
first.
"""

import re
from dataclasses import replace
from functools import lru_cache

from publishing.later import later

from . import nameorder
from .records import Name

bibtex_names = later("bibtexparser.middlewares.names")

_SUFFIX = re.compile(r"(?:jr|sr|jun|sen)\.?|i{2,3}|iv|2nd|3rd|4th|5th", re.I)
OTHERS = re.compile(r"\W*(?:and\s+)?(?:others|et\s+al)\W*", re.I)
_OTHERS_AT_END = re.compile(r"[,;\s]+(?:et\s+al\b\.?|and\s+others)\s*$", re.I)
_ORGANISATION = re.compile(
    r"\b(?i:academy|agency|association|board|bureau|cent(?:er|re)|clinic|college|collaborat\w*|commission|committee|"
    r"company|consortium|corporation|council|department|foundation|federation|group|hospital|inc|institut\w*|"
    r"investigators|laborator\w*|league|ltd|ministry|network|office|organi[sz]ation|panel|project|registry|school|"
    r"service|society|study|task|team|trial\w*|union|universit\w*|asociación|associació|departamento|fundación|"
    r"fundació|grupo|grup|hôpital|ministerio|organización|organització|sociedad|societat|société|gesellschaft|"
    r"universidad|universitat|université|università|soc)\b|\b(?:of|for|the|on)\b"
)
_PARTICLES = set(
    "van von der den de del della di da do dos das du la las le los el ter ten te zu zur af av"
    " bin ibn".split()
)
# The same in capitals before a family name: “Yves Le Goff”, “Anna De Luca”, “Le Corbusier”.
_LEADING = {"Le", "La", "De", "Del", "Della", "Di", "Du", "Dos", "Von", "Van", "Der", "Den"}
_ALWAYS_LEADING = {"Le", "La", "De", "Del", "Della", "Von"}  # nobody is called so first
# No person's name is longer.
LONGEST = 500
# What joins the two family names of one person in Spanish, Catalan and Portuguese.
_JOINS = {"i", "y", "e"}
# Places that stand at the end of an organisation's name and are no initials.
_PLACES = {"UK", "US", "USA", "EU", "UN", "GB"}
_UPPER = r"[^\W\d_a-zß-öø-ÿ]"
_SHORTENED = r"(?:Chr|Ch|Th|Ph|Yu|Ya|Ye|Yo|Zh|Sh|Kh|Ts|Fr|Gy|Sz|Zs|Cs|Lj|Nj|Wm|St)\."
_DOTTED = re.compile(rf"-?(?:(?:{_UPPER}\.|{_SHORTENED})[-‐]?)+{_UPPER}?\.?")
_UNDOTTED = re.compile(rf"{_UPPER}(?:-{_UPPER}|{_UPPER}{{0,3}})")
_ONE = re.compile(rf"{_SHORTENED}|{_UPPER}")
_HAN = re.compile(r"[\u3400-\u9fff\uac00-\ud7af]{1,4}( [\u3400-\u9fff\uac00-\ud7af]{1,4})?")


def is_suffix(text: str) -> bool:
    return bool(_SUFFIX.fullmatch(text))


def people(text: str, role: str = "author") -> tuple[list[Name], bool]:
    """All names of a field, usually one, and whether “et al.” ends them: “Smith J, Doe B”, “Smith,
    J; Doe, B et al.”"""
    text = " ".join(text.split())
    if OTHERS.fullmatch(text):
        return [], True
    if text.endswith(","):
        return list(filter(None, [person(text, role)])), False
    others = _OTHERS_AT_END.search(text, max(len(text) - 40, 0))
    short = text[: others.start()] if others else text
    pieces = short.split(";") if ";" in short else _of_initials(short) or [short]
    found = [person(piece, role) for piece in pieces]
    return [name for name in found if name], short != text


def _of_initials(text):
    """The names of “Smith J, Doe BA and Li C”, where each of them ends in initials; else
    nothing."""
    pieces = re.split(r" and | & |,", text)
    pieces = [piece.strip() for piece in pieces if piece.strip()]
    return pieces if len(pieces) > 1 and all(map(ends_in_initials, pieces)) else []


def ends_in_initials(text: str) -> bool:
    """Whether a name without a comma is “Smith J” or “Doe B.A. Jr”."""
    return _family_first(text.split()) is not None


def person(text: str, role: str = "author", *, shortened: bool = False) -> Name | None:
    """One name, in whatever order; None if there is none.

    A comma at the very end marks an organisation, as EndNote has it. `shortened` says that a name
    without a comma is family and initials, as in MEDLINE's AU.
    """
    text = " ".join(text.split())
    if not text.strip(" ,;.") or OTHERS.fullmatch(text):
        return None
    if text.endswith(","):
        return Name(text.removesuffix(",").rstrip(), literal=True, role=role)
    if len(text) > LONGEST:
        return Name(text, literal=True, role=role)
    return _read(text, role, shortened)


@lru_cache(maxsize=8192)  # who writes one work mostly writes another one of the file
def _read(text, role, shortened):
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 1:
        return tidied(_without_comma(text, role, shortened))
    if len(parts) > 3 or not parts[0] or _is_organisation(parts[0]):
        return Name(text.strip(", "), literal=True, role=role)
    family, given, suffix = (*parts, "")[:3]
    if is_suffix(given) and not is_suffix(suffix):
        given, suffix = suffix, given
    if not given and (found := _family_first(family.split())):
        family, given, _none = found
    return tidied(Name(family, given, suffix, role=role))


def _is_organisation(family):
    """Whether what stands before a comma is no family name: “Institute for Back Research”."""
    return " " in family and _ORGANISATION.search(family) is not None


def _without_comma(text, role, shortened):
    words = text.split()
    if len(words) == 1 and text.isupper() and text.isalpha() and 2 < len(text) < 7:
        return Name(text, literal=True, role=role)  # “WHO”, “EULAR”: a person has a given name too
    if len(words) == 1 or _HAN.fullmatch(text):
        return Name(words[0], " ".join(words[1:]), role=role)
    if shortened and (found := _family_first(words)):
        return Name(*found, role=role)
    if (
        _ORGANISATION.search(text)
        or words[-1] in _PLACES
        or (_is_acronym(words[0]) and not shortened)
    ):
        return Name(text, literal=True, role=role)
    if found := _family_first(words):
        return Name(*found, role=role)
    if shortened:
        return Name(text, role=role)
    if len(words) > 5 and _PARTICLES.isdisjoint(words):
        return Name(text, literal=True, role=role)
    return natural(text, role)


def _is_acronym(word):
    """“NHS England”, “MRC CTU”: what begins so is nobody's name."""
    return word in _PLACES or (
        len(word) > 2 and word.isupper() and not re.search(r"[AEIOUYÁÉÍÓÚÀÈÒÄÖÜ.'’-]", word)
    )


def _family_first(words):
    """`(family, given, suffix)` of words that end in initials, else None: “van der Berg J.-P.”,
    “Smith JA Jr”."""
    words, suffix, after = list(words), "", []
    while len(words) > 2 and words[-1] in _PARTICLES:
        after.insert(0, words.pop())
    if len(words) > 2 and is_suffix(words[-1]):
        suffix = words.pop()
    given = []
    while len(words) > 1 and _is_initials(words[-1], more=bool(given)):
        given.insert(0, words.pop())
    if given and not suffix and len(words) > 1 and is_suffix(words[-1]):
        suffix = words.pop()
    family = " ".join([*after, *words])
    return (family, " ".join(given), suffix) if given and not _DOTTED.fullmatch(family) else None


def _is_initials(word, more=False):
    """Of several words at the end, all but the last are one letter each or have dots."""
    found = _DOTTED.fullmatch(word) or ((len(word) == 1 or not more) and _UNDOTTED.fullmatch(word))
    return bool(found) and all(one[0].isupper() for one in _ONE.findall(word))


def natural(text: str, role: str = "author") -> Name:
    """“Ludwig van Beethoven” → van Beethoven, Ludwig; “Nguyen Van Anh” → Nguyen, Van Anh."""
    first, *rest = text.split()
    ending = ""
    if len(rest) > 1 and is_suffix(rest[-1]):
        ending = rest.pop()
    if first[:1].islower() or not rest:
        return Name(" ".join([first, *rest]), suffix=ending, role=role)
    leads, doubtful = nameorder.family_first([first, *rest])
    if leads:
        return Name(first, " ".join(rest), ending, role=role, doubtful=doubtful)
    parts = bibtex_names.parse_single_name_into_parts(
        " ".join([first, *rest]).replace("{", "").replace("}", ""), strict=False
    )
    given, family = parts.first, parts.von + parts.last
    if given and given[-1] in _LEADING and not nameorder.is_east_asian(family[-1]):
        at = len(given) - 1
        while at > 1 and given[at - 1] in _LEADING:
            at -= 1
        if at or given[0] in _ALWAYS_LEADING:
            given, family = given[:at], given[at:] + family
    elif family and family[0] in _JOINS and len(given) > 1:
        at = len(given) - 1
        while at > 1 and given[at - 1] in _PARTICLES:
            at -= 1
        given, family = given[:at], given[at:] + family
    return Name(" ".join(family), " ".join(given), ending, role=role, doubtful=doubtful)


# The one form a person's name is kept in


def tidied(name: Name) -> Name:
    """The name with its initials as “J. A.”, its suffix apart, and no family name in capitals
    alone."""
    if name.literal:
        return name
    family, given, suffix = name.family, name.given, name.suffix
    before, _space, last = given.rpartition(" ")
    if before and not suffix and is_suffix(last):
        given, suffix = before.rstrip(","), last
    before, _space, last = family.rpartition(" ")
    if before and given and not suffix and is_suffix(last):
        family, suffix = before, last
    shouted = len(family) > 1 and family.isupper()
    dotted = _dotted(given, longest=2 if shouted else 3)
    if shouted:
        family, given = _cased(family), dotted or (_cased(given) if given.isupper() else given)
    return replace(name, family=family, given=dotted or given, suffix=suffix)


def _dotted(given, longest):
    """“JA”, “J.A.” and “J A” → “J. A.”, “J-P” → “J.-P.”; empty if these are no initials alone."""
    words = given.replace(". -", ".-").replace("‐", "-").split()
    if not words or not all(map(_is_initials, words)):
        return ""
    if any(len(word) > (longest if len(words) == 1 else 1) for word in words if word.isalpha()):
        return ""
    parts = [
        "-".join(
            " ".join(one if one.endswith(".") else f"{one}." for one in _ONE.findall(piece))
            for piece in word.split("-")
        )
        for word in words
    ]
    return " ".join(parts)


def _cased(text):
    """“O'NEILL DE LA CRUZ” → “O'Neill de la Cruz”."""
    words = []
    for word in text.split():
        low = word.casefold()
        small = low in _PARTICLES | _JOINS and (low != "la" or words)
        words.append(low if small else re.sub(r"(?:\bMC(?=\w{3}))?[^\W\d_]+", _capital, word))
    return " ".join(words)


def _capital(found):
    word = found[0]
    return (
        f"Mc{word[2:].capitalize()}"
        if word.startswith("MC") and len(word) > 4
        else word.capitalize()
    )


def initials(given: str) -> str:
    """“William S. C.” → “WSC”; “Jean-Paul” → “JP”."""
    return "".join(
        word[0].upper() for word in re.split(r"[\s.‐-]+", given) if word and word[0].isalpha()
    )


def comma_form(name: Name) -> str:
    """“Family, Given, Suffix”; an organisation ends in a comma."""
    if name.literal:
        return name.family + ","
    if name.suffix:
        return f"{name.family}, {name.given}, {name.suffix}"
    return f"{name.family}, {name.given}" if name.given else name.family
