"""A run, step by step: each seed is asked for, works without a title are described, all are judged,
the lineage is filled. The cursor says where it stands: “seed 12 cites W1 2”."""

from datetime import timedelta
from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from ..models import Candidate, CitationIndex, Method, Methods, SearchRun
from ..searching import deduplicating
from ..searching import keeping as searching_keeping
from ..searching.asking import SearchFailed
from . import describing, judging, keeping, openalex, opencitations, seeds

INDEXES = {each.SOURCE: each for each in (openalex, opencitations)}
PORTION = 200
State = SearchRun.State


def is_chase(run):
    return run.method == Method.CITATIONS and not run.by_hand and run.source in INDEXES


def begin(source, *, user=None):
    """A run through one index, waiting; None where one is on its way already."""
    count = seeds.asked().count()
    words = ngettext(
        "Who cites %(count)s work, and whom it cites",
        "Who cites %(count)s works, and whom they cite",
        count,
    ) % {"count": count}
    without = seeds.works().count() - count
    warnings = []
    if without:
        said = ngettext(
            "%(count)s work has neither DOI nor PMID and cannot be asked for.",
            "%(count)s works have neither DOI nor PMID and cannot be asked for.",
            without,
        )
        warnings.append(said % {"count": without})
    try:
        with transaction.atomic():
            return SearchRun.objects.create(
                method=Method.CITATIONS, source=source, on=timezone.localdate(), strategy=words,
                warnings=warnings, begun=timezone.now(), counted=0, user=user,
            )  # fmt: skip
    except IntegrityError:
        return None


def begin_due(now):
    """Begin what is due by the interval that she chose."""
    every = Methods.load().chase_every
    runs = SearchRun.objects.filter(method=Method.CITATIONS, by_hand=False)
    for source in CitationIndex.values if every else ():
        if not is_resting(runs.filter(source=source), every, now) and seeds.asked().exists():
            begin(source)


def is_resting(runs, days, now):
    """Whether one ran lately or is on its way; what was given up is tried again the next day, and
    what a wrong clock put into the future does not count."""
    if runs.filter(state__in=SearchRun.OPEN).exists():
        return True
    ran = runs.filter(state=State.DONE, begun__gt=now - timedelta(days=days))
    failed = runs.filter(state=State.FAILED, ended__gt=now - timedelta(days=1))
    return ran.filter(begun__lte=now).exists() or failed.filter(ended__lte=now).exists()


def step(run):
    """The next step of a run. Raises `SearchFailed`."""
    part, _space, rest = (run.cursor or "seed 0").partition(" ")
    {"seed": _seed, "describe": _describe, "judge": _judge}[part](run, rest)


def _seed(run, rest):
    pk, _space, mark = rest.partition(" ")
    rows = seeds.asked().order_by("pk")
    seed = rows.filter(pk=pk).first() if mark else rows.filter(pk__gt=pk).first()
    if seed is None:
        keeping.move(run, f"seed {pk}" if mark else "describe 0")
        return
    answer = INDEXES[run.source].page(*seeds.number_of(seed), mark)
    cursor = f"seed {seed.pk} {answer.mark}" if answer.mark else f"seed {seed.pk}"
    keeping.keep(run, seed, answer, cursor)


def _describe(run, rest):
    """Crossref is another service: if it is away, the works are shown by their numbers until the
    next time."""
    done, rows = int(rest), describing.next_ones()
    if not rows or done >= describing.MOST:
        keeping.move(run, "judge 0")
        return
    try:
        records = describing.records_of([row.doi for row in rows])
    except SearchFailed as error:
        words = gettext("The titles of some works are not known yet: %(words)s")
        keeping.move(run, "judge 0", warnings=[words % {"words": error}])
        return
    with transaction.atomic():
        if not keeping.move(run, f"describe {done + len(rows)}"):
            return
        for row in rows:
            row.asked = timezone.now()
            if row.doi in records:
                keeping.describe(row, records[row.doi])
        Candidate.objects.bulk_update(rows, ["asked", "data", "title", "year"])


def _judge(run, rest):
    def keep_it(found):
        rows, *judged = found
        if not rows:
            _end(run)
        elif keeping.move(run, f"judge {rows[-1].pk}"):
            judging.write(rows, *judged)

    deduplicating.settle(partial(judging.portion, int(rest), PORTION), keep_it)


def _end(run):
    """The task that writes what readers are told fills the lineage too."""
    if keeping.end(run):
        searching_keeping.tell()
