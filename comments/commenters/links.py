"""A commenter's own page: reached by a signed link, without an account; whoever has the link is
that person."""

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from ..mailing import digest
from ..models import Comment, Status, Writer
from ..moderation import flags
from ..threads import order

_signer = Signer(salt="comments.own")


def signed(writer):
    return _signer.sign(writer.key)


def link(writer):
    return reverse("comments:mine", args=[signed(writer)])


def opened(value):
    """The `Writer` a signed link belongs to, or None."""
    try:
        return Writer.objects.filter(key=_signer.unsign(value)).first()
    except BadSignature:
        return None


def comments_of(writer):
    return (
        Comment.objects.filter(writer=writer, erased=None)
        .select_related("subscription")
        .order_by("-created", "-pk")
    )


def can_correct(comment):
    return (
        comment.withdrawn is None
        and comment.status in (Status.PENDING, Status.APPROVED)
        and timezone.now() < correct_until(comment)
    )


def correct_until(comment):
    return comment.created + timedelta(hours=settings.COMMENT_EDIT_HOURS)


def _hold(comment):
    """Keep others from its thread and read it as it is now; False when it has been erased."""
    order.lock([comment.root_id])
    try:
        comment.refresh_from_db()
    except Comment.DoesNotExist:
        return False
    return comment.erased is None


@transaction.atomic
def correct(*, comment, changes):
    """Put other words in the place of the old ones. They are read again before they appear, save
    for a mere language."""
    if not _hold(comment):
        return False
    changed = {name for name, value in changes.items() if getattr(comment, name) != value}
    if not changed or not can_correct(comment):
        return False
    for name in changed:
        setattr(comment, name, changes[name])
    was_urgent, comment.urgent = comment.urgent, flags.is_urgent(comment)
    if changed != {"language"}:
        comment.edited = timezone.now()
        if comment.status == Status.APPROVED:
            comment.status, comment.decided = Status.PENDING, None
        changed |= {"edited", "status", "decided"}
    comment.save(update_fields=changed | {"urgent"})
    if comment.urgent and not was_urgent:
        digest.tell_at_once(comment)
    return True


@transaction.atomic
def withdraw(comment):
    if not _hold(comment) or comment.withdrawn:
        return
    now = timezone.now()
    comment.withdrawn, comment.status, comment.decided = now, Status.TRASH, now
    comment.save(update_fields=["withdrawn", "status", "decided"])


@transaction.atomic
def bring_back(comment):
    """What was withdrawn waits to be read again."""
    if _hold(comment) and comment.withdrawn:
        comment.withdrawn, comment.status, comment.decided = None, Status.PENDING, None
        comment.save(update_fields=["withdrawn", "status", "decided"])
