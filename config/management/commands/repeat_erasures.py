from django.core.management.base import BaseCommand

from comments.commenters import retention


class Command(BaseCommand):
    help = (
        "Erase again what was erased since the backup that was just restored was made (it is noted"
        " in var/erasures.jsonl). Safe to run at any time; every start does it too."
    )

    def handle(self, **options):
        self.stdout.write(f"{retention.repeat_erasures()} comments erased again.")
