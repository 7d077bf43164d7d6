import shutil
import sys
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryFile

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from references import formats
from references.formats import Record, Refused, Warned
from references.importing import save


class Command(BaseCommand):
    help = (
        "Bring files of references into the library: BibTeX, RIS, NBIB, PubMed XML, CSL-JSON,"
        " EndNote XML, tables (CSV), Web of Science and Ovid, recognised by what is in them. A work"
        " we have is left as it is unless you say otherwise. All that is good in a file comes in,"
        " some hundred records at a time (stopped half-way, run it again); what is refused is"
        " listed by line with its reason, and then the exit code is 1, otherwise 0."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "files", nargs="+", metavar="FILE", help="a file to read; - for standard input"
        )
        given = parser.add_mutually_exclusive_group()
        given.add_argument(
            "--update", action="store_true", help="let the file overwrite what the library says"
        )
        given.add_argument(
            "--fill", action="store_true", help="take over only what the library leaves empty"
        )
        parser.add_argument(
            "--fields",
            metavar="A,B",
            help="with --update or --fill: only these fields, for example volume,pages,names",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="tell what would be done and do nothing"
        )

    def handle(self, *, files, dry_run, verbosity, **options):
        decide = _decision(options)
        self.tells = verbosity > 0 and getattr(self.stderr, "isatty", bool)()
        refused = 0
        for name in files:
            # Brought in it is by short transactions, so that others can write meanwhile.
            with _opened(name) as file, transaction.atomic() if dry_run else nullcontext():
                outcome, notices = self._bring(file, decide)
                if dry_run:
                    transaction.set_rollback(True)
            self._report(name, outcome, notices, dry_run)
            refused += len(outcome.refused)
        if not dry_run:
            save.format_pending(self._progress("citations written"))
        if refused:
            raise SystemExit(1)

    def _bring(self, file, decide):
        """The outcome, with what the reader refused among what is refused; and what was lost on the
        way."""
        refused, notices = [], []

        def records():
            for item in formats.read(file):
                if isinstance(item, Record):
                    yield item
                else:
                    (refused if isinstance(item, Refused) else notices).append(item)

        outcome = save.save_records(
            records(), decide=decide, progress=self._progress("records read"), formatted=False
        )
        outcome.refused = sorted(refused + outcome.refused, key=lambda each: each.number)
        return outcome, notices

    def _report(self, name, outcome, notices, dry_run):
        counts = (
            f"{outcome.new} new, {outcome.same} already there, {outcome.differs} different and left"
            f" as they are, {outcome.updated} updated, {len(outcome.refused)} refused"
        )
        self.stdout.write(f"{name}: {counts}{'; nothing was written' if dry_run else ''}")
        for number, line, citekey, fields in outcome.differing:
            self.stdout.write(f"  {_place(number, line)}: {citekey} differs in {', '.join(fields)}")
        for each in sorted([*notices, *outcome.refused], key=lambda each: (each.number, each.line)):
            kind = "note" if isinstance(each, Warned) else "refused"
            key = f" ({each.citekey})" if each.citekey else ""
            self.stderr.write(f"  {_place(each.number, each.line)}{key}: {kind}: {each.reason}")

    def _progress(self, words):
        """On a terminal one line that counts."""

        def tell(number):
            sys.stderr.write(f"\r{number:,} {words}")
            sys.stderr.flush()

        return tell if self.tells else None


def _decision(options):
    chosen = (
        save.take_everything
        if options["update"]
        else save.take_missing
        if options["fill"]
        else None
    )
    if not options["fields"]:
        return chosen
    if not chosen:
        raise CommandError(
            "--fields says what --update or --fill takes over: give one of them too."
        )
    fields = {name.strip() for name in options["fields"].split(",")}
    unknown = fields - set(save.COMPARED)
    if unknown:
        raise CommandError(
            f"No such field: {', '.join(sorted(unknown))}. There are {', '.join(save.COMPARED)}."
        )
    return lambda match: chosen(match) & fields


def _place(number, line):
    place = f"record {number}" if number else "the file"
    return f"{place}, line {line}" if line else place


@contextmanager
def _opened(name):
    """Files are read more than once and piece by piece; what comes through a pipe is kept first."""
    with ExitStack() as stack:
        try:
            if name != "-":
                file = stack.enter_context(Path(name).open("rb"))
            else:
                file = stack.enter_context(TemporaryFile())
                shutil.copyfileobj(sys.stdin.buffer, file)
        except OSError as error:
            raise CommandError(f"{name}: {error.strerror}") from None
        yield file
