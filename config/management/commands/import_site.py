from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from config.moving.whole import reading


class Command(BaseCommand):
    help = (
        "Bring what export_site wrote into an empty site: the same pages at the same addresses,"
        " comments, library, pictures. All of it or nothing; what came in is compared. Accounts are"
        " not in it."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder, **options):
        try:
            made = reading.read(folder)
        except reading.Refused as error:
            raise CommandError(str(error)) from None
        rows = sum(each["rows"] for each in made["tables"].values())
        self.stdout.write(f"{rows} rows of {len(made['tables'])} tables came in, as they were.")
