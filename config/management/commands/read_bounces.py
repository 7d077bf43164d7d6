import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from comments.commenters import bounced
from comments.mailing import inbox
from publishing.mailing import bounces


class Command(BaseCommand):
    help = (
        "Read reports of mails that could not be delivered: who is not there any more is mailed no"
        " more. From the inbox BOUNCES names, or one report from standard input (-), as an alias of"
        " a mail server gives it."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "place", nargs="?", help="a Maildir, an mbox, imaps://…, or -; else BOUNCES in .env"
        )

    def handle(self, *, place, **options):
        if place == "-":
            ended = bounced.take(sys.stdin.buffer.read(bounces.MOST))
            self.stdout.write(f"{ended} ended.")
            return
        place = place or settings.BOUNCES
        if not place:
            raise CommandError("BOUNCES is not set: name an inbox, or - for standard input.")
        try:
            reports, ended = bounced.read(place)
        except inbox.InboxError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{reports} read, {ended} ended.")
