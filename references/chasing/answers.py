"""What both indexes give: works that cite a seed or that it cites, as plain records."""

from dataclasses import dataclass, field

from .. import identifiers
from ..formats.records import Record

# Of one work in one direction: what more works cite is cited by nearly everybody.
MOST_OF_ONE = 2000
LONGEST = {"doi": 300, "pmid": 10, "openalex": 20}


@dataclass
class Cited:
    """One work: the numbers it has, `record` where the index describes it."""

    cites_seed: bool
    numbers: dict[str, str]  # doi, pmid, openalex; those it has
    record: Record | None = None


@dataclass
class Answer:
    """`mark`: where to go on with this seed, empty at the end; `counted`: how many the index has,
    said once for each direction."""

    works: list[Cited] = field(default_factory=list)
    mark: str = ""
    counted: int = 0
    warnings: list[str] = field(default_factory=list)


def number(kind, text):
    """A number in its one form; empty for what is none."""
    text = str(text or "").strip()
    try:
        found = getattr(identifiers, kind)(text)
    except identifiers.BadIdentifier:
        return ""
    return found if len(found) <= LONGEST[kind] else ""


def openalex_id(text):
    """“https://openalex.org/W123” → “W123”."""
    found = str(text or "").strip().rpartition("/")[2].upper()
    fits = found[:1] == "W" and found[1:].isascii() and found[1:].isdigit()
    return found if fits and len(found) <= LONGEST["openalex"] else ""
