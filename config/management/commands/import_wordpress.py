import sys
import zipfile
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.moving.wordpress import bring, decisions, pictures, report, wxr


class Command(BaseCommand):
    help = (
        "Bring a WordPress site in, from the file of its Tools → Export (XML; gzip, xz or zip):"
        " pages, posts, comments, pictures, subjects, and redirects for every old address. Stopped"
        " half-way, or with a newer export, run it again: what is here stays, what is new there"
        " comes in, what you changed here is kept and listed."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--media",
            type=Path,
            metavar="DIR",
            help="a copy of the folder wp-content/uploads, or a zip of it",
        )
        parser.add_argument(
            "--fetch", action="store_true", help="fetch what is not there from the old site"
        )
        parser.add_argument(
            "--map",
            type=Path,
            metavar="FILE",
            help="what becomes of each page; written with a proposal where there is no such file",
        )
        parser.add_argument(
            "--time-zone", default=settings.TIME_ZONE, help="of the old site (%(default)s)"
        )
        parser.add_argument(
            "--report", type=Path, metavar="FILE", help="write the report to a file as well"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="tell what is in the file and write nothing"
        )

    def handle(self, *, file, media, fetch, map, time_zone, dry_run, verbosity, **options):
        try:
            media = pictures.of(media) if media else None
        except (OSError, zipfile.BadZipFile):
            raise CommandError(f"{media} is neither a folder nor a zip.") from None
        try:
            ZoneInfo(time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise CommandError(f"There is no time zone {time_zone}.") from None
        given = _decided(map)
        tells = verbosity > 0 and getattr(self.stderr, "isatty", bool)()
        try:
            run = bring.prepare(
                file, given=given, zone=time_zone, media=media, fetch=fetch,
                progress=_progress if tells else None,
            )  # fmt: skip
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from None
        except wxr.Unreadable as error:
            raise CommandError(f"{file}: {error}") from None
        if map is not None and given is None:
            map.write_text(decisions.write(decisions.proposed(run.survey)), encoding="utf-8")
            self.stdout.write(f"What is proposed for each page is in {map}: change it as you like.")
        if dry_run:
            self._rehearse(run)
            return
        done = bring.bring(run)
        text = "\n".join(report.lines(done))
        self.stdout.write(text)
        if options["report"]:
            options["report"].write_text(text + "\n", encoding="utf-8")
        if not done.adds_up():
            raise SystemExit(1)

    def _rehearse(self, run):
        for name, number in run.report.found.items():
            self.stdout.write(f"{name}: {number}")
        for kind, number in bring.rehearse(run).items():
            if number:
                self.stdout.write(f"{kind}, here already: {number}")
        for number, become in run.decisions.proposed.items():
            entry = run.survey.entries[number]
            become = run.decisions.become(number)
            if entry.kind == "page" or entry.found:
                self.stdout.write(f"  {number} “{entry.title}”: {become}{_hints(entry)}")
        for title, rows in report.sections(run.report):
            self.stdout.write("\n  ".join([f"{title}:", *rows]))
        self.stdout.write("Nothing was written.")


def _hints(entry):
    found = entry.found
    hints = [f"notes on: {found.citation}"] if found.citation else []
    if found.listed:
        hints.append(f"lists {found.listed} articles")
    hints += [f"typed by hand: {line}" for line in (*found.totals, *found.news)]
    return f"  (perhaps {'; '.join(hints)})" if hints else ""


def _decided(path):
    if path is None or not path.exists():
        return None
    try:
        return decisions.read(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path}: {error}") from None
    except decisions.Unusable as error:
        raise CommandError(f"{path}: {error}") from None


def _progress(step, done, total):
    sys.stderr.write(f"\r{step}: {done:,} of {total:,}   ")
    sys.stderr.flush()
