"""What was erased is remembered without what it was, so that nothing brings it back."""

from django.conf import settings
from django.utils.crypto import salted_hmac
from post_office.models import Email

from publishing.models import Follower
from references.models import Nomination

from ..models import Comment, Erasure


def remember(comments):
    """For `retention.erase`; one that was erased before is known already."""
    Erasure.objects.bulk_create(
        [Erasure(comment=each.pk, created=each.created) for each in comments], ignore_conflicts=True
    )


def remember_mailbox(email):
    Erasure.objects.create(mailbox=marks(email)[0])


def was_erased(email, created) -> bool:
    """Whether all that this mailbox had sent until then was erased: an import leaves it out."""
    return (
        bool(email) and Erasure.objects.filter(mailbox__in=marks(email), at__gte=created).exists()
    )


def remembered():
    """`was_erased` for many at once: a function of the same arguments that asks nothing more."""
    boxes = _boxes()
    return lambda email, created: bool(email and boxes) and _is_before(boxes, email, created)


def _boxes():
    known = Erasure.objects.exclude(mailbox="").values_list("mailbox", "at")
    return dict(known.order_by("at"))


def marks(email):
    """Of a mailbox, by today's key of the site and by those before it."""
    box = email.strip().lower()
    return [
        salted_hmac("comments.erasure", box, secret=key, algorithm="sha256").hexdigest()
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ]


def brought_back():
    """`(comments, mails)` that are here although they were erased."""
    boxes = _boxes()
    numbers = dict(Erasure.objects.exclude(comment=None).values_list("comment", "created"))
    comments = [
        comment.pk
        for comment in Comment.objects.filter(erased=None).only(
            "pk", "email", "created", "by_author"
        )
        if numbers.get(comment.pk) == comment.created
        or (
            comment.email
            and not comment.by_author
            and _is_before(boxes, comment.email, comment.created)
        )
    ]
    mails = [
        mail.pk
        for mail in Email.objects.only("pk", "to", "created")
        if boxes and any(_is_before(boxes, box, mail.created) for box in mail.to)
    ]
    return comments, mails


def followers_brought_back():
    """The numbers of followers whose mailbox was erased since they agreed."""
    boxes = _boxes()
    rows = Follower.objects.only("pk", "email", "agreed") if boxes else ()
    return [row.pk for row in rows if _is_before(boxes, row.email, row.agreed)]


def nominations_brought_back():
    """The same of those who named a work."""
    boxes = _boxes()
    rows = Nomination.objects.exclude(email="").only("pk", "email", "created") if boxes else ()
    return [row.pk for row in rows if _is_before(boxes, row.email, row.created)]


def _is_before(boxes, email, moment):
    return any(mark in boxes and moment <= boxes[mark] for mark in (marks(email) if boxes else ()))
