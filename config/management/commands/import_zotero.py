from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext

from config.moving.wordpress import report
from config.moving.zotero import bring, library


class Command(BaseCommand):
    help = (
        "Bring a library of Zotero in, from a copy of its folder (zotero.sqlite and storage):"
        " works, collections as lists of yours, notes as private notes, tags, PDFs as private"
        " files. Run again with a newer copy it takes what is new or changed there; what you"
        " changed here is kept and listed. Close Zotero before you copy."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--report", type=Path, metavar="FILE", help="write the report to a file as well"
        )
        parser.add_argument("--dry-run", action="store_true", help="tell, and write nothing")

    def handle(self, *, folder, dry_run, **options):
        try:
            done = bring.bring(folder, dry=dry_run)
        except library.Unreadable as error:
            raise CommandError(f"{folder}: {gettext(str(error))}") from None
        text = "\n".join(report.lines(done))
        self.stdout.write(text)
        if dry_run:
            self.stdout.write("Nothing was written.")
        if options["report"]:
            options["report"].write_text(text + "\n", encoding="utf-8")
