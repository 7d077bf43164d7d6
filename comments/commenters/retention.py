"""What is kept of people, for how long, and how it goes: the only place that forgets."""

import hashlib
import hmac
import secrets
from datetime import timedelta

from captcha.models import CaptchaStore
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from post_office.models import Email

from publishing import search, tasks
from publishing.limits import network
from publishing.mailing import outbox
from publishing.models import Follower
from references.models import Nomination
from references.nominating import forgetting

from .. import captcha
from ..following import people
from ..mailing import digest
from ..models import AddressSecret, Comment, Decision, SpentChallenge, Status, Subscription, Writer
from ..threads import order
from . import erasures


def address_hash(request):
    """A mark of the sender's network address: the same for one address during one week.

    The secret of the week is random and deleted after a while; from then on nobody can tell which
    address it was.
    """
    address = network(request.META.get("REMOTE_ADDR", ""))
    return (
        hmac.new(_secret().encode(), address.encode(), hashlib.sha256).hexdigest()
        if address
        else ""
    )


def _secret():
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    found = AddressSecret.objects.filter(day=monday).first()
    if found is None:
        try:
            with transaction.atomic():
                found = AddressSecret.objects.create(day=monday, secret=secrets.token_urlsafe(32))
        except IntegrityError:  # two at once: the other one made it
            found = AddressSecret.objects.get(day=monday)
    return found.secret


# Erasing


@transaction.atomic
def erase(comments):
    """Leave nothing of these comments but, where somebody answered, an empty place; the number of
    them."""
    comments = list(comments)
    order.lock({comment.root_id for comment in comments})
    # As they are now: who decided or corrected a moment ago must not bring back what is to go.
    comments = list(Comment.objects.filter(pk__in=[comment.pk for comment in comments]))
    erasures.remember(comments)
    emails = {comment.email.lower() for comment in comments} - {""}
    names = {comment.name for comment in comments}
    # From the end of a thread: what only answered each other goes whole.
    for comment in sorted(comments, key=lambda each: (each.root_id, -each.position)):
        _forget_around(comment)
        if (
            Comment.objects.filter(Q(parent=comment) | Q(root=comment))
            .exclude(pk=comment.pk)
            .exists()
        ):
            _blank(comment)
        else:
            comment.delete()
    search.forget_words(names)
    Writer.objects.filter(comments=None).delete()
    for email in emails:
        if not of_email(email).exists():
            _forget_mails(email)
    if comments:
        transaction.on_commit(lambda: tasks.enqueue("comments.sweep"))
    return len(comments)


def _forget_around(comment):
    """The same words and the name where others than the thread have kept them."""
    digest.forget(comment)
    kind = ContentType.objects.get_for_model(Comment)
    LogEntry.objects.filter(content_type=kind, object_id=str(comment.pk)).update(
        object_repr="–", change_message=""
    )
    comment.decisions.update(before={})
    Subscription.objects.filter(comment=comment).delete()


def _blank(comment):
    for name in (
        "name",
        "email",
        "text",
        "role",
        "draft",
        "original_text",
        "gloss",
        "address_hash",
        "consent_version",
    ):
        setattr(comment, name, "")
    comment.writer = comment.form_token = comment.consent_at = comment.edited = (
        comment.withdrawn
    ) = comment.put_right = None
    comment.spam_reasons, comment.urgent, comment.erased = [], False, timezone.now()
    comment.save()


def of_email(email):
    """Every comment that was sent with this address."""
    email = email.strip()
    return (
        Comment.objects.filter(email__iexact=email).order_by("pk")
        if email
        else Comment.objects.none()
    )


@transaction.atomic
def erase_email(email):
    """Erase all that was sent with this address, and the mails to it; the number of comments."""
    email = email.strip()
    if email:
        _forget_mails(email)
        erasures.remember_mailbox(email)
        people.forget(email)
        forgetting.forget(email)
    return erase(of_email(email))


def _forget_mails(email):
    Email.objects.filter(to__iexact=email).delete()
    transaction.on_commit(lambda: outbox.forget_files_to(email))


@transaction.atomic
def erase_again():
    """Whatever an earlier state of the site has brought back; the number of comments."""
    comments, mails = erasures.brought_back()
    Email.objects.filter(pk__in=mails).delete()
    people.end(Follower.objects.filter(pk__in=erasures.followers_brought_back()))
    Nomination.objects.filter(pk__in=erasures.nominations_brought_back()).delete()
    return erase(Comment.objects.filter(pk__in=comments))


# Telling


def export(comments, following=(), nominations=()):
    """What is kept about these comments, as plain data for JSON; `following`: rows of followers;
    `nominations`: works they named."""
    return {
        "exported": timezone.now().isoformat(),
        "site": settings.SITE_URL,
        "comments": [_exported(comment) for comment in comments],
        **({"following": people.exported(following)} if following else {}),
        **({"nominations": forgetting.exported(nominations)} if nominations else {}),
    }


def _exported(comment):
    subscription = Subscription.objects.filter(comment=comment).first()
    moments = ("created", "edited", "decided", "withdrawn", "put_right", "consent_at")
    return {
        "address": settings.SITE_URL + comment.get_absolute_url(),
        "page": str(comment.page or gettext("The page is gone.")),
        "in_reply_to": settings.SITE_URL + comment.parent.get_absolute_url()
        if comment.parent
        else None,
        **{
            name: getattr(comment, name)
            for name in ("name", "email", "kind", "role", "language", "text", "status")
        },
        "text_before_redaction": comment.original_text,
        **{
            name: value and value.isoformat()
            for name, value in ((each, getattr(comment, each)) for each in moments)
        },
        "consent_version": comment.consent_version,
        "address_hash": comment.address_hash,
        "spam_score": comment.spam_score,
        "urgent": comment.urgent,
        "replies_by_email": subscription
        and {
            "asked": subscription.asked.isoformat(),
            "confirmed": subscription.confirmed and subscription.confirmed.isoformat(),
        },
    }


# Forgetting in time


def purge(*, dry_run=False):
    """Forget what has been kept for as long as the settings say; `{what: number}`. With `dry_run`
    only count."""
    now = timezone.now()
    with transaction.atomic():
        counts = {name: forget(now) for name, forget in PURGED.items()}
        transaction.set_rollback(dry_run)
    return counts


def _before(now, days):
    return now - timedelta(days=days)


def _decided_before(now, days):
    before = _before(now, days)
    return Q(decided__lt=before) | Q(decided=None, created__lt=before)


def _spam(now):
    return erase(
        Comment.objects.filter(
            _decided_before(now, settings.COMMENT_SPAM_DAYS), status=Status.SPAM, erased=None
        )
    )


def _trash(now):
    """What the author threw away and what its writer withdrew."""
    return erase(
        Comment.objects.filter(
            _decided_before(now, settings.COMMENT_TRASH_DAYS), status=Status.TRASH, erased=None
        )
    )


def _hashes(now):
    before = _before(now, settings.COMMENT_HASH_DAYS)
    AddressSecret.objects.filter(day__lt=timezone.localdate(before) - timedelta(days=7)).delete()
    return (
        Comment.objects.filter(created__lt=before).exclude(address_hash="").update(address_hash="")
    )


def _emails(now):
    """Addresses nobody has confirmed, with what was asked for them."""
    before = _before(now, settings.COMMENT_EMAIL_DAYS)
    Subscription.objects.filter(asked__lt=before, confirmed=None).delete()
    unconfirmed = Comment.objects.filter(created__lt=before, subscription__confirmed=None).exclude(
        email=""
    )
    return unconfirmed.filter(by_author=False).update(email="")


def _originals(now):
    """What the author had covered, and kept for herself."""
    before = _before(now, settings.COMMENT_ORIGINAL_DAYS)
    Decision.objects.filter(at__lt=before).exclude(before={}).update(before={})
    old = Comment.objects.filter(decided__lt=before).exclude(original_text="")
    return old.update(original_text="")


def _captchas(now):
    spent = SpentChallenge.objects.filter(at__lt=now - captcha.lasts()).delete()[0]
    return spent + CaptchaStore.objects.filter(expiration__lt=now).delete()[0]


PURGED = {
    "followers nobody confirmed": people.forget_unconfirmed,
    "those who named a work and were answered": forgetting.forget_in_time,
    "spam": _spam,
    "trash": _trash,
    "address hashes": _hashes,
    "unconfirmed e-mail addresses": _emails,
    "originals of redacted comments": _originals,
    "captchas": _captchas,
}
