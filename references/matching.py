"""When two records are one work, and in what they differ. No ORM here.

Identifiers say it for certain. Without them title, year and first author do, folded: accents, case
and punctuation aside. Works whose identifiers contradict each other are two works, however alike
they read.
"""

from dataclasses import dataclass
from hashlib import blake2b

from publishing.search.words import fold, tokens

from .formats.records import FIELDS, NO_TITLE

IDENTIFIERS = ("doi", "pmid", "pmcid")
# A short title alone (“Editorial”) says nothing.
LONG_TITLE = 25
ALIKE = 0.5
# Parts of a book that carry the ISBN of the whole.
PARTS = {
    "chapter",
    "paper-conference",
    "entry",
    "entry-dictionary",
    "entry-encyclopedia",
    "speech",
    "poster",
}
# What formats give a work of which they do not say the kind.
UNKNOWN_KIND = "document"
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i"}
)
# The citekey is a record's name in its own file; it is never brought over another.
COMPARED = [*(name for name in FIELDS if name != "citekey"), "names", "tags"]


def folded(text):
    """“Lagèze, P.: «Étude»” → “lagezepetude”."""
    return "".join(tokens(fold(text).translate(_LETTERS)))


def match_key(titles, year, family):
    """What title, year and first author come to, short enough for an index; empty if they say too
    little."""
    title = next(
        (found for found in (folded(title) for title in titles if title != NO_TITLE) if found), ""
    )
    if not title or (year is None and not family and len(title) < LONG_TITLE):
        return ""
    return blake2b(f"{title}|{year or ''}|{folded(family)}".encode(), digest_size=16).hexdigest()


def key_of(record):
    first = {name.role: name.family for name in reversed(record.names)}
    titles = (record.title, record.original_title, record.translated_title)
    return match_key(titles, record.year, first.get("author") or first.get("editor") or "")


def isbns(record):
    """The ISBN of a whole book in both its forms, the one of 13 digits first."""
    isbn = record.isbn
    if not isbn or record.type in PARTS:
        return []
    core = isbn[3:12] if len(isbn) == 13 else isbn[:9]
    if len(isbn) == 13 and not isbn.startswith("978"):
        return [isbn]
    return [f"978{core}{_check13('978' + core)}", core + _check10(core)]


def _check13(digits):
    return str(
        -sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10
    )


def _check10(digits):
    rest = -sum(int(digit) * (10 - place) for place, digit in enumerate(digits)) % 11
    return "X" if rest == 10 else str(rest)


def contradict(ours, theirs):
    """Whether something that identifies a work is given for both and is not the same."""
    for name in IDENTIFIERS:
        if (
            getattr(ours, name)
            and getattr(theirs, name)
            and getattr(ours, name) != getattr(theirs, name)
        ):
            return True
    one, other = isbns(ours), isbns(theirs)
    if one and other and one[0] != other[0]:
        return True
    return _differ(ours.volume, theirs.volume) and _differ(_first_page(ours), _first_page(theirs))


def same_volume(ours, theirs):
    """An ISBN may stand for all volumes of a work."""
    return not _differ(ours.volume, theirs.volume)


def _title(record):
    title = "" if record.title == NO_TITLE else record.title
    return title or record.original_title or record.translated_title


def titled_alike(ours, theirs):
    """Whether half of the words of the titles are the same, or one of them is not known."""
    one, other = (set(tokens(_title(record))) for record in (ours, theirs))
    return not one or not other or len(one & other) >= ALIKE * len(one | other)


def _first_page(record):
    return record.pages.partition("-")[0]


def _differ(one, other):
    return bool(one and other) and folded(one) != folded(other)


@dataclass(frozen=True)
class Difference:
    """One field in which a record says something else than the library, or something the library
    leaves open."""

    field: str
    ours: object
    theirs: object

    @property
    def fills(self):
        return self.ours in ("", None, False, [], NO_TITLE)


def differences(ours, theirs):
    """What `theirs` says and `ours` does not, in the order of the fields. What theirs leaves open
    is no difference."""
    found = []
    for name in COMPARED:
        one, other = getattr(ours, name), getattr(theirs, name)
        if (name == "type" and other == UNKNOWN_KIND) or (name == "title" and other == NO_TITLE):
            continue
        if name == "private_note" and one:
            continue  # hers by now
        if name == "tags":
            known = {fold(tag) for tag in one}
            if all(fold(tag) in known for tag in other):
                continue
        if other not in ("", None, False, []) and one != other:
            found.append(Difference(name, one, other))
    return found
