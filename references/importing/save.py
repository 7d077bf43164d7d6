"""The one way records enter the library."""

import copy
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from publishing import search, tasks
from publishing.desk import revisions

from .. import identifiers
from ..citing import entries
from ..citing.records import AND_OTHERS
from ..formats import dates
from ..formats.records import FIELDS, Refused
from ..matching import COMPARED, ROWS_OF_THEIR_OWN
from ..models import (
    Authorship,
    Journal,
    Keyword,
    MatchKey,
    Person,
    Reference,
    Verdict,
    WorkNotice,
    status_of,
)
from ..vocabulary import CSLType
from .batch import Batch, Citekeys, usable_citekey
from .earlier import Brought, Earlier
from .existing import Held, Match, Shelf, chunks
from .formatting import SHORT, format_pending, pending_count, rerender_waiting_pages

__all__ = [
    "COMPARED",
    "Match",
    "Outcome",
    "compare",
    "format_pending",
    "pending_count",
    "rerender_waiting_pages",
    "save_records",
]
# Short transactions: whoever else wants to write waits for one of them at most.
CHUNK = 250


@dataclass
class Outcome:
    """What became of the records of one import."""

    new: int = 0
    same: int = 0
    differs: int = 0
    updated: int = 0
    skipped: int = 0
    refused: list = field(default_factory=list)
    # Primary keys of what was added, and `(number, line, citekey, fields)` of what differs and was
    # left as it is.
    added: list = field(default_factory=list)
    differing: list = field(default_factory=list)
    changed: list = field(default_factory=list)


def take_everything(match):
    return {difference.field for difference in match.differences}


def take_nothing(match):
    return set()


def take_missing(match):
    """Only what the library leaves open."""
    return {difference.field for difference in match.differences if difference.fills}


def save_records(records, *, update=False, decide=None, target=None, progress=None, formatted=True):
    """Bring records into the library, chunk by chunk, each a transaction. Gives an `Outcome`.

    Stopped half-way, what came in stays; brought in again, it is known again and does no harm.

    New ones are added. What a record says differently from a work we have is taken over only as far
    as `decide(match)` names its fields; None leaves the record out, a new one too. `update=True`
    takes over everything. `target` is the reference all records are about. A record that cannot be
    taken is refused with its reason; the others come in.

    `progress(number)` hears of every chunk. With `formatted=False` citations and search rows are
    left to `format_pending()`.
    """
    decide = decide or (take_everything if update else take_nothing)
    keeper = _Keeper(decide, target)
    done = 0
    for chunk in chunks(records, CHUNK):
        with transaction.atomic():
            rerender_waiting_pages(keeper.take(chunk))
        tasks.breathe()
        done += len(chunk)
        if progress:
            progress(done)
    if formatted:
        format_pending()
    return keeper.outcome


def compare(records, *, target=None):
    """`(record, Match or Refused, number of the earlier record it is or 0)` of each record; writes
    nothing."""
    shelf, keys = Shelf(target, earlier=Earlier()), Citekeys()
    for chunk in chunks(records, CHUNK):
        _prepare(chunk)
        shelf.load(chunk)
        shelf.load_people(chunk)
        for record in chunk:
            try:
                match = shelf.match(record)
                if match.verdict != Verdict.SAME:
                    filled = _filled(record, match, take_everything(match), keys)
                _people_of(record, shelf)
            except (ValidationError, identifiers.BadIdentifier) as error:
                yield record, _refused(record, error), 0
                continue
            twin = match.held.record.number if isinstance(match.held, Brought) else 0
            if match.held is None:
                shelf.bring(Brought(record, filled.citekey))
            yield record, match, twin


class _Keeper:
    """One import on its way into the library."""

    def __init__(self, decide, target):
        self.decide, self.outcome = decide, Outcome()
        self.shelf, self.batch, self.keys = Shelf(target), Batch(), Citekeys()
        self.citekeys = []

    def take(self, chunk):
        """Gives the citekeys of what was added."""
        self.citekeys = []
        Journal.objects.bulk_create(_prepare(chunk), ignore_conflicts=True)
        self.shelf.load(chunk)
        self.shelf.load_people(chunk)
        self.keys.load(chunk)
        for record in chunk:
            try:
                self._take_one(record)
            except (ValidationError, identifiers.BadIdentifier) as error:
                self.outcome.refused.append(_refused(record, error))
        self._write()
        return self.citekeys

    def _write(self):
        added = self.batch.write()
        self.citekeys += [reference.citekey for reference in added]
        self.outcome.added += [reference.pk for reference in added]

    def _take_one(self, record):
        match = self.shelf.match(record)
        fields = self.decide(match)
        if fields is None:
            self.outcome.skipped += 1
        elif match.held is None:
            self._add(match)
        elif match.verdict == Verdict.SAME:
            self.outcome.same += 1
        elif fields := [each.field for each in match.differences if each.field in fields]:
            self._change(match, fields)
        else:
            self.outcome.differs += 1
            differing = [each.field for each in match.differences]
            self.outcome.differing.append(
                (record.number, record.line, match.held.reference.citekey, differing)
            )

    def _add(self, match):
        record = match.record
        reference = _filled(record, match, (), self.keys)
        people = _people_of(record, self.shelf)
        held = Held(reference, copy.copy(record))
        held.features = self.shelf.features_of(record)
        self.batch.add(reference, people, record, held.features.keys)
        self.shelf.add(held)
        self.outcome.new += 1

    def _change(self, match, fields):
        held, record = match.held, match.record
        if held.reference.pk is None:
            self._write()
        reference = _filled(record, match, fields, self.keys)
        people = _people_of(record, self.shelf) if "names" in fields else []
        revisions.keep_first([held.reference], _("As it was before an import changed it"))
        Reference.save(reference)
        if people:
            _replace_people(reference, people)
        if "tags" in fields:
            reference.tags.add(*record.tags)
        if "keywords" in fields:
            Keyword.objects.write([(reference, record.keywords)], new=False)
        if "notices" in fields:
            WorkNotice.objects.write([(reference, record.notices)], new=False)
        fresh = Reference.objects.with_people().get(pk=reference.pk)
        fresh.status = status_of(fresh.notices.all())
        entries.fill_short(fresh)
        Reference.objects.filter(pk=fresh.pk).update(
            **{name: getattr(fresh, name) for name in SHORT}
        )
        MatchKey.objects.write([fresh])
        search.index(fresh)
        revisions.keep([fresh], _("Changed by an import"))
        held.renew(fresh)
        self.shelf.add(held)
        self.outcome.updated += 1
        self.outcome.changed.append(reference.pk)


def _prepare(records):
    """Bring keys and kinds to the forms we keep; a bad identifier is told when the record is
    saved. Gives the journals that were learnt."""
    for record in records:
        if not usable_citekey(record.citekey):
            record.citekey = ""
        if record.type not in CSLType.values:
            record.genre, record.type = (
                record.genre or record.type.replace("_", " "),
                CSLType.DOCUMENT.value,
            )
        if AND_OTHERS in record.record_note:
            record.authors_incomplete = True
            record.record_note = " ".join(record.record_note.replace(AND_OTHERS, " ").split())
        record.tags = list({tag.casefold(): tag for tag in reversed(record.tags)}.values())[::-1]
        for name in ("doi", "pmid", "pmcid", "isbn"):
            try:
                setattr(record, name, getattr(identifiers, name)(getattr(record, name)))
            except identifiers.BadIdentifier:
                continue
    return Journal.objects.complete(records)


def _filled(record, match, fields, keys):
    """The reference with what the record says, checked but not saved; a known one takes `fields`
    alone."""
    if match.held is None:
        reference = Reference(
            **{name: getattr(record, name) for name in FIELDS if name != "citekey"}
        )
        reference.citekey = keys.take(record)
        reference.status = status_of(record.notices)
        fields = {"names"}
    else:
        reference = copy.copy(match.held.reference)
        for name in fields:
            if name not in ROWS_OF_THEIR_OWN:
                setattr(reference, name, getattr(record, name))
        if "issn" in fields:
            reference.issn_kinds = record.issn_kinds
    incomplete = (
        record.authors_incomplete if "names" in fields else match.held.record.authors_incomplete
    )
    note = reference.record_note.replace(AND_OTHERS, " ")
    reference.record_note = " ".join([*note.split(), AND_OTHERS]) if incomplete else note.strip()
    # Of two dates put together by choice, the parts that fit.
    *_day, reference.season, reference.until = dates.checked(*dates.date_of(reference))
    reference.clean_fields()
    reference.clean()
    for name in ("doi", "pmid", "pmcid"):
        setattr(reference, name, getattr(reference, name) or None)
    return reference


def _people_of(record, shelf):
    return [(shelf.person(name), name.role) for name in record.names]


def _replace_people(reference, people):
    for person, _role in people:
        if person.pk is None:
            person.save()
    reference.authorships.all().delete()
    Authorship.objects.bulk_create(
        Authorship(reference=reference, person=person, role=role, position=position)
        for position, (person, role) in enumerate(people, 1)
    )


def _refused(record, error):
    return Refused(record.number, _reason(error), record.citekey, record.line, record.title[:120])


def _reason(error):
    """The messages of a validation error with the names of the fields they are about, in one
    line."""
    if isinstance(error, ValidationError) and hasattr(error, "message_dict"):
        return " ".join(
            _of_field(name, text) for name, texts in error.message_dict.items() for text in texts
        )
    return " ".join(getattr(error, "messages", [str(error)]))


def _of_field(name, text):
    model = Reference if name in FIELDS else Person
    return f"{model._meta.get_field(name).verbose_name}: {text}" if name != "__all__" else text
