"""What surrounds a chapter, and what is placed in it, for showing."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice, takewhile

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    Max,
    Min,
    OuterRef,
    Q,
)

from publishing.compiled import Compiled, of_fields
from publishing.http import parts
from references.models import IN_LISTS, Notes, Reference

from .models import Chapter, Placement

LISTED = (
    "parent_id", "section", "order", "number", "depth", "path", "title", "summary",
    "language", "state", "first_published", "updated", "reviewed", "translation_of_id", "words",
)  # fmt: skip

NAMED = ("number", "order", "path", "title", "language")
# What the label of a work is made of.
LABELLED = (
    "citekey", "families", "container_short", "genre", "title", "original_title",
    "translated_title", "year", "month", "day", "year_approximate", "season", "until",
)  # fmt: skip


def tree():
    """Every public chapter in reading order, without its text: `Chapter.objects.published()`, read
    in one go. The database would look above each chapter among all."""
    seen = ExpressionWrapper(Q(Chapter.public_q()), output_field=BooleanField())
    shown, hidden = [], None
    for chapter in Chapter.objects.annotate(seen=seen).only(*LISTED).order_by("order"):
        if hidden is not None and chapter.order.startswith(hidden):
            continue  # below one that nobody sees
        if chapter.seen:
            shown.append(chapter)
        else:
            hidden = chapter.order
    return shown


class Tree:
    """Chapters in reading order, every one of them, and where each stands among them."""

    def __init__(self, chapters):
        self.chapters = chapters
        self.by_id = {each.pk: each for each in chapters}
        self.versions = {}
        for each in chapters:
            self.versions.setdefault(each.group, []).append(each)
        self._readings = {}

    def reading(self, language):
        """`in_language`, and the place of each chapter in it by id."""
        if language not in self._readings:
            chapters = in_language(self.chapters, language)
            self._readings[language] = chapters, _places(chapters)
        return self._readings[language]

    @cached_property
    def places(self):
        return _places(self.chapters)


def _places(chapters):
    return {each.pk: place for place, each in enumerate(chapters)}


def shown_tree():
    """Of all public chapters, for showing: not to be changed."""
    return parts.kept(("tree",), lambda: Tree(tree()))


def in_language(chapters, language):
    """Each text once: in `language` where it is translated, else as it was written. A translation
    stands in its original's place."""
    versions = {}
    for chapter in chapters:
        versions.setdefault(chapter.group, {})[chapter.language] = chapter
    shown, found = set(), []
    for chapter in chapters:
        of_it = versions[chapter.group]
        original = next((each for each in of_it.values() if not each.translation_of_id), chapter)
        if chapter.group in shown or chapter is not original:
            continue
        shown.add(chapter.group)
        found.append(of_it.get(language, original))
    return found


def levels(chapters, most):
    """Of `chapters` as many levels as make no more than `most`, at least the first; each knows how
    many stand in it that are left out, as `left_out`."""
    at = Counter(chapter.depth for chapter in chapters)
    deepest, lines = 0, at[0]
    while at[deepest + 1] and lines + at[deepest + 1] <= most:
        deepest += 1
        lines += at[deepest]
    shown = []
    for chapter in chapters:
        chapter.left_out = 0
        if chapter.depth <= deepest:
            shown.append(chapter)
        elif shown:
            shown[-1].left_out += 1
    return shown


@dataclass
class Contents:
    """The lines of the contents in one language, how many chapters there are in each state, and
    which of them are in that language where some are not."""

    lines: list
    states: Counter
    in_language: list
    in_others: int


def contents(language, most):
    """The `Contents` for showing: not to be changed."""
    return parts.kept(("contents", language, most), lambda: _contents(language, most))


def _contents(language, most):
    chapters = in_language(tree(), language)
    lines, counts = levels(chapters, most), placement_counts()
    for chapter in lines:
        chapter.placement_count = counts.get(chapter.pk)
    states = Counter(chapter.state for chapter in chapters)
    return Contents(lines, states, *spoken(chapters, language).values())


def spoken(chapters, language):
    """For a list under menus that may speak another language than its texts: how many do, and
    which."""
    here = [chapter for chapter in chapters if chapter.language == language]
    others = len(chapters) - len(here)
    return {"in_language": here if others else [], "in_others": others}


@dataclass
class Surroundings:
    """The chapters above one, beside it, below it, and the two one turns to."""

    above: list = field(default_factory=list)
    beside: list = field(default_factory=list)
    below: list = field(default_factory=list)
    previous: Chapter | None = None
    next: Chapter | None = None
    # The next one that is written.
    read_next: Chapter | None = None
    # Deeper than what stands in it, and not finished.
    to_come: list = field(default_factory=list)
    translations: list = field(default_factory=list)
    original: Chapter | None = None

    @property
    def onward(self):
        """Where one reads on: the next that is written, else the next there is."""
        return self.read_next or self.next


def surroundings(chapter, tree):
    """The `Surroundings` of a chapter in the `Tree` of all that readers see."""
    # One reads on in one's own language; other versions of a text are no chapters beside it.
    reading, places = tree.reading(chapter.language)
    if chapter.pk not in places:
        reading, places = tree.chapters, tree.places
    index = places[chapter.pk]
    found = Surroundings(
        beside=[
            each
            for each in reading
            if each.parent_id == chapter.parent_id and each.section == chapter.section
        ],
        below=[each for each in reading if each.parent_id == chapter.pk],
        previous=reading[index - 1] if index else None,
        next=reading[index + 1] if index + 1 < len(reading) else None,
        read_next=next((each for each in islice(reading, index + 1, None) if each.words), None),
        to_come=[
            each
            for each in _within(chapter, tree)
            if each.depth > chapter.depth + 1 and (each.planned or each.under_construction)
        ],
        translations=[each for each in tree.versions[chapter.group] if each.pk != chapter.pk],
        original=tree.by_id.get(chapter.translation_of_id),
    )
    parent = tree.by_id.get(chapter.parent_id)
    while parent is not None:
        found.above.insert(0, parent)
        parent = tree.by_id.get(parent.parent_id)
    return found


def _within(chapter, tree):
    """The chapters below one, however deep, which follow it in reading order."""
    after = islice(tree.chapters, tree.places[chapter.pk] + 1, None)
    return takewhile(lambda each: each.order.startswith(chapter.order), after)


@dataclass
class PlacementCount:
    """“24 articles, 1935–1968, notes written for 7”."""

    count: int = 0
    articles: bool = True
    first: int | None = None
    last: int | None = None
    noted: int = 0


def placement_counts():
    """`{chapter id: PlacementCount}` of every chapter that has references placed in it."""
    rows = Placement.objects.order_by().values("chapter_id").annotate(
        count=Count("pk"),
        others=Count("pk", filter=~Q(reference__type__startswith="article")),
        first=Min("reference__year"),
        last=Max("reference__year"),
        noted=Count("pk", filter=Q(reference__notes__in=Notes.objects.published())),
    )  # fmt: skip
    return {
        row["chapter_id"]: PlacementCount(
            row["count"], not row["others"], row["first"], row["last"], row["noted"]
        )
        for row in rows
    }


def placed(chapter):
    """`(placements in order, their PlacementCount)`; each knows whether it is of the year before
    it."""
    rows = _in_order(_placements(chapter.pk))
    return rows, _tally(rows)


def arranged(placements):
    """The same of placements in hand, which may not be stored yet."""
    noted = set(Notes.objects.published().values_list("reference_id", flat=True))
    last = float("inf")
    rows = sorted(
        placements,
        key=lambda row: (
            last if row.position is None else row.position,
            last if row.reference.year is None else row.reference.year,
            row.reference.sort_key,
            row.pk or last,
        ),
    )
    previous = None
    for row in rows:
        row.has_notes = row.reference_id in noted
        row.same_year = (
            previous is not None and row.reference.year == previous.reference.year is not None
        )
        previous = row
    return rows, _tally(rows)


def placed_in(chapters):
    """`{chapter id: what placed() gives}` of several chapters at once."""
    found = {chapter.pk: [] for chapter in chapters}
    for row in _with_works(Placement.objects.filter(chapter__in=found)):
        found[row.chapter_id].append(row)
    return {pk: (_in_order(rows), _tally(rows)) for pk, rows in found.items()}


def _with_works(placements):
    noted = Notes.objects.published().filter(reference=OuterRef("reference"))
    return placements.select_related("reference").annotate(has_notes=Exists(noted))


@Compiled
def _placements(chapter):
    rows = _with_works(Placement.objects.filter(chapter_id=chapter))
    listed = [f"reference__{name}" for name in IN_LISTS]
    return rows.only("chapter_id", "reference_id", "position", "remark", *listed)


def _in_order(rows):
    previous = None
    for row in rows:
        row.same_year = (
            previous is not None and row.reference.year == previous.reference.year is not None
        )
        previous = row
    return rows


def _tally(rows):
    years = [row.reference.year for row in rows if row.reference.year is not None]
    return PlacementCount(
        count=len(rows),
        articles=all(row.reference.type.startswith("article") for row in rows),
        first=min(years, default=None),
        last=max(years, default=None),
        noted=sum(row.has_notes for row in rows),
    )


@dataclass
class Listing:
    """A chapter that lists a work, and the works beside it there."""

    chapter: Chapter
    cites: bool = False
    earlier: Reference | None = None
    later: Reference | None = None


def listing(reference, citing=()):
    """A `Listing` for each public chapter that lists a work, in the order of the review. One
    query."""
    chapters = {}
    for row in _lists_with(reference.pk):
        chapters.setdefault(row[0], []).append(row)
    found = []
    for rows in chapters.values():
        chapter = dict(zip(NAMED, rows[0][2:], strict=False))
        chapter = of_fields(Chapter, {"id": rows[0][0], **chapter})
        beside = (_labelled(row) if row else None for row in _beside(rows, reference.pk))
        found.append(Listing(chapter, chapter in citing, *beside))
    return sorted(found, key=lambda listing: listing.chapter.order)


@Compiled
def _lists_with(work):
    """Everything that stands in those chapters, with what names it: as plain values, for most of it
    is not shown."""
    here = Chapter.objects.published().filter(placements__reference_id=work)
    rows = Placement.objects.filter(chapter__in=here.order_by())
    named = [f"chapter__{name}" for name in NAMED] + [f"reference__{name}" for name in LABELLED]
    return rows.values_list("chapter_id", "reference_id", *named)


def _labelled(row):
    values = zip(LABELLED, row[2 + len(NAMED) :], strict=True)
    return of_fields(Reference, {"id": row[1], **dict(values)})


def _beside(rows, work):
    index = [row[1] for row in rows].index(work)
    return (rows[index - 1] if index else None), (
        rows[index + 1] if index + 1 < len(rows) else None
    )
