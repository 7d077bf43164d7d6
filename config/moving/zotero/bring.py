"""Works, lists, private notes and PDFs from a library of Zotero. A second run changes nothing; what
changed there comes in, and what the author has changed here stays."""

import json
from dataclasses import asdict

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext_noop

from publishing import advisory, tasks
from publishing.models import ImportedItem
from references import formats
from references import pdf as pdfs
from references.citing.records import record_of
from references.importing import save
from references.models import FurtherPdf, ListPlace, ReadingList, Reference

from ..wordpress.report import CHANGED, DELETED, Report
from ..wordpress.run import digest
from . import library

BETWEEN = "\n\n———\n\n"  # notes of one work
# What is hers or the program's beside the work, and no word of the record.
_BESIDE = ("private_note", "number", "line", "tags", "keywords", "notices", "citekey")


def bring(folder, *, dry=False) -> Report:
    """Bring in what is not here yet; with `dry` nothing is written. Raises `Unreadable`."""
    with library.opened(folder) as source:
        run = _Run(source, dry)
        for item in source.items():
            run.take(item)
            tasks.breathe()
        for kind, number in source.loose().items():
            if number:
                why = gettext_noop("Notes and files that belong to no work are left there")
                run.report.note(why, f"{kind}: {number}")
    if not dry:
        run.leave_lists()
        save.format_pending()
    return run.report


class _Run:
    def __init__(self, source, dry):
        self.source, self.dry, self.report = source, dry, Report()
        self.site = f"zotero {source.first}"[:300]
        rows = ImportedItem.objects.filter(site=self.site)
        self.known = {(row.kind, row.number): row for row in rows}
        self.places = set()

    def take(self, item):
        report = self.report
        if isinstance(item, int):
            report.found["work"] = report.found.get("work", 0) + 1
            report.leave("work", gettext_noop("it lay in the trash there"), number=item)
            return
        report.found["work"] = report.found.get("work", 0) + 1
        record, why = _record(item)
        title = item.csl.get("title", "")
        if record is None:
            report.leave("work", why, title=title)
            return
        self.places |= {_number(key + item.key) for key in item.collections}
        theirs = digest(item.csl)
        row = self.known.get(("work", _number(item.key)))
        work = row and Reference.objects.with_people().filter(pk=row.page_id).first()
        if row is not None and work is None:
            report.keep("work", DELETED, title=title)
            return
        if row is None:
            fate, held = "new", _held(record)
            if held is not None:
                report.note(gettext_noop("It was in the library already"), title)
        elif row.theirs == theirs:
            fate, held = "same", work
        elif ours(work) != row.ours:
            fate, held = "kept", work
        else:
            fate, held = "updated", work
        if not self.dry:
            with transaction.atomic():
                advisory.hold("moving")
                refused = self._write(item, record, held, fate, theirs)
            if refused:
                report.leave("work", refused, title=title)
                return
        if fate == "kept":
            report.keep("work", CHANGED, title=title)
        else:
            report.count("work", fate)

    def _write(self, item, record, held, fate, theirs):
        """Gives why it could not be taken, "" where it was."""
        work = held
        if fate != "same":
            decide = _take_all if fate == "updated" else save.take_missing
            target = held if fate in ("updated", "kept") else None
            done = save.save_records([record], decide=decide, target=target, formatted=False)
            if done.refused:
                return done.refused[0].reason
            pk = done.added[0] if done.added else held.pk
            work = Reference.objects.with_people().get(pk=pk)
        if fate in ("new", "updated"):
            self._record("work", item.key, work, theirs, ours(work))
        elif fate == "kept":  # told once, until it changes there again
            row = self.known["work", _number(item.key)]
            ImportedItem.objects.filter(pk=row.pk).update(theirs=theirs)
        self._lists(item, work)
        self._notes(item, work)
        for file in item.files:
            self._pdf(item, work, file)
        return ""

    def _lists(self, item, work):
        """What she took off a list here stays off."""
        for key, name in item.collections.items():
            if ("place", _number(key + item.key)) in self.known:
                continue
            shelf, _new = ReadingList.objects.get_or_create(name=name[:80])
            place, _new = ListPlace.objects.get_or_create(list=shelf, reference=work)
            self._record("place", key + item.key, place, "", "")

    def leave_lists(self):
        """Works that left a collection there leave the list here that they came to by it."""
        for (kind, number), row in self.known.items():
            if kind == "place" and number not in self.places:
                with transaction.atomic():
                    ListPlace.objects.filter(pk=row.page_id).delete()
                    row.delete()

    def _notes(self, item, work):
        """Each is a part of the private note; one she changed here stays as it is."""
        parts = work.private_note.split(BETWEEN) if work.private_note else []
        before = list(parts)
        for note in item.notes:
            row = self.known.get(("note", _number(note.key)))
            theirs = digest(note.text)
            if row is None:
                parts.append(note.text)
            elif row.theirs == theirs:
                continue
            else:
                at = next((at for at, each in enumerate(parts) if digest(each) == row.theirs), None)
                if at is None:
                    self.report.note(gettext_noop("A note you changed here, left so"), str(work))
                else:
                    parts[at] = note.text
            self._record("note", note.key, work, theirs, "")
        if parts != before:
            work.private_note = BETWEEN.join(parts)
            Reference.objects.filter(pk=work.pk).update(private_note=work.private_note)

    def _pdf(self, item, work, file):
        if file.why_not:
            if ("file", _number(file.key)) not in self.known:
                self.report.note(file.why_not, f"{item.csl.get('title', '')}: {file.text}"[:300])
            return
        theirs = digest(*library.size_and_time(file.text))
        row = self.known.get(("file", _number(file.key)))
        if row is not None and row.theirs == theirs:
            return
        if row is not None and work.pdf.name != row.ours:
            self.report.note(
                gettext_noop("A PDF that changed there; the one here stays"), str(work)
            )
            self._record("file", file.key, work, theirs, row.ours)
            return
        try:
            with open(file.text, "rb") as stream:
                data = File(stream, name="file.pdf")
                pdfs.check(data)
                name = self._keep(work, data, is_first=row is not None or not work.pdf)
        except (OSError, ValidationError) as error:
            words = " ".join(getattr(error, "messages", [str(error)]))
            self.report.note(gettext_noop("A PDF that could not be taken"), f"{work}: {words}")
            return
        self._record("file", file.key, work, theirs, name)

    def _keep(self, work, data, is_first):
        """The name it is kept under."""
        if is_first:
            work.pdf = data
            work.save()
            return work.pdf.name
        further = FurtherPdf(reference=work)
        further.file.save("file.pdf", data, save=True)
        return further.file.name

    def _record(self, kind, key, page, theirs, own):
        row, _new = ImportedItem.objects.update_or_create(
            site=self.site, kind=kind, number=_number(key),
            defaults={
                "theirs": theirs, "ours": own, "page_id": page.pk,
                "page_type": ContentType.objects.get_for_model(page),
            },
        )  # fmt: skip
        self.known[kind, row.number] = row


def _take_all(match):
    """But for the private note, of which notes are a part each."""
    return save.take_everything(match) - {"private_note"}


def ours(work):
    """A digest of what the library says of a work itself."""
    fresh = Reference.objects.with_people().get(pk=work.pk)
    values = asdict(record_of(fresh, subjects=False))
    return digest(sorted((name, value) for name, value in values.items() if name not in _BESIDE))


def _record(item):
    """`(Record, "")`, or `(None, why)`."""
    why = ""
    for each in formats.read(json.dumps([item.csl])):
        if isinstance(each, formats.Record):
            return each, ""
        why = why or each.reason
    return None, why


def _held(record):
    """The work of the library that a record is, or None."""
    _same, match, _twin = next(save.compare([record]))
    return match.held.reference if getattr(match, "held", None) else None


def _number(key):
    """Zotero's keys are eight letters and digits; of two, a digest."""
    return int(digest(key)[:15], 16)
