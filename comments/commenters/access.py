"""The log of who looked: called by whatever shows, takes out or erases what is kept of somebody."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import DatabaseError
from django.utils import timezone

from ..models import Access

log = logging.getLogger(__name__)
What = Access.What
SHOWN = 50


def note(what, comments, user=None):
    """`user`: who did it at the desk; None for the person themselves."""
    Access.objects.bulk_create(
        Access(what=what, comment_number=comment.pk, by=user) for comment in comments
    )


def seen(comments, user):
    """That somebody at the desk had them on the screen, with what is not public of them: once a
    day is enough. Where it cannot be written down now, the desk is shown all the same.
    """
    by_number = {comment.pk: comment for comment in comments}
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    known = Access.objects.filter(
        what=What.READ, by=user, at__gte=today, comment_number__in=by_number
    ).values_list("comment_number", flat=True)
    try:
        fresh = by_number.keys() - set(known)
        if fresh:
            note(What.READ, [by_number[number] for number in sorted(fresh)], user)
    except DatabaseError as error:
        log.warning("A look at %d comments was not noted: %s", len(by_number), error)


@dataclass(frozen=True)
class Look:
    at: datetime
    what: str
    who: str  # the name of an account, "" for the person themselves
    count: int  # comments


def of(comments):
    """The last looks at these comments; what was done at once is one look."""
    rows = list(
        Access.objects.filter(comment_number__in=comments.order_by().values("pk"))[: SHOWN * 50]
    )
    names = get_user_model().objects.in_bulk({row.by_id for row in rows if row.by_id})
    looks = {}
    for row in rows:
        looks.setdefault((row.at.replace(microsecond=0), row.what, row.by_id), []).append(row)
    return [
        Look(at, found[0].get_what_display(), _who(by, names), len(found))
        for (at, _what, by), found in list(looks.items())[:SHOWN]
    ]


def _who(number, names):
    if number is None:
        return ""
    return names[number].get_username() if number in names else f"#{number}"
