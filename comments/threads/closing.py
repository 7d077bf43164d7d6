"""Conversations end: by the author's hand, or a number of days after the last words. What has been
said stays."""

from datetime import timedelta

from django.conf import settings
from django.db.models import BooleanField, Exists, ExpressionWrapper, Max, OuterRef, Q
from django.utils import timezone

from publishing.http.moments import of_fields

from ..models import Comment


def is_closed(comment):
    """Whether nobody may reply to it any more."""
    return comment.root_id in closed_among([comment.root_id])


def closed_among(roots):
    """Which of these conversations, named by their roots, are closed. One query."""
    threads = Comment.objects.filter(root__in=set(roots)).order_by()
    ended = Q(root__closed=True)
    if settings.COMMENTS_CLOSE_AFTER_DAYS:
        before = timezone.now() - timedelta(days=settings.COMMENTS_CLOSE_AFTER_DAYS)
        ended |= Q(last__lt=before)
    return set(
        threads.values_list("root_id", flat=True).annotate(last=Max("created")).filter(ended)
    )


def ended():
    """The same as a value of each row of a query of comments."""
    closed = Q(root__closed=True)
    if settings.COMMENTS_CLOSE_AFTER_DAYS:
        before = timezone.now() - timedelta(days=settings.COMMENTS_CLOSE_AFTER_DAYS)
        closed |= ~Exists(Comment.objects.filter(root=OuterRef("root_id"), created__gte=before))
    return ExpressionWrapper(closed, output_field=BooleanField())


def moments(now):
    """`(last, next)` at which a conversation may have closed by itself; None where none does."""
    if not settings.COMMENTS_CLOSE_AFTER_DAYS:
        return None, None
    after = timedelta(days=settings.COMMENTS_CLOSE_AFTER_DAYS)
    before, following = of_fields(Comment.objects, now - after, "created")
    return before and before + after, following and following + after
