"""A file is read and compared, and what was found is kept until the author has looked at it: at
once, or a long file by the task worker."""

import secrets
from collections import Counter
from dataclasses import asdict

from django.db import transaction

from publishing import tasks

from .. import formats, pdf
from .. import pending as pending_records
from ..formats import Record, Refused
from ..models import PendingImport, PendingRecord
from . import save

# What is longer is left to the task worker, where there is one.
READ_NOW = 2 * 1024 * 1024
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
    keep(pending, formats.read(data), tell=tasks.tell)
    storage.delete(pending.file)
    PendingImport.objects.filter(pk=pk).update(file="")


def keep(pending, items, *, tell=None):
    """Fill a pending import with the records and notices of a file as they come, compared with the
    library: some rows at a time, so that nobody who writes waits for the reading."""
    refused, warnings = [], []
    differing, rows, done = Counter(), [], 0
    records = _records(items, refused, warnings)
    for record, found, twin in save.compare(records, target=pending.target):
        if isinstance(found, Refused):
            refused.append(found)
            continue
        held = found.held or (found.perhaps[0][0] if found.perhaps else None)
        differing.update(each.field for each in found.differences)
        rows.append(
            PendingRecord(
                pending=pending,
                number=record.number,
                line=record.line,
                data=asdict(record),
                verdict=found.verdict,
                reference=held.reference if held and held.reference.pk else None,
                twin=twin,
            )
        )
        if len(rows) >= ROWS:
            done += len(rows)
            PendingRecord.objects.bulk_create(rows)
            rows = []
            if tell:
                tell(done, 0)
    PendingRecord.objects.bulk_create(rows)
    pending.refused = pending_records.notices(refused)
    pending.warnings = pending_records.notices(warnings)
    pending.differing = dict(differing)
    pending.save(update_fields=["refused", "warnings", "differing"])


def _records(items, refused, warnings):
    for item in items:
        if isinstance(item, Record):
            yield item
        else:
            (refused if isinstance(item, Refused) else warnings).append(item)


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
