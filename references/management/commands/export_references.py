import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from references import formats
from references.exporting import files
from references.models import Reference

ENDINGS = ", ".join(f".{ending}" for ending in files.LABELS)


class Command(BaseCommand):
    help = f"Write the whole library to a file; the ending of its name says the format ({ENDINGS})."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", help="the file to write; - for standard output")
        parser.add_argument(
            "--format", choices=list(files.LABELS), help="the format, whatever the name of the file"
        )

    def handle(self, *, file, format, **options):
        ending = format or next(
            (each for each in files.LABELS if file.lower().endswith(f".{each}")), None
        )
        if ending is None:
            raise CommandError(
                f"{file}: no format ends like this. Give a name ending in {ENDINGS}, or --format."
            )
        pieces = formats.write(files.records(Reference.objects.order_by("pk")), ending)
        if file == "-":
            sys.stdout.writelines(pieces)
            return
        try:
            with Path(file).open("w", encoding="utf-8", newline="") as out:
                out.writelines(pieces)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from None
        self.stdout.write(f"{file}: {Reference.objects.count()} references")
