"""Numbers for the places in a thread, far apart, so that a reply moves none of what follows it.

Between two that touch, room is made by spreading the fewest comments after them that lie loosely
enough; a thread without any room (written before there were gaps) is stretched once, in one
statement. Who calls this holds the thread (`order.lock`).
"""

from itertools import pairwise

from django.db.models import F, Max

from ..models import Comment

GAP = 1024
# Comments lie loosely where each has as much room as there are comments, or this much.
LOOSE = 256


def between(thread, last, following):
    """A free position after the position `last` and before `following`, both of this thread; for
    the end of the thread `following` is None."""
    if following is None:
        return last + GAP
    if following - last < 2:
        following = _make_room(thread, last)
        last = thread.filter(position__lt=following).aggregate(last=Max("position"))["last"]
    # Most replies come after the newest: more room is left there.
    return last + max(1, (following - last) // 8)


def _make_room(thread, last):
    """Move what follows `last`; gives the new position of the first of it."""
    after = thread.filter(position__gt=last).order_by("position")
    rows = after.values_list("pk", "position").iterator(chunk_size=LOOSE)
    window = []
    for (pk, position), (_next, end) in pairwise(rows):
        window.append((pk, position))
        if end - last > (len(window) + 1) * min(len(window) + 1, LOOSE):
            return _spread(window, last, end)
    return _stretch(thread, after, last)


def _spread(window, start, end):
    moved = [
        Comment(pk=pk, position=start + (end - start) * at // (len(window) + 1))
        for at, (pk, _position) in enumerate(window, 1)
    ]
    Comment.objects.bulk_update(moved, ["position"], batch_size=LOOSE)
    return moved[0].position


def _stretch(thread, after, last):
    """Nothing up to the end lies loosely: the end moves away, and with it all of a thread that is
    dense before it too."""
    first = after.values_list("pk", flat=True)[0]
    start, moved, end = last, after, thread.aggregate(end=Max("position"))["end"]
    if end < thread.count() * LOOSE:
        start, moved = 0, thread.filter(position__gt=0)
    factor = max(2, moved.count() * GAP // (end - start))
    moved.order_by().update(position=start + (F("position") - start) * factor)
    return thread.values_list("position", flat=True).get(pk=first)
