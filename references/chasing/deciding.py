"""What she does about a work that was found: take it in as a hit, put it aside for good, or offer
it again."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .. import matching
from ..importing import lookup
from ..models import Candidate, CitationFound, Hit, Method, SearchRun
from ..searching import deduplicating
from ..searching import keeping as searching_keeping
from . import keeping

State = Candidate.State


def take(pk):
    """Make it a hit to be judged by its full text; gives the candidate, which is known already
    where the library or an earlier search has it. Raises `ValidationError` in her words."""
    row = _offered(pk)
    record, run = _described(row), _run_of(row)
    kind = next(name for name in keeping.KINDS if getattr(row, name))
    key = f"{kind}:{getattr(row, kind)}"

    def keep_it(found):
        row = _offered(pk)
        hit = found.hits[0] if found.hits else Hit.objects.get(source=run.source, key=key)
        if not found.hits:
            row.state, row.hit, row.reference = State.KNOWN, hit, hit.reference
        elif hit.removed:
            row.state, row.hit, row.reference = State.KNOWN, hit.duplicate_of, hit.reference
            row.verdict, row.why = hit.verdict, hit.why
        else:
            deduplicating.write(found)
            row.state, row.hit = State.TAKEN, hit
            searching_keeping.tell()
        row.save()
        return row

    return deduplicating.settle(lambda: deduplicating.compared(run, [(key, record)]), keep_it)


def put_aside(pk, reason):
    """It is never offered again; the reason is kept."""
    reason = " ".join(reason.split())[:200]
    if not reason:
        raise ValidationError(_("Say in a word why it is put aside."))
    return _decide(pk, State.OFFERED, State.ASIDE, reason)


def offer_again(pk):
    return _decide(pk, State.ASIDE, State.OFFERED, "")


def _decide(pk, before, after, reason):
    def keep_it(_found):
        moved = Candidate.objects.filter(pk=pk, state=before).update(state=after, reason=reason)
        if not moved:
            raise ValidationError(_decided())
        return Candidate.objects.get(pk=pk)

    # So that no comparison on its way writes over it.
    return deduplicating.settle(lambda: None, keep_it)


def _offered(pk):
    row = Candidate.objects.filter(pk=pk, state=State.OFFERED).first()
    if row is None:
        raise ValidationError(_decided())
    return row


def _decided():
    return _("This work was decided on already, perhaps on another screen.")


def _described(row):
    """As Crossref or PubMed describe it, with the abstract for screening; else as it is kept. A
    number that leads to another work is not believed."""
    kept = row.record
    try:
        found = lookup.find(row.doi or row.pmid)
    except lookup.LookupFailed as error:
        if kept is None:
            words = _("Nobody could say yet what this work is: %(words)s")
            raise ValidationError(words % {"words": error}) from error
        return kept
    return found if kept is None or matching.titled_alike(kept, found) else kept


def _run_of(row):
    """The last run that may have named it."""
    sources = CitationFound.objects.filter(candidate=row).values("source")
    runs = SearchRun.objects.filter(method=Method.CITATIONS, by_hand=False)
    run = runs.filter(source__in=sources).order_by("-pk").first()
    if run is None:
        raise ValidationError(_("No search for citations is on record; ask once more first."))
    return run
