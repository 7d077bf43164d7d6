"""Which results come first, the same on both databases: how well each part of a query is held, by
what kind of page.

A part of the query (a group) may be held in several ways: as it was typed, or as something that
stands for it. For each way the database says where: in the title, at the head of the page
(headings, summary, authors), anywhere.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations, groupby
from typing import NamedTuple

from .query import Branch, Query
from .words import STOPWORDS, cut, shortened

# Title, head, text. A chapter that is about it comes before works, an answered question before
# names; what holds it in passing comes after.
WORTH = {
    "keptanswer": (130, 120, 110),
    "inshort": (110, 95, 65),
    "chapter": (100, 90, 40),
    "person": (85, 20, 10),
    "post": (80, 70, 38),
    "reference": (76, 72, 35),
    "question": (60, 60, 58),
    "name": (50, 25, 20),
    "comment": (15, 15, 15),
}
OTHER = WORTH["chapter"]
NEARNESS = (1.0, 0.65, 0.6, 0.56, 0.53, 0.5)
# To hold what was typed is more than to hold what stands for it.
SAID = 22
EXACTLY = 5
# So many parts of a query are looked at one by one.
MOST = 6
LEVELS = ("title", "head", "text")


@dataclass(frozen=True)
class Way:
    """One way to hold one group of a query: some of its branches, all equally near."""

    group: int
    far: int
    branches: tuple[Branch, ...]


class Row(NamedTuple):
    """One result; `missing`: the groups that it does not hold."""

    pk: int
    kind: str
    score: float = 0.0
    missing: tuple[int, ...] = ()
    # Among equals: in how many ways and places it holds the words, how short its title is.
    tie: tuple[int, int] = (0, 0)


def ways(query: Query) -> list[Way]:
    """The ways of the first groups of a query, as typed before what stands for it."""
    return [
        Way(index, far, tuple(branches))
        for index, group in enumerate(query.groups[:MOST])
        for far, branches in groupby(sorted(group, key=_far), key=_far)
    ]


def _far(branch: Branch) -> int:
    return min(max((term.far for term in branch), default=0), len(NEARNESS) - 1)


def scored(
    query: Query,
    asked: Sequence[Way],
    rows: Iterable[tuple[int, str, str, Sequence[bool]]],
    weights: Sequence[float] = (),
) -> list[Row]:
    """`rows`: id, kind and title, and for each way whether it is in the title, at the head,
    anywhere. `weights`: how much each group says, if not the same."""
    weights = weights or [1.0] * len(query.groups[:MOST])
    whole, found = sum(weights) or 1, []
    typed = _bare(token for group in query.groups for term in group[0] for token in term.tokens)
    values = {kind: _values(asked, worth) for kind, worth in WORTH.items()}
    other = _values(asked, OTHER)
    for pk, kind, title, held in rows:
        best = [0.0] * len(weights)
        for group, at, in_title, at_head, in_text in values.get(kind, other):
            value = (
                in_title
                if held[at]
                else at_head
                if held[at + 1]
                else in_text
                if held[at + 2]
                else 0.0
            )
            if value > best[group]:
                best[group] = value
        total = sum(each * weight for each, weight in zip(best, weights, strict=True)) / whole
        missing = tuple(group for group, value in enumerate(best) if not value)
        if not missing and kind not in ("comment", "question") and _bare_title(title) == typed:
            total += EXACTLY  # it says what was typed and nothing more
        tie = (-sum(held), len(title))
        found.append(Row(pk, kind, round(total, 6), missing, tie))
    return found


def _values(
    asked: Sequence[Way], worth: Sequence[int]
) -> list[tuple[int, int, float, float, float]]:
    """Of each way: its group, where its flags begin, what it is worth at each level."""
    found = []
    for index, way in enumerate(asked):
        said = 0 if way.far else SAID
        title, head, text = (each * NEARNESS[way.far] + said for each in worth)
        found.append((way.group, index * len(LEVELS), title, head, text))
    return found


@lru_cache(maxsize=5_000)
def _bare_title(title: str) -> str:
    return _bare(cut(title))


def _bare(words: Iterable[str]) -> str:
    """Without endings, small words, and what is between words."""
    return "".join(shortened(word) for word in words if word not in STOPWORDS)


def order(rows: Sequence[Row], first: Collection[int] = ()) -> list[Row]:
    """Who holds everything before who does not, those in `first` before the others."""
    return sorted(
        rows,
        key=lambda row: (bool(row.missing), row.pk not in first, -row.score, row.tie, -row.pk),
    )


def most(groups: Sequence[object], least: int) -> list[tuple[int, ...]]:
    """Which of the groups are enough, if `least` of them are."""
    return list(combinations(range(len(groups)), min(least, len(groups))))


def said(query: Query, group: int) -> str:
    """A group in the words typed."""
    return " ".join(token for term in query.groups[group][0] for token in term.tokens)


def only(query: Query, kept: Sequence[int]) -> Query:
    return replace(query, groups=tuple(query.groups[index] for index in kept))
