"""What the writer of comments named, as far as the mailbox is known to be theirs."""

from references.models import Nomination

from ..following import people


def known_to_be(writer):
    return Nomination.objects.filter(email__in=people.mailboxes_of(writer)).exclude(email="")
