import json
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config import schema
from config.backup import since


class Command(BaseCommand):
    help = (
        "Called by `restore` on the restored database: bring it up to date, and erase what was"
        " erased since."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file, **options):
        call_command("migrate", interactive=False, verbosity=0)
        if wrong := schema.differences():
            raise CommandError(f"it is of another version: {'; '.join(wrong[:3])}")
        counts = since.repeat(json.loads(file.read_text()))
        for what, number in counts.items():
            if number:
                self.stdout.write(f"{number} {what} since the backup: done again.")
