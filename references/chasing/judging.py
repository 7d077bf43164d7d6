"""What the works found are: new, in the library, found before whatever became of that, or another
of their own. The same verdicts as of any record found; docs/adr/0020."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from .. import matching
from ..models import Candidate, CandidateKey, CitationFound, Cites, Hit, Reference
from ..searching import deduplicating
from ..searching.deduplicating import Known
from . import keeping, openalex, opencitations

State, Verdict = Candidate.State, Hit.Verdict
LABELS = {each.SOURCE: each.LABEL for each in (openalex, opencitations)}
CHANGED = ("state", "verdict", "why", "reference", "hit", "twin")


def portion(after, most):
    """`(rows, *judge(rows))` of the next ones: those offered, and those known, for a work may have
    left the library."""
    rows = Candidate.objects.filter(state__in=(State.OFFERED, State.KNOWN), pk__gt=after)
    rows = list(rows.order_by("pk")[:most])
    return rows, *judge(rows)


def judge(rows):
    """Give each of these candidates its verdict; unsaved. Gives `(gone, kept)` of those that are
    one work, and the numbers by which each is found: `{pk: numbers}`."""
    described = [row for row in rows if row.data]
    records = {row.pk: row.record for row in described}
    found = deduplicating.Found(list(records.values()))
    stands_for = _add_others(found, {row.pk for row in rows})
    joined, hits = [], []
    for row in described:
        hit = found.judged_alone(records[row.pk])
        hits.append(hit)  # kept, for it is known by where it lies
        twin = hit.duplicate_of and stands_for.get(id(hit.duplicate_of))
        stands_for[id(hit)] = row
        if twin and hit.verdict == Verdict.SAME and not keeping.contradict(row, twin):
            joined.append((row, twin))
            continue
        row.verdict, row.why, row.reference = hit.verdict, hit.why, hit.reference
        row.hit = None if twin else hit.duplicate_of
        row.twin = twin or None
        row.state = State.KNOWN if hit.removed and not twin else State.OFFERED
        if twin:
            row.verdict = Verdict.PERHAPS
    _judge_by_number([row for row in rows if not row.data])
    keys = {row.pk: found.wanted[id(records[row.pk])] for row in described}
    return joined, keys


def _add_others(found, mine):
    """Other candidates that share a number with these, each as a hit that is not kept."""
    numbers = {key for keys in found.wanted.values() for key in keys}
    rows = CandidateKey.objects.filter(key__in=numbers).exclude(candidate__in=mine)
    rows = list(rows.values_list("key", "candidate"))
    shared = {}
    for key, pk in rows:
        shared.setdefault(key, set()).add(pk)
    wanted = {pk for pks in shared.values() if len(pks) <= deduplicating.MOST_ALIKE for pk in pks}
    stands_for, known = {}, {}
    for row in Candidate.objects.filter(pk__in=wanted).exclude(data={}):
        hit = Hit(title=row.title, data=row.data)
        known[row.pk] = Known(hit, matching.Features(row.record))
        stands_for[id(hit)] = row
    for key, pks in shared.items():
        found.by_key.setdefault(key, []).extend(known[pk] for pk in sorted(pks) if pk in known)
    return stands_for


def _judge_by_number(rows):
    """Of a work that nobody has described, its numbers alone speak."""
    wanted = Q(pk=None)
    for kind in ("doi", "pmid"):
        wanted |= Q(**{f"{kind}__in": [getattr(row, kind) for row in rows if getattr(row, kind)]})
    works = Reference.objects.filter(wanted).only("pk", "doi", "pmid")
    by = {(kind, getattr(work, kind)): work for work in works for kind in ("doi", "pmid")}
    for row in rows:
        kinds = [kind for kind in ("doi", "pmid") if getattr(row, kind)]
        row.reference = next(
            (by[kind, getattr(row, kind)] for kind in kinds if (kind, getattr(row, kind)) in by),
            None,
        )
        row.verdict = Verdict.SAME if row.reference else Verdict.NEW
        row.state = State.KNOWN if row.reference else State.OFFERED


def write(rows, joined, keys):
    """Keep what `judge` gave."""
    gone = {row.pk for row, _kept in joined}
    for row, kept in joined:
        keeping.take_over(row, kept)
        for kind in keeping.KINDS:
            setattr(kept, kind, getattr(kept, kind) or getattr(row, kind))
        keeping.join(row, kept)
        kept.save()
    kept = [row for row in rows if row.pk not in gone]
    Candidate.objects.bulk_update(kept, CHANGED, batch_size=keeping.ROWS)
    CandidateKey.objects.bulk_create(
        (
            CandidateKey(candidate_id=pk, key=key)
            for pk, numbers in keys.items()
            if pk not in gone
            for key in numbers
        ),
        batch_size=2000,
        ignore_conflicts=True,
    )
    keeping.weigh({*(row.pk for row in kept), *(row.pk for _gone, row in joined)})


def _same(**values):
    """The same citation as another index has it."""
    said = {name: OuterRef(name) for name in ("candidate", "seed", "cites_seed")}
    return CitationFound.objects.filter(**said, **values)


def fill_lineage():
    """Of two works of the library, that one cites the other; written once, so that what she deletes
    stays away. Gives how many."""
    known = Q(candidate__state=State.KNOWN, candidate__verdict=Verdict.SAME)
    became = Q(candidate__hit__stage=Hit.Stage.INCLUDED, candidate__hit__removed="")
    rows = (
        CitationFound.objects.filter(
            known & Q(candidate__reference__isnull=False)
            | became & Q(candidate__hit__reference__isnull=False),
            told=False,
        )
        .annotate(before=Exists(_same(told=True)))
        .select_related("candidate__reference", "candidate__hit__reference", "seed")
    )
    told, made = [], {}
    for row in rows[:2000]:
        told.append(row.pk)
        found = row.candidate
        other = found.reference if found.state == State.KNOWN else found.hit.reference
        citing, cited = (other, row.seed) if row.cites_seed else (row.seed, other)
        # An index that lets a work cite a later one has mostly mixed up two.
        backwards = None not in (citing.year, cited.year) and cited.year > citing.year
        if citing.pk != cited.pk and not backwards and not row.before:
            note = LABELS[row.source]
            made.setdefault((citing.pk, cited.pk), Cites(citing=citing, cited=cited, note=note))
    with transaction.atomic():
        Cites.objects.bulk_create(made.values(), ignore_conflicts=True)
        CitationFound.objects.filter(pk__in=told).update(told=True)
    return len(made)
