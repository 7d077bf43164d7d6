from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.moving.markdown import bring
from config.moving.wordpress import report


class Command(BaseCommand):
    help = (
        "Bring posts in from a folder of Markdown files with front matter (YAML or TOML: title,"
        " date, draft, slug, summary, language, tags). Run again it takes what is new or changed"
        " there; what you changed here is kept and listed."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--time-zone", default=settings.TIME_ZONE, help="of dates without one (%(default)s)"
        )
        parser.add_argument(
            "--report", type=Path, metavar="FILE", help="write the report to a file as well"
        )
        parser.add_argument("--dry-run", action="store_true", help="tell, and write nothing")

    def handle(self, *, folder, time_zone, dry_run, **options):
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder.")
        try:
            ZoneInfo(time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise CommandError(f"There is no time zone {time_zone}.") from None
        done = bring.bring(folder, zone=time_zone, dry=dry_run)
        text = "\n".join(report.lines(done))
        self.stdout.write(text)
        if dry_run:
            self.stdout.write("Nothing was written.")
        if options["report"]:
            options["report"].write_text(text + "\n", encoding="utf-8")
