"""A long file, read from the disk and compared, by the task worker where there is one; choices for
all records at once."""

import secrets

from django.db import transaction
from django.utils import timezone

from publishing import tasks

from .. import formats, pdf
from ..models import PendingImport, PendingRecord
from ..models.pending import KEPT
from . import pending as pending_records

ROWS = 200
FOLDER = "imports"


def begin(user, form):
    """The pending import of a valid `ImportForm`: read at once, or from the disk if it is long."""
    forget_old()
    if form.is_long:
        return leave(user, form.cleaned_data["file"])
    name, data = form.content()
    return pending_records.hold(user, name, formats.read(data))


def leave(user, file):
    """Keep an uploaded file and have it read; gives the pending import.

    Whatever fails here takes no file away: one that no import names goes with `forget_old`.
    """
    kept = pdf.private_storage().save(f"{FOLDER}/{secrets.token_urlsafe(12)}", file)
    pending = PendingImport.objects.create(user=user, name=file.name[:200], file=kept)
    have_read(pending)
    return pending


def have_read(pending):
    """By the task worker, or here and now where there is none."""
    if not tasks.has_worker():
        return read(pending.pk)
    with transaction.atomic():
        pending.task = tasks.enqueue("references.read", pending.pk)
        pending.save(update_fields=["task"])


def read(pk):
    """Read a file that was left; begun anew, it begins at the beginning."""
    pending = PendingImport.objects.filter(pk=pk).exclude(file="").first()
    if pending is None:
        return
    kept = pending.file
    pending.records.all().delete()
    with pdf.private_storage().open(kept, "rb") as file:
        pending_records.keep(pending, formats.read(file), tell=tasks.tell)
    # In this order a kill in between leaves a file too many, never an import without its own.
    PendingImport.objects.filter(pk=pk).update(file="")
    pdf.private_storage().delete(kept)


def forget_old():
    """What nobody decided on goes after a week, with files nobody read or no import names."""
    storage = pdf.private_storage()
    old = PendingImport.objects.old()
    for name in old.exclude(file="").values_list("file", flat=True):
        storage.delete(name)
    deleted = old.delete()
    named = set(PendingImport.objects.exclude(file="").values_list("file", flat=True))
    for name in _left(storage):
        if name not in named and storage.get_modified_time(name) < timezone.now() - KEPT:
            storage.delete(name)
    return deleted


def _left(storage):
    try:
        return [f"{FOLDER}/{name}" for name in storage.listdir(FOLDER)[1]]
    except FileNotFoundError:
        return []


def choose_everywhere(pending, field, whose):
    """“ours” or “theirs” for one field in all records that differ in it."""
    rows = []
    for row in pending.records.exclude(verdict="new").iterator(chunk_size=ROWS):
        row.choices[field] = whose
        rows.append(row)
        if len(rows) == ROWS:
            PendingRecord.objects.bulk_update(rows, ["choices"])
            rows = []
    PendingRecord.objects.bulk_update(rows, ["choices"])
