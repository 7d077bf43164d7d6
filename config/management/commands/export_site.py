from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from config.moving.static import crawl
from config.moving.whole import writing


class Command(BaseCommand):
    help = (
        "Write the whole site into a new folder as open files: public/ for everybody (pages as HTML"
        " and Markdown, the library as CSL-JSON and BibTeX, comments, pictures), private/ for you"
        " alone (all rows, e-mail addresses, drafts, consents). import_site brings it back."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--static", action="store_true",
            help="Write a copy of the public site instead: plain files for any web server or a"
            " USB stick. No search; the contact address instead of forms.",
        )  # fmt: skip

    def handle(self, *, folder, static, **options):
        try:
            if static:
                self.copy(folder)
                return
            made = writing.write(folder)
        except writing.Refused as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{folder}: {error.strerror}") from None
        rows = sum(each["rows"] for each in made["tables"].values())
        self.stdout.write(
            f"{rows} rows of {len(made['tables'])} tables, {made['pages']} pages,"
            f" {sum(made['files'].values())} files in {folder}."
        )
        self.stdout.write("private/ holds e-mail addresses and drafts: give it to nobody.")

    def copy(self, folder):
        made = crawl.write(folder)
        self.stdout.write(f"{made.pages} pages and {made.files} files in {folder}.")
        for address in made.missing:
            self.stdout.write(f"Linked, but not there: {address}")
