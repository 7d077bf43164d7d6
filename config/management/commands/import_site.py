import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from config.backup.making import ERASURES
from config.moving.whole import reading


class Command(BaseCommand):
    help = (
        "Bring what export_site wrote into an empty site: the same pages at the same addresses,"
        " comments, library, pictures. All of it or nothing; what came in is compared. Accounts are"
        " not in it."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--erasures", metavar="FILE", type=Path,
            help="what was erased since it was written: erasures.json, which `backup` keeps beside"
            " the backups; without this, the one beside the folder, if there is one",
        )  # fmt: skip

    def handle(self, *, folder, erasures, **options):
        beside = folder.absolute().parent / ERASURES
        erasures = erasures or (beside if beside.exists() else None)
        try:
            erased = json.loads(erasures.read_text(encoding="utf-8")) if erasures else []
        except (OSError, ValueError):
            raise CommandError(f"{erasures} is no list of what was erased.") from None
        try:
            made, again = reading.read(folder, erased=erased)
        except reading.Refused as error:
            raise CommandError(str(error)) from None
        rows = sum(each["rows"] for each in made["tables"].values())
        self.stdout.write(f"{rows} rows of {len(made['tables'])} tables came in, as they were.")
        if again:
            self.stdout.write(f"{again} comments that were erased since: erased again.")
