"""Pictures and private files that lie in the folders are sent to the store of S3_URL."""

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError

from publishing.storage import private


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options):
        if not settings.S3:
            raise CommandError("S3_URL names no store: the files lie where they are.")
        count = sum(storage.send_all() for storage in (default_storage, private()))
        self.stdout.write(f"{count} files sent.")
