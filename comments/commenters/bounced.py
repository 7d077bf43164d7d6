"""Mails that come back: who is not there any more is written to no more."""

from django.db import transaction
from post_office.models import STATUS, Email, Log

from publishing.mailing import bounces

from ..following import people
from ..mailing import inbox
from ..models import Subscription


def read(place):
    """Read what lies there; `(reports, addresses that ended)`."""
    reports = ended = 0
    for data in inbox.messages(place):
        reports += 1
        ended += take(data)
    return reports, ended


def take(data):
    """One report, as bytes; how many requests for mail it ends. Anything else is none.

    Whoever sends one has to know the name of the mail, which only its receiver and servers on its
    way have seen.
    """
    bounce = bounces.parse(data)
    email = bounce and _about(bounce)
    return end(email, bounce.said) if email and bounce.is_final else 0


def _about(bounce):
    found = {
        each.message_id: each for each in Email.objects.filter(message_id__in=bounce.message_ids)
    }
    return next((found[name] for name in bounce.message_ids if name in found), None)


@transaction.atomic
def end(email, said):
    """Nobody is at the address of this mail: it is written down there, and nothing more goes to it
    by itself. The number of requests that end."""
    Log.objects.create(
        email=email, status=STATUS.failed, exception_type="Bounce", message=said[:1000]
    )
    ended = 0
    for address in email.to:
        found = Subscription.objects.filter(comment__email__iexact=address)
        ended += found.count()
        found.delete()
        ended += people.forget(address)
    return ended
