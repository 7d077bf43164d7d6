"""Searches are run: once each, page by page, each page a transaction that moves the run on.

What is left of a run is its cursor. Whoever comes next, after whatever happened, asks for the page
it names; of two who do so at once, one finds the cursor moved and keeps nothing.
"""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from publishing import tasks

from ..chasing import steps as chasing
from ..models import MOST_HITS, SavedSearch, SearchRun, Source
from . import by_hand, crossref, europepmc, keeping, pubmed
from .asking import SearchFailed

SOURCES = {each.SOURCE: each for each in (pubmed, europepmc, crossref)}
# A source may enter a record days after the date it gives it.
OVERLAP = timedelta(days=14)
TRIES = 6
TASK = "references.search"


def begin_due(now=None):
    """Begin what is due and go on with what was left; gives how many runs are on their way."""
    now = now or timezone.now()
    for search in SavedSearch.objects.filter(resting=False).exclude(interval=0):
        for source in search.due(now):
            begin(search, source)
    chasing.begin_due(now)
    going = 0
    for run in SearchRun.objects.filter(state__in=SearchRun.OPEN).order_by("pk"):
        if not _waits(run, now) and not tasks.is_on_its_way(TASK, run.pk):
            hand_over(run)
            going += 1
    return going


def _waits(run, now):
    """Whether it is put off after a failure; not by a clock that ran ahead."""
    if not run.tries or not run.ended or run.ended > now:
        return False
    return now < run.ended + min(timedelta(minutes=4**run.tries), timedelta(hours=12))


def hand_over(run):
    tasks.enqueue(TASK, run.pk)


def begin(search, source, *, user=None):
    """The run of a search in a source, waiting; None where one is on its way already."""
    today = timezone.localdate()
    values = {
        "strategy": search.strategies[source],
        "on": today,
        "window_from": _begin_of_window(search, source),
        "window_to": today,
        "begun": timezone.now(),
        "user": user,
    }
    try:
        with transaction.atomic():
            return SearchRun.objects.create(search=search, source=source, **values)
    except IntegrityError:
        return None


def _begin_of_window(search, source):
    """From the last one on that ran to its end with the same strategy; all there is where none
    did."""
    last = search.runs.filter(
        source=source, state=SearchRun.State.DONE, strategy=search.strategies[source]
    )
    dates = [to for to in last.values_list("window_to", flat=True) if to]
    dates = [to for to in dates if to <= timezone.localdate()]
    return max(dates) - OVERLAP if dates else None


def go_on(pk, is_over):
    """Work at a run until it is done or `is_over()`; gives whether something is left to do now."""
    while True:
        run = SearchRun.objects.filter(pk=pk, state__in=SearchRun.OPEN).first()
        if run is None:
            return False
        try:
            _step(run)
        except SearchFailed as error:
            _failed(run, error)
            return False
        if is_over():
            return True


def _step(run):
    """Count first, then one page at a time."""
    if run.by_hand:
        return by_hand.read_on(run)
    if chasing.is_chase(run):
        return chasing.step(run)
    if run.counted is None:
        return _count(run)
    source = SOURCES[run.source]
    page = source.page(run.strategy, run.cursor, **_window(run))
    return keeping.keep(run, page)


def _window(run):
    return {"begin": run.window_from, "end": run.window_to}


def _count(run):
    counted = SOURCES[run.source].count(run.strategy, **_window(run))
    if counted.count > MOST_HITS:
        SearchRun.objects.filter(pk=run.pk).update(
            counted=counted.count, translation=counted.translation
        )
        raise SearchFailed(too_many(run.source_label, counted.count), lasting=True)
    done = not counted.cursor
    SearchRun.objects.filter(pk=run.pk, counted=None).update(
        counted=counted.count,
        translation=counted.translation,
        warnings=counted.warnings[: keeping.MOST_WARNINGS],
        cursor=counted.cursor,
        state=SearchRun.State.DONE if done else SearchRun.State.RUNNING,
        ended=timezone.now() if done else None,
        error="",
    )
    if done:
        keeping.tell()


def too_many(label, count):
    words = _(
        "%(source)s has %(count)s records for this strategy. More than %(most)s are not"
        " fetched: narrow the strategy."
    )
    return words % {"source": label, "count": count, "most": MOST_HITS}


def _failed(run, error):
    """It is tried again later, ever later; or given up and said so."""
    given_up = error.lasting or run.tries + 1 >= TRIES
    SearchRun.objects.filter(pk=run.pk).update(
        error=str(error),
        tries=F("tries") + 1,
        ended=timezone.now(),
        state=SearchRun.State.FAILED if given_up else run.state,
    )


def try_once(source, strategy):
    """`Counted`: how many there are and how the source understood it, now; nothing is kept."""
    module = SOURCES[Source(source)]
    return module.count(strategy, **({"most": 0} if module is pubmed else {}))
