"""One CSL item, read defensively: nothing in it may break a citation."""

import re
from dataclasses import dataclass, field
from typing import Any

from .typography import Typography, printable

# A record as CSL JSON has it.
Record = dict[str, Any]

NAME_VARIABLES = frozenset(
    "author chair collection-editor compiler composer container-author contributor curator director"
    " editor editor-translator editorial-director executive-producer guest host illustrator"
    " interviewer narrator organizer original-author performer producer recipient reviewed-author"
    " script-writer series-creator translator".split()
)
DATE_VARIABLES = frozenset(
    "accessed available-date event-date issued original-date submitted".split()
)
VERBATIM = frozenset(("URL", "DOI", "PMID", "PMCID", "ISBN", "ISSN"))
SHORT = {
    "container-title": ("container-title-short", "journalAbbreviation"),
    "title": ("title-short", "shortTitle"),
}
OLD_NAMES = {"archive-location": "archive_location", "archive-collection": "archive_collection"}


@dataclass(frozen=True)
class Day:
    year: int
    month: int = 0
    day: int = 0
    season: int = 0


@dataclass(frozen=True)
class Date:
    first: Day | None = None
    last: Day | None = None
    words: str = ""
    circa: bool = False


@dataclass(frozen=True)
class Name:
    family: str = ""
    given: str = ""
    dropping: str = ""
    particle: str = ""
    suffix: str = ""
    comma_suffix: bool = False
    literal: str = ""


def _whole(value: object) -> int | None:
    try:
        return int(str(value).strip())
    except ValueError:
        return None


def _day(parts: object, season: int = 0) -> Day | None:
    numbers = [_whole(part) for part in parts[:3]] if isinstance(parts, list | tuple) else []
    if not numbers or not numbers[0]:
        return None
    year, (month, day) = numbers[0], [*numbers[1:], None, None][:2]
    if month and 13 <= month <= 24:
        season, month = (month - 1) % 4 + 1, None
    month = month if month and 1 <= month <= 12 else 0
    return Day(year, month, day if month and day and 1 <= day <= 31 else 0, 0 if month else season)


def date(value: object) -> Date | None:
    """The date of a CSL field, or None where it holds nothing usable (`date-parts: [[null]]` is
    common)."""
    if not isinstance(value, dict):
        return None
    season = _whole(value.get("season")) or 0
    season = (season - 1) % 4 + 1 if 1 <= season <= 24 else 0
    parts = value.get("date-parts")
    days = (
        [day for day in (_day(part, season) for part in parts[:2]) if day]
        if isinstance(parts, list)
        else []
    )
    words = _text(value.get("literal") or value.get("raw"))
    circa = value.get("circa") not in (None, False, 0, "", "0", "false")
    if not days and re.fullmatch(r"-?\d{1,4}", words):
        days = [Day(int(words))]
    if not days:
        return Date(words=words, circa=circa) if words else None
    return Date(days[0], days[1] if len(days) == 2 and days[1] != days[0] else None, circa=circa)


def _text(value: object) -> str:
    return (
        printable(str(value))
        if isinstance(value, str | int | float) and not isinstance(value, bool)
        else ""
    )


def name(value: object) -> Name | None:
    if not isinstance(value, dict):
        return None
    literal, family, given = (_text(value.get(key)) for key in ("literal", "family", "given"))
    if literal or not family:
        return Name(literal=literal or given) if literal or given else None
    return Name(
        family,
        given,
        _text(value.get("dropping-particle")),
        _text(value.get("non-dropping-particle")),
        _text(value.get("suffix")),
        bool(value.get("comma-suffix")),
    )


@dataclass
class Item:
    """What a style asks of a record. Fields are turned into typographic text once, when first asked
    for."""

    raw: Record
    typography: Typography
    kept: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.type = self.raw.get("type") if isinstance(self.raw.get("type"), str) else "document"
        self.language = _text(self.raw.get("language")).lower()

    def has(self, variable: str) -> bool:
        if variable in NAME_VARIABLES:
            return bool(self.names(variable))
        if variable in DATE_VARIABLES:
            return self.date(variable) is not None
        return bool(self.text(variable))

    def text(self, variable: str, short: bool = False) -> str:
        names = (*SHORT[variable], variable) if short and variable in SHORT else (variable,)
        return next((text for text in map(self._field, names) if text), "")

    def _field(self, variable: str) -> str:
        if variable not in self.kept:
            value = _text(self.raw.get(variable, self.raw.get(OLD_NAMES.get(variable, variable))))
            if variable == "page-first":
                value = re.split(r"[–—,&-]", _text(self.raw.get("page")))[0].strip()
            self.kept[variable] = value if variable in VERBATIM else self.typography.field(value)
        return self.kept[variable]

    def names(self, variable: str) -> list[Name]:
        if variable not in self.kept:
            values = self.raw.get(variable)
            self.kept[variable] = (
                [person for person in map(name, values) if person]
                if isinstance(values, list)
                else []
            )
        return self.kept[variable]

    def date(self, variable: str) -> Date | None:
        if variable not in self.kept:
            self.kept[variable] = date(self.raw.get(variable))
        return self.kept[variable]
