"""What is kept of who named a work, and how it goes."""

from datetime import timedelta

from django.db.models import Q
from post_office.models import Email

from publishing.mailing import outbox

from ..models import Nomination

AFTER_ANSWER = timedelta(days=1)
LONGEST = timedelta(days=365)


def forget(email):
    """A person is erased; the work that was named stays, which is nobody's."""
    return Nomination.objects.filter(email__iexact=email.strip()).delete()[0] if email else 0


def forget_in_time(now):
    """Address and words, when the answer has gone; after a year in any case."""
    queued = Email.objects.filter(status__in=outbox.QUEUED).values("pk")
    done = Q(answered__lt=now - AFTER_ANSWER) & (Q(mail=None) | ~Q(mail__in=queued))
    old = Nomination.objects.filter(done | Q(created__lt=now - LONGEST))
    return old.exclude(email="", why="").update(email="", why="")


def exported(rows):
    """As plain data for JSON."""
    return [
        {
            **{name: getattr(row, name) for name in ("work", "why", "email", "language")},
            "created": row.created.isoformat(),
            "answered": row.answered and row.answered.isoformat(),
        }
        for row in rows
    ]
