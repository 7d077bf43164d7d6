"""Works, lists, private notes and PDFs from a library of Zotero. A second run changes nothing; what
changed there comes in, and what the author has changed here stays."""

import json
from dataclasses import asdict

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_noop

from publishing import tasks
from publishing.models import ImportedItem
from references import formats
from references import pdf as pdfs
from references.citing.records import record_of
from references.importing import save
from references.models import FurtherPdf, ListPlace, ReadingList, Reference

from .. import trees
from ..portions import Portions
from ..wordpress.report import CHANGED, DELETED, Report, named
from ..wordpress.run import digest
from . import library

BETWEEN = "\n\n———\n\n"  # notes of one work
# What is hers or the program's beside the work, and no word of the record.
_BESIDE = ("private_note", "number", "line", "tags", "keywords", "notices", "citekey")


def bring(folder, *, dry=False) -> Report:
    """Bring in what is not here yet; with `dry` nothing is written. Raises `Unreadable`."""
    with library.opened(folder) as source:
        run = Run(source, dry=dry)
        run.bring()
    return run.report


class Run(Portions):
    def __init__(self, source, *, dry=False, progress=None):
        super().__init__(f"zotero {source.first}", dry, progress)
        self.source = source

    def bring(self):
        if not self.done:
            self._begin()
        with tasks.one_request():
            self.through("works", self.source.rows(), self._read, self._take)
            if not self.dry:
                self._leave_lists()
        if not self.dry:
            save.format_pending()

    def _begin(self):
        for kind, number in self.source.loose().items():
            if number:
                why = gettext_noop("Notes and files that belong to no work are left there")
                self.report.note(why, f"{named(kind)}: {number}")

    def _read(self, row):
        """`(item, record, why there is none)`"""
        item = self.source.item(*row)
        return (item, None, "") if isinstance(item, int) else (item, *_record(item))

    def _take(self, read):
        item, record, why = read
        report = self.report
        report.found["work"] = report.found.get("work", 0) + 1
        if isinstance(item, int):
            report.leave("work", gettext_noop("it lay in the trash there"), number=item)
            return
        title = item.csl.get("title", "")
        if record is None:
            report.leave("work", why, title=title)
            return
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
        refused = (
            self._rehearse(item) if self.dry else self._write(item, record, held, fate, theirs)
        )
        if refused:
            report.leave("work", refused, title=title)
        elif fate == "kept":
            report.keep("work", CHANGED, title=title)
        else:
            self.came("work", fate, title)

    def _rehearse(self, item, *_rest):
        for file in item.files:
            self._is_left(item, file)
        return ""

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

    def _leave_lists(self):
        """Works that left a collection there leave the list here that they came to by it."""
        places = {_number(shelf + work) for shelf, work in self.source.places()}
        gone = [row for (kind, number), row in self.known.items()
                if kind == "place" and number not in places]  # fmt: skip
        with transaction.atomic():
            for row in gone:
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

    def _is_left(self, item, file):
        """Whether it is not to be had, which is told until it was here once."""
        if file.why_not and ("file", _number(file.key)) not in self.known:
            self.report.note(file.why_not, f"{item.csl.get('title', '')}: {file.text}"[:300])
        return bool(file.why_not)

    def _pdf(self, item, work, file):
        if self._is_left(item, file):
            return
        storage = self.source.storage
        theirs = digest(*storage.size_and_time(file.text))
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
            data = ContentFile(storage.read(file.text, settings.PDF_MAX_BYTES), name="file.pdf")
            pdfs.check(data)
            if row is not None and _holds(work.pdf, data):  # copied another way
                self._record("file", file.key, work, theirs, row.ours)
                return
            name = self._keep(work, data, is_first=row is not None or not work.pdf)
        except trees.TooLarge:
            why = gettext_noop("A PDF that is too large")
            self.report.note(why, f"{work}: {filesizeformat(settings.PDF_MAX_BYTES)}")
            return
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
        self.record(kind, _number(key), page, theirs, own)


def _holds(file, data):
    """Whether a stored file has these bytes."""
    with file.open("rb") as held:
        return held.size == data.size and held.read() == data.read()


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
