"""A search done elsewhere: its file, for a named source and date, counts the same."""

import secrets
from itertools import islice

from django.utils import timezone
from django.utils.translation import gettext as _

from .. import formats, pdf
from ..formats.records import Record, Refused
from ..models import MOST_HITS, SearchRun
from . import keeping
from .answers import Page
from .asking import SearchFailed
from .deduplicating import number_of

FOLDER = "searches"
PORTION = 500
MOST_TOLD = 20


def leave(file, *, user=None, **values):
    """Keep the file of a search and have it read; gives the run. `values` are the fields of a
    `SearchRun`: source, method, on, strategy."""
    kept = pdf.private_storage().save(f"{FOLDER}/{secrets.token_urlsafe(12)}", file)
    return SearchRun.objects.create(
        by_hand=True, file=kept, begun=timezone.now(), user=user, window_to=values["on"], **values
    )


def read_on(run):
    """Read the next records of the file; the cursor is how many things of it were read."""
    start = int(run.cursor or 0)
    storage = pdf.private_storage()
    if not run.file or not storage.exists(run.file):
        raise SearchFailed(_("The file is not there any more. Choose it again."), lasting=True)
    with storage.open(run.file, "rb") as file:
        items = list(islice(formats.read(file), start, start + PORTION))
    if start + len(items) > MOST_HITS:
        words = _("The file has more than %(most)s records. Narrow the search.")
        raise SearchFailed(words % {"most": MOST_HITS}, lasting=True)
    records = [(key_of(item), item) for item in items if isinstance(item, Record)]
    told = [each for each in items if isinstance(each, Refused)][:MOST_TOLD]
    warnings = [f"{each.number}: {each.reason}" for each in told]
    if not start and not records:
        raise SearchFailed(" ".join(warnings) or _("The file has no records."), lasting=True)
    more = len(items) == PORTION
    page = Page(records, str(start + PORTION) if more else "", warnings)
    total = run.fetched + len(records)
    if keeping.keep(run, page, counted=total, file=""):
        # In this order a kill in between leaves a file too many, never a run without its own.
        storage.delete(run.file)


def key_of(record):
    """Its number, or what stands for one: the same record comes with the same key."""
    for name in ("pmid", "doi", "pmcid"):
        if getattr(record, name):
            return f"{name}:{getattr(record, name)}"
    said = [record.title, record.original_title, record.translated_title, record.container]
    said += [str(record.year), record.volume, record.pages, *(each.family for each in record.names)]
    return f"text:{number_of(' '.join(said)):x}"
