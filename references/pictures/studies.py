"""What the pictures show, taken from the facts of studies: no drawing here, and no number that is
not in the library."""

import re
from dataclasses import dataclass, field

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ..browsing import evidence
from ..browsing.facets import design_name
from ..models import StudyFacts
from ..models.evidence import RELIEF
from ..models.notices import Status
from ..vocabulary import STUDY_DESIGNS
from .proportions import wilson

# So many studies are drawn; beyond, nobody could tell the lines apart.
MOST = 300
OUTCOMES = ("relief", "recurrence", "outcome", "histology", "follow_up")
_ORDER = {design: place for place, design in enumerate(STUDY_DESIGNS)}
_AFTER_NUMBERS = re.compile(r"\d+ of \d+[\s,;:.–-]*")


@dataclass(frozen=True)
class Share:
    """One line of the forest: how many of how many, with the ends of its interval, 0 to 1."""

    work: object
    events: int
    total: int
    low: float
    high: float
    defined: str
    follow_up: str | None

    @property
    def share(self):
        return self.events / self.total


@dataclass(frozen=True)
class Cell:
    """How many studies of a design report an outcome, do not, or were not gone through for it."""

    given: int = 0
    silent: int = 0
    open: int = 0

    @property
    def all(self):
        return self.given + self.silent + self.open


@dataclass(frozen=True)
class Line:
    """The studies of one design by year."""

    design: str
    works: list

    @property
    def years(self):
        return [work.year for work in self.works]


@dataclass
class Pictures:
    shares: list = field(default_factory=list)  # (design, [Share])
    outcomes: list = field(default_factory=list)  # what the columns of the map are called
    map: list = field(default_factory=list)  # (design, [Cell])
    lines: list = field(default_factory=list)  # [Line]
    without_share: int = 0
    without_year: int = 0
    retracted: int = 0
    beyond: int = 0  # studies that are not drawn

    @property
    def total(self):
        return sum(len(line.works) for line in self.lines) + self.without_year


def pictures(chosen):
    """The `Pictures` of the studies of a `Selection`. One question to the database.

    What was retracted is counted and not drawn; a work without a design stands last.
    """
    works = evidence.rows(evidence.studies().filter(chosen.q())).order_by("year", "sort_key", "pk")
    works = list(works[: MOST + 1])
    drawn = [work for work in works[:MOST] if work.status != Status.RETRACTED]
    found = Pictures(
        outcomes=[capfirst(StudyFacts._meta.get_field(name).verbose_name) for name in OUTCOMES],
        retracted=len(works[:MOST]) - len(drawn),
        beyond=len(works) - len(works[:MOST]),
    )
    for design, group in _by_design(drawn):
        name = capfirst(design_name(design)) if design else _("Design not recorded")
        shares = [share for work in group if (share := _share(work))]
        found.without_share += len(group) - len(shares)
        if shares:
            found.shares.append((name, shares))
        found.map.append((name, [_cell(group, outcome) for outcome in OUTCOMES]))
        dated = [work for work in group if work.year is not None]
        found.without_year += len(group) - len(dated)
        if dated:
            found.lines.append(Line(name, dated))
    return found


def _by_design(works):
    groups = {}
    for work in works:
        groups.setdefault(work.study_design, []).append(work)
    last = len(_ORDER)
    return sorted(
        groups.items(), key=lambda each: (not each[0], _ORDER.get(each[0], last), each[0])
    )


def _share(work):
    facts = getattr(work, "facts", None)
    match = RELIEF.fullmatch(facts.relief or "") if facts else None
    if not match or not int(match[2]) or int(match[1]) > int(match[2]):
        return None
    events, total = int(match[1]), int(match[2])
    low, high = wilson(events, total)
    defined = _AFTER_NUMBERS.sub("", facts.relief, count=1).strip()
    return Share(work, events, total, low, high, defined or facts.outcome or "", facts.follow_up)


def _cell(works, outcome):
    values = [getattr(getattr(work, "facts", None), outcome, None) for work in works]
    return Cell(
        given=sum(bool(value) for value in values),
        silent=values.count(""),
        open=values.count(None),
    )
