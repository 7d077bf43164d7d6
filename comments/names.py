"""What the search keeps of a comment names its page: when that gets another title or number, so do
these rows."""

from django.db import transaction

from publishing import search

from .models import Comment
from .threads import order, targets


def follow(page):
    """Write the search rows of all that is said on a page again, a batch at a time."""
    if not targets.carries_comments(type(page)):
        return
    last = 0
    while last is not None:
        last = _batch(page, last)


@transaction.atomic
def _batch(page, last):
    """Those after `last`; gives the last of them, None when there are none. Nobody erases one of
    them meanwhile."""
    found = Comment.objects.approved().on(page).order_by("pk")
    rows = list(found.filter(pk__gt=last).values_list("pk", "root_id")[: search.BATCH])
    order.lock(root for _pk, root in rows)
    comments = list(found.filter(pk__in=[pk for pk, _root in rows]))
    for comment in comments:
        comment.page = page
    search.index_all(comments)
    return rows[-1][0] if rows else None


search.register_follower(follow)
