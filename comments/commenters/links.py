"""A commenter's own page: opened by a key, without an account; whoever has the key is that
person.

A key is good for a time, and until a new one is asked for. See docs/adr/0035.
"""

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, Signer, TimestampSigner
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from ..mailing import digest
from ..models import Comment, Status, Writer
from ..models.people import new_key
from ..moderation import flags
from ..threads import order

_signer = TimestampSigner(salt="comments.key")
_without_time = Signer(salt="comments.own")  # keys of 0.1.0, in mails that were sent


def signed(writer):
    return _signer.sign(writer.key)


def link(writer):
    """The address with the key, for mails and for who has just written."""
    return reverse("comments:key", args=[signed(writer)])


def opened(value):
    """The `Writer` a key belongs to, or None."""
    writer, is_old = found(value)
    return None if is_old else writer


def found(value):
    """`(writer, whether the key has grown too old)`; no writer for a key that is none."""
    lasts = timedelta(days=settings.COMMENT_KEY_DAYS)
    try:
        return Writer.objects.filter(key=_signer.unsign(value, max_age=lasts)).first(), False
    except SignatureExpired:
        return Writer.objects.filter(key=_signer.unsign(value)).first(), True
    except BadSignature:
        pass
    try:
        writer = Writer.objects.filter(key=_without_time.unsign(value)).first()
    except BadSignature:
        return None, False
    return writer, writer is not None and writer.created + lasts < timezone.now()


def renew(writer):
    """Give somebody another key: all before open nothing any more, in mails and browsers alike."""
    writer.key = new_key()
    writer.save(update_fields=["key"])


def email_of(writer):
    """Where a new key may be sent: the address given last and still kept; "" without one."""
    kept = comments_of(writer).exclude(email="").values_list("email", flat=True)
    return kept.first() or ""


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
