"""“Mail me when somebody answers”: asked for in the form, confirmed from the mail, ended with one
press."""

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override

from publishing.limits import folded_mailbox
from publishing.mailing import outbox

from ..mailing import words
from ..models import Comment, Status, Subscription
from ..threads import order
from . import links

# The author may think better of an approval: until then nobody has been told.
GRACE = timedelta(minutes=10)
WELCOMES_A_DAY = 3
_signer = Signer(salt="comments.subscription")


def signed(subscription):
    return _signer.sign(str(subscription.pk))


def opened(value):
    """The subscription a signed link belongs to, or None when there is none (any more)."""
    try:
        return (
            Subscription.objects.select_related("comment__writer")
            .filter(pk=_signer.unsign(value))
            .first()
        )
    except (BadSignature, ValueError):
        return None


def welcome(comment, *, replies):
    """Queue the mail with the link to the writer's own page; with `replies`, also what confirms
    that they are wanted.

    It holds no word of what was written: nobody can use the form to send a stranger words of
    theirs.
    """
    if (
        not comment.email
        or comment.status == Status.SPAM
        or comment.by_author
        or has_enough(comment.email)
    ):
        return
    language = get_language() or settings.LANGUAGE_CODE
    subscription = (
        Subscription.objects.create(comment=comment, language=language) if replies else None
    )
    context = {
        "page": comment.page,
        "own_page": outbox.absolute(links.link(comment.writer)),
        "confirm": subscription
        and outbox.absolute(reverse("comments:confirm", args=[signed(subscription)])),
        "days": settings.COMMENT_EMAIL_DAYS,
    }
    outbox.send("welcome", comment.email, language, context)


def has_enough(email):
    """Nobody can have a stranger flooded with mail by writing in their name: the link is on the
    screen all the same."""
    since = timezone.now() - timedelta(days=1)
    mailbox = folded_mailbox(email)
    lately = (
        Comment.objects.filter(created__gt=since).exclude(email="").values_list("email", flat=True)
    )
    return sum(folded_mailbox(each) == mailbox for each in lately) > WELCOMES_A_DAY


def confirm(subscription):
    """Safe to call twice, and of one that was ended a moment ago."""
    subscription.confirmed = subscription.confirmed or timezone.now()
    Subscription.objects.filter(pk=subscription.pk, confirmed=None).update(
        confirmed=subscription.confirmed
    )


def end(subscription):
    Subscription.objects.filter(pk=subscription.pk).delete()


@transaction.atomic(savepoint=False)
def follow(comment):
    """Once a reply is public, tell those above it who asked to hear of it; once it is not, tell
    nobody who was not told yet.

    Safe to call after any change of its status. The caller holds the thread (`order.lock`), and the
    comment is as it stands there.
    """
    if not comment.is_approved:
        _recall(comment)
    elif comment.announced is None and comment.has_public_address():
        listeners = _listeners(comment)
        for subscription in listeners:
            _tell(subscription, comment)
        if listeners:
            _mark(comment, timezone.now())


def _recall(comment):
    if comment.announced and outbox.cancel(**{"headers__X-Reply": str(comment.pk)}):
        _mark(comment, None)


def _mark(comment, announced):
    comment.announced = announced
    Comment.objects.filter(pk=comment.pk).update(announced=announced)


def _listeners(reply):
    """Confirmed subscriptions of the comments above, nearest first; one for each address, none of
    the replier's own."""
    if reply.parent_id is None:
        return []
    found = list(
        Subscription.objects.filter(comment__root=reply.root_id)
        .exclude(confirmed=None)
        .select_related("comment__writer")
    )
    if not found:
        return []
    above = order.way_up(reply)
    found = [each for each in found if each.comment_id in above]
    told, listeners = {reply.email.lower()}, []
    for subscription in sorted(found, key=lambda each: above.index(each.comment_id)):
        comment = subscription.comment
        same = reply.writer_id is not None and comment.writer_id == reply.writer_id
        if comment.is_approved and comment.email and not same and comment.email.lower() not in told:
            told.add(comment.email.lower())
            listeners.append(subscription)
    return listeners


def _tell(subscription, reply):
    with override(subscription.language):
        stop = outbox.absolute(reverse("comments:unsubscribe", args=[signed(subscription)]))
        context = {
            "page": reply.page,
            "reply": reply,
            "address": outbox.absolute(reply.get_absolute_url()),
            "own_page": outbox.absolute(links.link(subscription.comment.writer))
            if subscription.comment.writer
            else None,
            "stop": stop,
        }
    headers = {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "X-Reply": str(reply.pk),
    }
    words.send(
        "reply",
        subscription.comment.email,
        subscription.language,
        context,
        headers,
        after=GRACE,
        about=[reply],
    )
