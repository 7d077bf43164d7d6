"""A work that was named becomes a hit of the other methods, once somebody has said what it is."""

from datetime import timedelta

from django.utils import timezone

from publishing import tasks

from ..importing import lookup
from ..models import READERS, Hit, Method, Nomination, SearchRun
from ..screening import deciding
from ..searching import by_hand, deduplicating
from . import answering, known, reading

TASK = "references.nomination"
# For so long Crossref and PubMed are asked again; then what was typed must do.
PATIENCE = timedelta(days=1)
AT_ONCE = 20


def nominate(**values):
    """Keep what a reader sent, `Nomination`'s fields; the same form twice is one. What becomes of
    it, a task says."""
    row, new = Nomination.objects.get_or_create(token=values.pop("token"), defaults=values)
    if new:
        tasks.enqueue(TASK, row.pk)
    return row


def go_on():
    """Those that nobody could be asked about before."""
    for pk in waiting().order_by("pk").values_list("pk", flat=True)[:AT_ONCE]:
        if not tasks.is_on_its_way(TASK, pk):
            tasks.enqueue(TASK, pk)


def waiting():
    return Nomination.objects.filter(hit=None, answered=None)


def settle(pk):
    """Look it up, compare it, and make it a hit; or answer that it is known."""
    row = waiting().filter(pk=pk).first()
    record = row and _described(row)
    if record is None:
        return
    run = _run_of_today()
    key = by_hand.key_of(record)

    def keep_it(found):
        row = waiting().select_for_update().filter(pk=pk).first()
        if row is None:  # another worker was first, or it was erased meanwhile
            return
        hit = found.hits[0] if found.hits else Hit.objects.get(source=READERS, key=key[:200])
        if found.hits and not hit.removed:
            deduplicating.write(found)
            fetched = run.hits.count()
            SearchRun.objects.filter(pk=run.pk).update(counted=fetched, fetched=fetched)
            tasks.enqueue("references.search_record")
        _attach(row, hit)

    deduplicating.settle(lambda: deduplicating.compared(run, [(key, record)]), keep_it)


def _attach(row, hit):
    """To its hit; to the one that was found before; or answered, if it is in the library."""
    root = hit if hit.pk else hit.duplicate_of
    row.hit = root
    if root is None or root.stage in answering.FINAL or root.removed:
        told = known.of_hit(hit) if hit.pk is None else _decided(root)
        if told.work or told.left_out:
            answering.say(row, work=told.work, title=hit.title, reason=told.reason)
            return
    row.save(update_fields=["hit"])


def _decided(root):
    if root.stage == Hit.Stage.INCLUDED or root.removed:
        return known.Known(work=root.reference)
    last = deciding.standing(root)
    return known.Known(left_out=True, reason=last and last.reason)


def _described(row):
    """As Crossref or PubMed describe it; as it was typed where they do not know it. None while they
    cannot be asked."""
    typed = reading.record_of(row.work)
    typed.title = typed.title or (f"doi:{typed.doi}" if typed.doi else f"PMID {typed.pmid}")
    if not (typed.doi or typed.pmid):
        return typed
    try:
        return lookup.find(typed.doi or typed.pmid)
    except lookup.NotFound:
        return typed
    except lookup.LookupFailed:
        return None if row.created > timezone.now() - PATIENCE else typed


def _run_of_today():
    values = {"source": READERS, "method": Method.CONTACTS, "on": timezone.localdate()}
    run = SearchRun.objects.filter(**values, by_hand=False).first()
    return run or SearchRun.objects.create(
        **values, state=SearchRun.State.DONE, begun=timezone.now(), ended=timezone.now(), counted=0
    )
