"""The sample of a search on record: real works of the library, and days, counts and decisions that
say of themselves that they are invented."""

from dataclasses import asdict
from datetime import date

from django.utils import timezone

from references.citing.records import record_of
from references.formats import Record
from references.models import (
    Decision,
    ExclusionReason,
    Hit,
    Methods,
    Reference,
    SavedSearch,
    SearchRun,
)
from references.screening import record

MOST = 40


def load(data):
    """Make what is missing; gives how many records were found."""
    if SavedSearch.objects.exists() or SearchRun.objects.exists():
        return 0
    search = SavedSearch.objects.create(**data["search"])
    reasons = [ExclusionReason.objects.create(**each) for each in data["reasons"]]
    works = list(
        Reference.objects.exclude(pmid=None).select_related("facts").with_people().order_by("pk")
    )[:MOST]
    first, last = (date.fromisoformat(data[each]) for each in ("first", "last"))
    pubmed = _run(search, "pubmed", first, len(works))
    hits = [_hit(pubmed, each.pmid, record_of(each, subjects=False)) for each in works]
    for hit, work in zip(hits, works, strict=True):
        _decided(hit, work)
    Hit.objects.bulk_create(hits)
    both = _run(search, "europepmc", first, len(works) // 2)
    Hit.objects.bulk_create(_twice(both, hit) for hit in hits[: len(works) // 2])
    later = _run(search, "pubmed", last, len(data["new"]) + 1, again=1, window_from=first)
    _run(search, "europepmc", last, 0, window_from=first)
    new = [Record(title=title, year=2026, type="article-journal") for title in data["new"]]
    Hit.objects.bulk_create(_hit(later, f"sample{at}", each) for at, each in enumerate(new))
    _log(hits, reasons)
    Methods(**data["methods"]).save()
    record.refresh()
    return Hit.objects.count()


def _run(search, source, on, counted, **values):
    return SearchRun.objects.create(
        search=search, source=source, on=on, window_to=on, counted=counted, fetched=counted,
        strategy=search.strategies[source], state=SearchRun.State.DONE, begun=timezone.now(),
        ended=timezone.now(), **values,
    )  # fmt: skip


def _hit(run, key, found):
    found.abstract = ""
    return Hit(
        run=run, source=run.source, key=key, title=found.title or found.translated_title,
        year=found.year, data=asdict(found),
    )  # fmt: skip


def _twice(run, hit):
    made = _hit(run, f"MED:{hit.key}", hit.record)
    made.verdict, made.why, made.duplicate_of = Hit.Verdict.SAME, "pmid", hit
    made.removed = Hit.Removed.DUPLICATE
    return made


def _decided(hit, work):
    """Included what the evidence table has; of the others every second one by its title."""
    if hasattr(work, "facts"):
        hit.stage, hit.reference = Hit.Stage.INCLUDED, work
    else:
        hit.stage = Hit.Stage.EXCLUDED if work.pk % 2 else Hit.Stage.REFUSED


def _log(hits, reasons):
    stages, verdicts = Decision.Stage, Decision.Verdict
    rows = []
    for hit in hits:
        out = hit.stage == Hit.Stage.EXCLUDED
        verdict = verdicts.EXCLUDE if out else verdicts.INCLUDE
        rows.append(Decision(hit=hit, stage=stages.SCREENING, verdict=verdict))
        if hit.stage == Hit.Stage.REFUSED:
            verdict, reason = verdicts.EXCLUDE, reasons[hit.pk % 2]
            rows.append(Decision(hit=hit, stage=stages.FULL_TEXT, verdict=verdict, reason=reason))
        elif not out:
            rows.append(Decision(hit=hit, stage=stages.FULL_TEXT, verdict=verdicts.INCLUDE))
    Decision.objects.bulk_create(rows)
