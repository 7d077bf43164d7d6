"""What the author is told by mail: each new comment at once, or what has come in an hour or a
day."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from publishing.mailing import outbox
from publishing.models import SiteSettings

from ..models import Comment, DeskSettings, Status
from ..moderation import flags
from . import words

Notify = DeskSettings.Notify
EVERY = {Notify.HOURLY: timedelta(hours=1), Notify.DAILY: timedelta(days=1)}
LINK_LASTS = timedelta(days=30)
IN_ONE_MAIL = 50
SALT = "comments.decide"


def tell_at_once(comment):
    """Queue the mail for one new comment, if that is what she wants; for what may be an emergency
    also if she wants the others gathered. Spam disturbs nobody.
    """
    desk = DeskSettings.load()
    to = address(desk)
    at_once = desk.notify == Notify.ONCE or (desk.notify in EVERY and comment.urgent)
    if at_once and to and comment.status == Status.PENDING:
        _send(to, desk.language, [comment])


@transaction.atomic
def digest(now=None):
    """Queue one mail for everything new, if its hour has come; the number of comments in it.

    What may be an emergency stands first. Of very many the mail names the first and says how many
    more there are.
    """
    now = now or timezone.now()
    desk = DeskSettings.objects.select_for_update().filter(pk=1).first() or DeskSettings.load()
    every, to = EVERY.get(desk.notify), address(desk)
    if desk.last_digest and every and desk.last_digest > now:  # said by a clock that ran ahead
        desk.last_digest = now - every
    if every is None or not to or (desk.last_digest and desk.last_digest + every > now):
        return 0
    fresh = Q(created__gt=desk.last_digest) if desk.last_digest else Q()
    waiting = (
        Comment.objects.waiting().filter(fresh).order_by("created", "pk").prefetch_related("page")
    )
    urgent = [comment for comment in waiting if comment.urgent]
    comments = urgent + [comment for comment in waiting if comment not in urgent]
    if comments:
        _send(to, desk.language, comments)
    desk.last_digest = now
    desk.save()
    return len(comments)


def forget(comment):
    """Leave its words in no mail that is kept. One that still waits, to her and about others too,
    is written anew."""
    mails = list(words.about(comment))
    names = [email.message_id for email in mails]
    transaction.on_commit(lambda: outbox.forget_files_of(names))
    for email in mails:
        others = Comment.objects.waiting().filter(mailed__email=email).exclude(pk=comment.pk)
        if email.status in outbox.QUEUED and others:
            _send(
                email.to[0],
                DeskSettings.load().language,
                list(others.order_by("created", "pk").prefetch_related("page")),
            )
        email.delete()


def read(signed):
    """`(comment, decision)` of a link from such a mail; None when it is forged, too old, or the
    comment is gone."""
    try:
        pk, decision = signing.loads(signed, salt=SALT, max_age=LINK_LASTS)
    except (signing.BadSignature, ValueError):
        return None
    comment = Comment.objects.filter(pk=pk).prefetch_related("page").first()
    return (comment, decision) if comment is not None else None


def link(comment, decision):
    """An address that asks whether to do it; opening it does nothing."""
    with override(settings.LANGUAGE_CODE):
        return outbox.absolute(
            reverse("comments:decide", args=[signing.dumps([comment.pk, decision], salt=SALT)])
        )


def is_hers(email):
    """Whether an e-mail address is the author's: nobody else may write under it."""
    staff = get_user_model().objects.filter(is_staff=True, email__iexact=email).exists()
    return staff or email.casefold() in {
        each.casefold() for each in (DeskSettings.load().address, SiteSettings.load().contact)
    }


def address(desk=None):
    """Where the author is mailed; empty if nowhere."""
    desk = desk or DeskSettings.load()
    return desk.address or SiteSettings.load().contact


def _send(to, language, comments):
    with override(language):
        items = [_item(comment) for comment in comments[:IN_ONE_MAIL]]
    context = {
        "items": items,
        "new": len(comments),
        "left_out": len(comments) - len(items),
        "urgent": any(item["urgent"] for item in items),
        "waiting": Comment.objects.waiting().count(),
        "desk": _desk(),
    }
    words.send("waiting", to, language, context, about=[item["comment"] for item in items])


def _desk(query=""):
    with override(settings.LANGUAGE_CODE):
        return outbox.absolute(reverse("admin:comments_comment_desk") + query)


def _item(comment):
    found = flags.by_kind(flags.find(comment.text))
    return {
        "comment": comment,
        "page": comment.page,
        "urgent": any(kind == flags.CRISIS for kind, _why, _found in found),
        "why": [why for _kind, why, _found in found],
        "suspect": comment.is_suspect,
        "approve": link(comment, "approve"),
        "spam": link(comment, "spam"),
        "desk": _desk(f"?at={comment.pk}&from=mail"),
    }
