from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from config.moving.static import crawl
from config.moving.static.archive import Archive
from config.moving.whole import wordpress, writing


class Command(BaseCommand):
    help = (
        "Write the whole site into a new folder as open files: public/ for everybody (pages as HTML"
        " and Markdown, the library as CSL-JSON and BibTeX, comments, pictures), private/ for you"
        " alone (all rows, e-mail addresses, drafts, consents). import_site brings it back."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", type=Path)
        parser.add_argument(
            "--static", action="store_true",
            help="Write a copy of the public site instead: plain files for any web server or a"
            " USB stick. The contact address instead of forms.",
        )  # fmt: skip
        parser.add_argument(
            "--warc", metavar="FILE", type=Path,
            help="With --static: keep all answers of the site in a file for web archives as well.",
        )  # fmt: skip
        parser.add_argument(
            "--wxr", metavar="FILE", type=Path,
            help="Write a file instead that WordPress takes in (Tools → Import): pages, posts,"
            " subjects, pictures, comments.",
        )  # fmt: skip

    def handle(self, *, folder, static, warc, wxr, **options):
        if (folder is None) == (wxr is None):
            raise CommandError("Say where to: a folder, or --wxr FILE.")
        if warc and not static:
            raise CommandError("--warc goes with --static.")
        try:
            if wxr:
                self.for_wordpress(wxr)
                return
            if static:
                self.copy(folder, warc)
                return
            made = writing.write(folder)
        except writing.Refused as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{folder or wxr}: {error.strerror}") from None
        rows = sum(each["rows"] for each in made["tables"].values())
        self.stdout.write(
            f"{rows} rows of {len(made['tables'])} tables, {made['pages']} pages,"
            f" {sum(made['files'].values())} files in {folder}."
        )
        self.stdout.write("private/ holds e-mail addresses and drafts: give it to nobody.")

    def for_wordpress(self, path):
        made = wordpress.write(path)
        self.stdout.write(
            f"{', '.join(f'{number} {kind}' for kind, number in made.items())} in {path}."
        )
        self.stdout.write("It holds e-mail addresses and drafts: give it to nobody but WordPress.")

    def copy(self, folder, warc):
        if warc:
            begun = warc.with_name(f"{warc.name}.unfinished")
            with begun.open("wb") as file:
                made = crawl.write(folder, archive=Archive(file))
            begun.replace(warc)
        else:
            made = crawl.write(folder)
        self.stdout.write(f"{made.pages} pages and {made.files} files in {folder}.")
        for address in made.missing:
            self.stdout.write(f"Linked, but not there: {address}")
