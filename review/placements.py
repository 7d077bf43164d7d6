"""The works listed in a chapter: put in and taken out, several at once, and put in order.

Whoever changes them holds the lock of the tree, as those who move chapters do: one lock, no ring.
"""

from publishing import advisory

from . import tree
from .models import Placement

MOST = 200  # at once


def put_in(*, chapter, remarks: dict[int, str]) -> int:
    """List works, `{their id: your remark}`, at the end or where their year puts them; gives how
    many were not there yet."""

    def work():
        tree.hold()
        rows = _rows(chapter)
        there = {row.reference_id for row in rows}
        new = [pk for pk in remarks if pk not in there]
        last = max((row.position or 0 for row in rows), default=0)
        Placement.objects.bulk_create(
            Placement(
                chapter=chapter,
                reference_id=pk,
                remark=remarks[pk],
                position=last + place if last else None,
            )
            for place, pk in enumerate(new, 1)
        )
        return len(new)

    return advisory.retried(work)


def take_out(*, chapter, ids) -> int:
    def work():
        tree.hold()
        return Placement.objects.filter(chapter=chapter, pk__in=ids).delete()[0]

    return advisory.retried(work)


def remark(*, chapter, remarks: dict[int, str]) -> int:
    """Set remarks, `{id of the placement: words}`; gives how many differ from what was there."""

    def work():
        tree.hold()
        changed = [  # lines end in another way once a browser has sent them
            row
            for row in _rows(chapter)
            if row.pk in remarks and row.remark.splitlines() != remarks[row.pk].splitlines()
        ]
        for row in changed:
            row.remark = remarks[row.pk]
        Placement.objects.bulk_update(changed, ["remark"])
        return len(changed)

    return advisory.retried(work)


def move(*, chapter, pk: int, before: int | None = None, step: int = 0) -> bool:
    """Put one in front of `before` (None: last), or one `step` up (-1) or down (+1); gives whether
    it moved. From then on the order is yours and no longer that of the years."""

    def work():
        tree.hold()
        ids = [row.pk for row in _rows(chapter)]
        if pk not in ids or (before and before not in ids) or before == pk:
            return False
        here = ids.index(pk)
        if step:
            there = here + step
            if not 0 <= there < len(ids):
                return False
        rest = [each for each in ids if each != pk]
        there = here + step if step else rest.index(before) if before else len(rest)
        rest.insert(there, pk)
        if rest == ids:
            return False
        for position, each in enumerate(rest, 1):
            Placement.objects.filter(pk=each).exclude(position=position).update(position=position)
        return True

    return advisory.retried(work)


def by_year(*, chapter) -> int:
    """Give the order back to the years."""
    return Placement.objects.filter(chapter=chapter).exclude(position=None).update(position=None)


def _rows(chapter):
    return list(Placement.objects.filter(chapter=chapter))
