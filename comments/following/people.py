"""Who follows: asked, confirmed, ended, told what is kept of them."""

import re
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from publishing.following import topics
from publishing.mailing import outbox
from publishing.models import Follower

from .. import captcha
from ..models import Subscription

COOKIE = "__Host-following" if settings.SESSION_COOKIE_SECURE else "following"
LASTS = 2 * 3600  # seconds since it was used last
SALT = "comments.following.opened"
KEY = re.compile(r"[\w-]{1,40}", re.ASCII)


@transaction.atomic
def ask(form):
    """Keep the wish, and queue the mail that asks whether it is theirs. The mail holds no word of
    whoever sent the form. An address that follows already is told so by the same mail."""
    language = get_language() or settings.LANGUAGE_CODE
    row, _made = Follower.objects.get_or_create(
        email=form.cleaned_data["email"],
        topic=form.topic.key,
        defaults={"language": language, "wording": str(form.wording), "at_once": True},
    )
    captcha.spend(form.stamp.token, form.cleaned_data["captcha"])
    context = {
        "topic": form.topic,
        "confirm": outbox.absolute(reverse("comments:follow-confirm", args=[row.key])),
        "days": settings.COMMENT_EMAIL_DAYS,
    }
    outbox.send("follow", row.email, language, context)
    return row


def by_key(key):
    """The row a link belongs to, or None; old links of ended rows lead nowhere."""
    return Follower.objects.filter(key=key).first() if KEY.fullmatch(key) else None


def confirm(row):
    """Safe to call twice."""
    found = Follower.objects.filter(pk=row.pk, confirmed=None)
    found.update(confirmed=timezone.now())


def all_of(row):
    """All that the same mailbox has confirmed to follow, and this row."""
    return Follower.objects.filter(email=row.email).exclude(confirmed=None) | (
        Follower.objects.filter(pk=row.pk)
    )


def end(rows):
    """Nothing is kept of it."""
    return rows.delete()[0]


def forget(email):
    """A person is erased."""
    return end(Follower.objects.filter(email__iexact=email.strip()))


def forget_unconfirmed(now):
    before = now - timedelta(days=settings.COMMENT_EMAIL_DAYS)
    return end(Follower.objects.filter(agreed__lt=before, confirmed=None))


def mailboxes_of(writer):
    """Those of the writer of comments of which a link in a mail has shown that they are theirs; a
    key is also on the screen of whoever typed an address."""
    shown = Subscription.objects.filter(comment__writer=writer, comment__erased=None)
    emails = shown.exclude(confirmed=None).values_list("comment__email", flat=True)
    return {email.lower() for email in emails if email}


def known_to_be(writer):
    """What the writer of comments follows."""
    return Follower.objects.filter(email__in=mailboxes_of(writer)).exclude(confirmed=None)


def named(rows):
    """Rows with what they follow, as `topic_shown`; what is gone has none."""
    found = list(rows.order_by("pk"))
    for row in found:
        row.topic_shown = topics.of(row.topic)
    return found


def exported(rows):
    """As plain data for JSON."""
    return [
        {
            "email": row.email,
            "follows": row.topic,
            "language": row.language,
            "agreed_to": row.wording,
            **{
                name: getattr(row, name) and getattr(row, name).isoformat()
                for name in ("agreed", "confirmed", "told", "warned")
            },
        }
        for row in rows.order_by("pk")
    ]


# Who is at their own page now


def keep(response, row):
    response.set_cookie(
        COOKIE,
        signing.dumps(row.key, salt=SALT),
        max_age=LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def close(response):
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


def opened(request):
    try:
        key = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    return by_key(key)
