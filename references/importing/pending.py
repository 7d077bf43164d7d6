"""What was read of an import, held until the author has looked at it; and what she confirmed of it,
brought into the library portion by portion.

What is left is the records that still have a row: each portion brings some in, counts them in the
report and deletes their rows, in one transaction. Whoever comes next, after whatever happened, goes
on from there.
"""

from collections import Counter
from dataclasses import asdict

from django.db import transaction
from django.utils.translation import gettext as _

from publishing import tasks

from ..formats import Record, Refused
from ..formats.records import from_dict
from ..models import PendingImport, PendingRecord
from . import save
from .existing import chunks

PORTION = 100
ROWS = 200
# What is told beyond this many times of one file helps nobody.
MOST_NOTICES = 10_000
COUNTS = ("new", "same", "differs", "updated", "skipped")


def hold(user, name, items, *, target=None, looked_up=False):
    """Keep what was read with its verdicts until the author has looked at it: all of it in one
    go, so that nothing half read ever looks as if that were all."""
    pending = PendingImport(user=user, name=name[:200], target=target, looked_up=looked_up)
    rows = list(_compared(pending, items))
    with transaction.atomic():
        pending.save()
        for row in rows:
            row.pending = pending
        PendingRecord.objects.bulk_create(rows, batch_size=ROWS)
    return pending


def keep(pending, items, *, tell=None):
    """Fill a pending import with the records and notices of a file as they come, some rows at a
    time, so that nobody who writes waits for the reading; as long as it names its file, it is
    being read.

    `tell(number, 0)` hears how many records were read.
    """
    done = 0
    for rows in chunks(_compared(pending, items), ROWS):
        PendingRecord.objects.bulk_create(rows)
        done += len(rows)
        if tell:
            tell(done, 0)
    pending.save(update_fields=["refused", "warnings", "differing"])


def _compared(pending, items):
    """The rows of a file, compared with the library; what is to be told is put into `pending`."""
    refused, warnings, differing = Told(), Told(), Counter()
    records = _sorted_out(items, refused, warnings)
    for record, found, twin in save.compare(records, target=pending.target):
        if isinstance(found, Refused):
            refused.tell(found)
        else:
            differing.update(each.field for each in found.differences)
            yield _row(pending, record, found, twin)
    pending.refused, pending.warnings = notices(refused), notices(warnings)
    pending.differing = dict(differing)


def _sorted_out(items, refused, warnings):
    for item in items:
        if isinstance(item, Record):
            yield item
        else:
            (refused if isinstance(item, Refused) else warnings).tell(item)


class Told(list):
    """The first notices, and that there are more."""

    def tell(self, notice):
        if len(self) < MOST_NOTICES:
            self.append(notice)
        elif len(self) == MOST_NOTICES:
            reason = _("There is more to tell of the records from here on than is listed.")
            self.append(type(notice)(notice.number, reason, line=notice.line))


def _row(pending, record, found, twin):
    held = found.held or (found.perhaps[0][0] if found.perhaps else None)
    return PendingRecord(
        pending_id=pending.pk,
        number=record.number,
        line=record.line,
        data=asdict(record),
        verdict=found.verdict,
        reference=held.reference if held and held.reference.pk else None,
        twin=twin,
    )


def confirm(pending):
    """The author has given her word; nothing is brought in yet."""
    pending.report = {**dict.fromkeys(COUNTS, 0), "added": [], "changed": []}
    pending.total = pending.records.count()
    pending.save(update_fields=["report", "total"])


def hand_over(pending):
    """Have the task worker bring it in."""
    pending.task = tasks.enqueue("references.import", pending.pk)
    pending.save(update_fields=["task"])


@transaction.atomic
def bring_portion(pk):
    """Bring in the next records as the author chose; whether there are more.

    What she did not choose never replaces what is there.
    """
    pending = (
        PendingImport.objects.select_for_update(of=("self",))
        .filter(pk=pk)
        .exclude(report=None)
        .first()
    )
    rows = (
        {row.number: row for row in pending.records.order_by("number")[: PORTION + 1]}
        if pending
        else {}
    )
    more, rows = len(rows) > PORTION, dict(list(rows.items())[:PORTION])
    if rows:
        outcome = save.save_records(
            map(record_of_row, rows.values()),
            decide=_decision(rows),
            target=pending.target,
            formatted=False,
        )
        _count(pending, outcome)
        pending.save(update_fields=["report", "refused"])
        PendingRecord.objects.filter(pending=pending, number__in=rows).delete()
    return more


def _decision(rows):
    def decide(match):
        row = rows[match.record.number]
        if row.skip:
            return None
        match.take_as(row.choices.get("same"))
        return {each.field for each in match.differences if chosen(row, each) == "theirs"}

    return decide


def _count(pending, outcome):
    report = pending.report
    for name in COUNTS:
        report[name] += getattr(outcome, name)
    report["added"] += outcome.added
    known = {*report["added"], *report["changed"]}
    report["changed"] += [pk for pk in dict.fromkeys(outcome.changed) if pk not in known]
    pending.refused += notices(outcome.refused)


def chosen(row, difference):
    """“ours” or “theirs”."""
    return row.choices.get(difference.field) or ("theirs" if difference.fills else "ours")


def record_of_row(row):
    return from_dict(row.data)


def notices(found):
    """What was refused or remarked on, as it is kept: in the order of the file."""
    ordered = sorted(found, key=lambda each: (each.number, each.line))
    return [
        {
            "number": each.number,
            "line": each.line,
            "citekey": each.citekey,
            "reason": str(each.reason),
            "excerpt": each.excerpt,
        }
        for each in ordered
    ]
