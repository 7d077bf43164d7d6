"""What was read of an import, held until the author has looked at it; and what she confirmed of it,
brought into the library portion by portion.

What is left is the records that still have a row: each portion brings some in, counts them in the
report and deletes their rows, in one transaction. Whoever comes next, after whatever happened, goes
on from there.
"""

from dataclasses import asdict

from django.db import transaction

from publishing import tasks

from ..formats import Name, Record, Refused
from ..models import PendingImport, PendingRecord
from . import save

PORTION = 100
COUNTS = ("new", "same", "differs", "updated", "skipped")


def hold(user, name, items, *, target=None, looked_up=False):
    """Keep what was read with its verdicts until the author has looked at it.

    It is read and compared before anything is written, so that nobody who writes waits for that.
    """
    records, refused, warnings = [], [], []
    for item in items:
        if isinstance(item, Record):
            records.append(item)
        else:
            (refused if isinstance(item, Refused) else warnings).append(item)
    pending = PendingImport(user=user, name=name[:200], target=target, looked_up=looked_up)
    rows = []
    for record, found, twin in save.compare(records, target=target):
        if isinstance(found, Refused):
            refused.append(found)
            continue
        held = found.held or (found.perhaps[0][0] if found.perhaps else None)
        known = held.reference if held and held.reference.pk else None
        rows.append(
            PendingRecord(
                pending=pending,
                number=record.number,
                line=record.line,
                data=asdict(record),
                verdict=found.verdict,
                reference=known,
                twin=twin,
            )
        )
    pending.refused, pending.warnings = notices(refused), notices(warnings)
    with transaction.atomic():
        pending.save()
        PendingRecord.objects.bulk_create(rows, batch_size=500)
    return pending


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
    names = [Name(**name) for name in row.data["names"]]
    return Record(**{**row.data, "names": names})


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
