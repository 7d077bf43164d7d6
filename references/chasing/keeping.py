"""What an index says of one seed is kept: each work once, whichever numbers it comes with, and that
it cites the seed or is cited by it."""

from dataclasses import asdict, dataclass, field

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from ..models import Candidate, CitationFound, SearchRun
from ..searching import deduplicating
from ..searching.keeping import MOST_WARNINGS

KINDS = ("doi", "pmid", "openalex")
ROWS = 500
# Of two rows that turn out to be one work, what she did about either holds.
MOVED = ("state", "reason", "reference", "hit", "verdict", "why")


def keep(run, seed, answer, cursor):
    """Write an `Answer` and move the run on to `cursor`; nothing if another worker was first."""

    def keep_it(found):
        if move(run, cursor, counted=answer.counted, fetched=len(answer.works),
                warnings=answer.warnings, again=found.again):  # fmt: skip
            _write(found)

    deduplicating.settle(lambda: _compared(run, seed, answer.works), keep_it)


def move(run, cursor, *, counted=0, fetched=0, again=0, warnings=(), **values):
    """Move a run on from where it stood; gives whether it still stood there."""
    here = SearchRun.objects.filter(pk=run.pk, cursor=run.cursor, state__in=SearchRun.OPEN)
    return here.update(
        **{
            "cursor": cursor,
            "counted": F("counted") + counted,
            "fetched": F("fetched") + fetched,
            "again": F("again") + again,
            "warnings": [*run.warnings, *warnings][:MOST_WARNINGS],
            "state": SearchRun.State.RUNNING,
            "error": "",
            "tries": 0,
            **values,
        }
    )


@dataclass
class Compared:
    """Rows to be made and changed; `joined`: pairs of rows that are one work, the second stays;
    `citations`: `(row, cites_seed)`; `again`: how many this index had said before."""

    seed: object
    source: str
    new: list = field(default_factory=list)
    changed: dict = field(default_factory=dict)
    joined: list = field(default_factory=list)
    citations: list = field(default_factory=list)
    again: int = 0


def _compared(run, seed, works):
    found = Compared(seed, run.source)
    rows = _Rows(works)
    said = set(
        CitationFound.objects.filter(seed=seed, source=run.source).values_list(
            "candidate", "cites_seed"
        )
    )
    for work in works:
        if _is_seed(work, seed):
            continue
        row = rows.of(work, found)
        if row is None:
            row = Candidate()
            found.new.append(row)
        rows.fill(row, work, found)
        found.again += (row.pk, work.cites_seed) in said
        found.citations.append((row, work.cites_seed))
    return found


def _is_seed(work, seed):
    return any(getattr(seed, kind) and work.numbers.get(kind) == getattr(seed, kind)
               for kind in ("doi", "pmid"))  # fmt: skip


class _Rows:
    """Candidates by their numbers, as they are and as these works make them."""

    def __init__(self, works):
        wanted = Q(pk=None)
        for kind in KINDS:
            values = {work.numbers[kind] for work in works if kind in work.numbers}
            wanted |= Q(**{f"{kind}__in": values})
        self.by = {}
        for row in Candidate.objects.filter(wanted):
            self._enter(row)

    def _enter(self, row):
        for kind in KINDS:
            if getattr(row, kind):
                self.by[kind, getattr(row, kind)] = row

    def of(self, work, found):
        """The row of a work, or None; others that turn out to be the same work are joined."""
        rows = [self.by.get(item) for item in work.numbers.items()]
        rows = list({id(row): row for row in rows if row is not None}.values())
        if not rows:
            return None
        first, *others = sorted(rows, key=lambda row: (row.pk is None, row.pk or 0))
        for other in others:
            if not contradict(first, other):
                self._join(other, first, found)
        return first

    def _join(self, gone, kept, found):
        for kind in KINDS:
            setattr(kept, kind, getattr(kept, kind) or getattr(gone, kind))
        take_over(gone, kept)
        self._enter(kept)
        found.citations = [(kept if row is gone else row, way) for row, way in found.citations]
        if gone.pk is None:
            found.new.remove(gone)
        else:
            found.joined.append((gone, kept))
            found.changed.pop(gone.pk, None)
        if kept.pk is not None:
            found.changed[kept.pk] = kept

    def fill(self, row, work, found):
        """What the row lacks. A number that is another row's stays there."""
        before = [getattr(row, name) for name in (*KINDS, "title")]
        for kind, value in work.numbers.items():
            if not getattr(row, kind) and (kind, value) not in self.by:
                setattr(row, kind, value)
        if work.record is not None and not row.data:
            describe(row, work.record)
        self._enter(row)
        if row.pk is not None and before != [getattr(row, name) for name in (*KINDS, "title")]:
            found.changed[row.pk] = row


def describe(row, record):
    """Keep what is known of a work; not its abstract, which may be under copyright."""
    record.abstract = ""
    row.data = asdict(record)
    row.title = record.title or record.original_title or record.translated_title
    row.year = record.year


def contradict(one, other):
    return any(
        getattr(one, kind) and getattr(other, kind) and getattr(one, kind) != getattr(other, kind)
        for kind in KINDS[:2]
    )


def take_over(gone, kept):
    if kept.state == Candidate.State.OFFERED and gone.state != Candidate.State.OFFERED:
        for name in MOVED:
            setattr(kept, name, getattr(gone, name))
    if not kept.data and gone.data:
        kept.data, kept.title, kept.year = gone.data, gone.title, gone.year


def _write(found):
    """In this order, for a number belongs to one row at a time."""
    for gone, kept in found.joined:
        if kept.pk is not None:
            join(gone, kept)
    changed = list(found.changed.values())
    fields = [*KINDS, "title", "year", "data", *MOVED]
    Candidate.objects.bulk_update(changed, fields, batch_size=ROWS)
    Candidate.objects.bulk_create(found.new, batch_size=ROWS)
    CitationFound.objects.bulk_create(
        (
            CitationFound(
                candidate=row, seed=found.seed, cites_seed=cites_seed, source=found.source
            )
            for row, cites_seed in found.citations
        ),
        batch_size=ROWS,
        ignore_conflicts=True,
    )
    weigh({row.pk for row, _way in found.citations})


def join(gone, kept):
    """Two rows are one work: what is known of the one is of the other, and it goes."""
    same = CitationFound.objects.filter(
        candidate=kept,
        seed=OuterRef("seed"),
        cites_seed=OuterRef("cites_seed"),
        source=OuterRef("source"),
    )
    mine = CitationFound.objects.filter(candidate=gone).annotate(twice=Exists(same))
    moved = list(mine.filter(twice=False).values_list("pk", flat=True))
    CitationFound.objects.filter(pk__in=moved).update(candidate=kept)
    Candidate.objects.filter(pk=gone.pk).delete()


def weigh(numbers):
    """How many of her works each of these cites or is cited by."""
    seeds = CitationFound.objects.filter(candidate=OuterRef("pk")).order_by().values("candidate")
    count = Subquery(seeds.annotate(n=Count("seed", distinct=True)).values("n"))
    Candidate.objects.filter(pk__in=numbers).update(weight=Coalesce(count, 0))


def end(run):
    """The last step."""
    return move(run, "", state=SearchRun.State.DONE, ended=timezone.now())
