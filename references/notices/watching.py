"""The library is gone through once a week in each source, some works at a time; what is new is kept
with its date, and what a source does not say any more is marked so, not deleted.

A round goes on where it stood, after whatever happened: each portion is a transaction that moves
its cursor, and of two at once one finds it moved.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from publishing import tasks
from publishing.later import later

from ..models import NoticeWatch, Reference, WorkNotice, status_of
from . import crossref, pubmed, touching

# Readers are told of the watch by what is here.
asking = later("references.searching.asking")

SOURCES = {each.SOURCE: each for each in (crossref, pubmed)}
EVERY = timedelta(days=7)
TASK = "references.notices"
# How a round that could not go on is put off.
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=12)
# What the sources call themselves in a notice.
SAYS = {"crossref": ("publisher", "retraction-watch", "Crossref"), "pubmed": ("PubMed",)}


def begin_due(now=None, *, all_now=False):
    """Begin the rounds that are due and go on with those that were left; gives how many."""
    now, count = now or timezone.now(), 0
    for source, module in SOURCES.items():
        if not Reference.objects.filter(**{f"{module.NUMBER}__gt": ""}).exists():
            continue
        watch, _new = NoticeWatch.objects.get_or_create(source=source)
        if not watch.is_open:
            if watch.ended and watch.ended > now - EVERY and watch.ended <= now and not all_now:
                continue
            NoticeWatch.objects.filter(pk=source).update(begun=now, cursor=0, tries=0, error="")
        elif _waits(watch, now) and not all_now:
            continue
        if not tasks.is_on_its_way(TASK, source):
            tasks.enqueue(TASK, source)
            count += 1
    return count


def _waits(watch, now):
    if not watch.tries or not watch.tried or watch.tried > now:
        return False
    return now < watch.tried + min(FIRST_WAIT * 2**watch.tries, LONGEST_WAIT)


def go_on(source, is_over):
    """Work at a round until it is done or `is_over()`; gives whether something is left to do."""
    while True:
        watch = NoticeWatch.objects.filter(pk=source).first()
        if watch is None or not watch.is_open:
            return False
        try:
            _portion(watch)
        except asking.SearchFailed as error:
            NoticeWatch.objects.filter(pk=source).update(
                error=str(error), tries=F("tries") + 1, tried=timezone.now()
            )
            return False
        if is_over():
            return True


def _portion(watch):
    source = SOURCES[watch.source]
    works = Reference.objects.filter(pk__gt=watch.cursor, **{f"{source.NUMBER}__gt": ""})
    works = list(works.order_by("pk").only("pk", source.NUMBER)[: source.PORTION])
    rows = NoticeWatch.objects.filter(pk=watch.pk, begun=watch.begun, cursor=watch.cursor)
    if not works:
        rows.update(ended=timezone.now(), tries=0, error="")
        return
    found = source.ask_for([getattr(work, source.NUMBER) for work in works])
    said = {work.pk: found.get(getattr(work, source.NUMBER).lower()) for work in works}
    with transaction.atomic():
        if rows.update(cursor=works[-1].pk, tries=0, error=""):
            take(
                {pk: notices for pk, notices in said.items() if notices is not None}, source.SOURCE
            )


def take(said, source=""):
    """Keep what `{pk of a work: [formats.WorkNotice]}` says of works; gives the new rows.

    With a source, what it alone said before and does not say now is marked as withdrawn.
    """
    kept, new, changed = {pk: [] for pk in said}, [], set()
    for row in WorkNotice.objects.filter(reference__in=said).select_for_update():
        kept[row.reference_id].append(row)
    for pk, notices in said.items():
        told = set()
        for each in notices:
            row = WorkNotice.of(None, each)
            row.reference_id = pk
            same = next((other for other in kept[pk] if _is_one(other, row)), None)
            if same is None:
                row.first_seen = timezone.now()
                row.save()
                kept[pk].append(row)
                new.append(row)
                changed.add(pk)
            else:
                changed |= _fill(same, row)
            told.add((same or row).pk)
        changed |= _withdraw(kept[pk], told, source)
    WorkNotice.objects.link(new)
    touching.arrived(new)
    for work in Reference.objects.filter(pk__in=changed).order_by("pk"):
        if work.status != status_of(work.notices.all()):
            work.refresh()
    return new


def _is_one(one, other):
    """One notice told by two sources: by the same number, or by two kinds of number and the day."""
    if (one.kind, one.of_other) != (other.kind, other.of_other):
        return False
    for number in ("doi", "pmid"):
        mine, theirs = getattr(one, number), getattr(other, number)
        if mine and theirs:
            return mine == theirs
    if not any((one.doi, one.pmid)) or not any((other.doi, other.pmid)):
        return one.date == other.date or not (one.date and other.date)
    return bool(one.date) and one.date == other.date


def _fill(row, said):
    """What the other source adds; said again, it is not withdrawn. Gives the works that changed."""
    fields = [name for name in ("doi", "pmid", "date", "text") if not getattr(row, name)]
    fields = [name for name in fields if getattr(said, name)]
    for name in fields:
        setattr(row, name, getattr(said, name))
    again = row.withdrawn is not None
    if again:
        row.withdrawn = row.settled = None
        fields += ["withdrawn", "settled"]
    if fields:
        row.save(update_fields=fields)
    return {row.reference_id} if again else set()


def _withdraw(rows, told, source):
    gone = [
        row
        for row in rows
        if row.first_seen
        and not row.withdrawn
        and row.pk not in told
        and row.source in SAYS.get(source, ())
    ]
    for row in gone:
        row.withdrawn = timezone.now()
        row.save(update_fields=["withdrawn"])
    return {row.reference_id for row in gone}


def unwatched():
    """Works that no source can be asked about: they have neither number."""
    return Reference.objects.exclude(doi__gt="").exclude(pmid__gt="")


def checked():
    """When the last whole round ended in every source; None as long as one was never whole."""
    ended = dict(NoticeWatch.objects.values_list("source", "ended"))
    dates = [ended.get(source) for source in SOURCES]
    return min(dates) if all(dates) else None
