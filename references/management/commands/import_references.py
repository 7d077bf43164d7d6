from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from references.formats import csljson
from references.library import save_records


class Command(BaseCommand):
    help = "Bring CSL-JSON files into the library. What is broken is listed; everything else comes in."

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--update", action="store_true", help="let the file overwrite what the library says")

    def handle(self, *, files, update, **options):
        for name in files:
            parsed = csljson.parse(_read(name))
            outcome = save_records(parsed.records, update=update)
            refused = sorted(parsed.refused + outcome.refused, key=lambda each: each.number)
            counts = f"{outcome.new} new, {outcome.updated} updated, {outcome.same} already there, {len(refused)} refused"
            self.stdout.write(f"{name}: {counts}")
            for each in refused:
                self.stderr.write(f"  record {each.number}{f' ({each.citekey})' if each.citekey else ''}: {each.reason}")


def _read(name):
    try:
        return Path(name).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise CommandError(f"{name}: this is not a UTF-8 text file") from None
