"""What the author is told by mail: each new comment at once, or what has come in an hour or a day."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from publishing.models import SiteSettings

from . import flags, mail, spam
from .models import Comment, DeskSettings, Status

Notify = DeskSettings.Notify
EVERY = {Notify.HOURLY: timedelta(hours=1), Notify.DAILY: timedelta(days=1)}
LINK_LASTS = timedelta(days=30)
IN_ONE_MAIL = 50
SALT = "comments.decide"


def tell_at_once(comment):
    """Queue the mail for one new comment, if that is what she wants. Spam disturbs nobody."""
    desk = DeskSettings.load()
    to = _address(desk)
    if desk.notify == Notify.ONCE and to and comment.status == Status.PENDING:
        _send(to, desk.language, [comment])


@transaction.atomic
def digest(now=None):
    """Queue one mail for everything new, if its hour has come; the number of comments in it."""
    now = now or timezone.now()
    desk = DeskSettings.objects.select_for_update().filter(pk=1).first() or DeskSettings.load()
    every, to = EVERY.get(desk.notify), _address(desk)
    if every is None or not to or (desk.last_digest and desk.last_digest + every > now):
        return 0
    fresh = Q(created__gt=desk.last_digest) if desk.last_digest else Q()
    waiting = Comment.objects.waiting().filter(fresh).order_by("created", "pk").prefetch_related("page")
    comments = list(waiting[:IN_ONE_MAIL])
    if comments:
        _send(to, desk.language, comments)
    desk.last_digest = now
    desk.save()
    return len(comments)


def read(signed):
    """`(comment, decision)` of a link from such a mail; None when it is forged, too old, or the comment is gone."""
    try:
        pk, decision = signing.loads(signed, salt=SALT, max_age=LINK_LASTS)
    except (signing.BadSignature, ValueError):
        return None
    comment = Comment.objects.filter(pk=pk).prefetch_related("page").first()
    return (comment, decision) if comment is not None else None


def link(comment, decision):
    """An address that asks whether to do it; opening it does nothing."""
    with override(settings.LANGUAGE_CODE):
        return mail.absolute(reverse("comments:decide", args=[signing.dumps([comment.pk, decision], salt=SALT)]))


def is_hers(email):
    """Whether an e-mail address is the author's: nobody else may write under it."""
    staff = get_user_model().objects.filter(is_staff=True, email__iexact=email).exists()
    return staff or email.casefold() in {
        each.casefold() for each in (DeskSettings.load().address, SiteSettings.load().contact)
    }


def _address(desk):
    return desk.address or SiteSettings.load().contact


def _send(to, language, comments):
    with override(language):
        items = [_item(comment) for comment in comments]
    context = {"items": items, "waiting": Comment.objects.waiting().count(), "desk": _desk()}
    mail.send("waiting", to, language, context)


def _desk(query=""):
    with override(settings.LANGUAGE_CODE):
        return mail.absolute(reverse("admin:comments_comment_desk") + query)


def _item(comment):
    return {
        "comment": comment,
        "page": comment.page,
        "why": [why for _kind, why, _found in flags.by_kind(flags.find(comment.text))],
        "suspect": spam.is_suspect(comment),
        "approve": link(comment, "approve"),
        "spam": link(comment, "spam"),
        "desk": _desk(f"?at={comment.pk}"),
    }
