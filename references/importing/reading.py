"""A long file, left for the task worker to read and compare; choices for all records at once."""

import secrets

from django.db import transaction

from publishing import tasks

from .. import formats, pdf
from ..models import PendingImport, PendingRecord
from . import pending as pending_records

ROWS = 200
FOLDER = "imports"


def leave(user, file):
    """Keep an uploaded file for the task worker to read; gives the pending import."""
    storage = pdf.private_storage()
    kept = storage.save(f"{FOLDER}/{secrets.token_urlsafe(12)}", file)
    try:
        with transaction.atomic():
            pending = PendingImport.objects.create(user=user, name=file.name[:200], file=kept)
            pending.task = tasks.enqueue("references.read", pending.pk)
            pending.save(update_fields=["task"])
    except Exception:
        storage.delete(kept)
        raise
    return pending


def read(pk):
    """Read a file that was left; begun anew, it begins at the beginning."""
    pending = PendingImport.objects.filter(pk=pk).exclude(file="").first()
    if pending is None:
        return
    storage = pdf.private_storage()
    with storage.open(pending.file, "rb") as file:
        data = file.read()
    pending.records.all().delete()
    pending_records.keep(pending, formats.read(data), tell=tasks.tell)
    storage.delete(pending.file)
    PendingImport.objects.filter(pk=pk).update(file="")


def forget_old():
    """What nobody decided on goes after a week, with a file nobody read."""
    old = PendingImport.objects.old()
    for name in old.exclude(file="").values_list("file", flat=True):
        pdf.private_storage().delete(name)
    return old.delete()


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
