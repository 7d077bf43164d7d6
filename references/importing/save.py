"""The one way records enter the library."""

import copy
import logging
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef

from publishing import search
from publishing.models import IndexEntry, rich_page_models

from .. import identifiers
from ..citing import entries, rendering
from ..citing.records import AND_OTHERS
from ..formats import dates
from ..formats.records import FIELDS, Refused
from ..matching import COMPARED, once
from ..models import Authorship, Citation, Citing, MatchKey, Person, Reference, Verdict
from ..vocabulary import CSLType
from .batch import Batch, Citekeys, usable_citekey
from .existing import Held, Match, Shelf, chunks

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

CHUNK = 500
FORMATTED_AT_ONCE = 100
logger = logging.getLogger(__name__)


@dataclass
class Outcome:
    """What became of the records of one import."""

    new: int = 0
    same: int = 0
    differs: int = 0
    updated: int = 0
    skipped: int = 0
    refused: list = field(default_factory=list)
    # Primary keys of what was added, and `(number, line, citekey, fields)` of what differs and was left as it is.
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


@transaction.atomic
def save_records(records, *, update=False, decide=None, target=None, progress=None, formatted=True):
    """Bring records into the library, all of them or, on an error that is not theirs, none. Gives an `Outcome`.

    New ones are added. What a record says differently from a work we have is taken over only as far as `decide(match)`
    names its fields; None leaves the record out, a new one too. `update=True` takes over everything. `target` is the
    reference all records are about. A record that cannot be taken is refused with its reason; the others come in.

    `progress(number)` hears of every chunk. With `formatted=False` citations and search rows are left to
    `format_pending()`.
    """
    decide = decide or (take_everything if update else take_nothing)
    keeper = _Keeper(decide, target)
    done = 0
    for chunk in chunks(records, CHUNK):
        keeper.take(chunk)
        done += len(chunk)
        if progress:
            progress(done)
    if formatted:
        format_pending()
    rerender_waiting_pages(keeper.citekeys)
    return keeper.outcome


def compare(records, *, target=None):
    """`(record, Match or Refused, number of the earlier record it is or 0)` of each record; writes nothing."""
    shelf, brought, keys = Shelf(target), {}, Citekeys()
    for chunk in chunks(records, CHUNK):
        _prepare(chunk)
        shelf.load(chunk, keep=True)
        shelf.load_people(chunk)
        for record in chunk:
            try:
                match = shelf.match(record)
                reference = match.held.reference if match.verdict == Verdict.SAME else None
                reference = reference or _filled(record, match, take_everything(match), keys)
                _people_of(record, shelf)
            except (ValidationError, identifiers.BadIdentifier) as error:
                yield record, _refused(record, error), 0
                continue
            if match.held is None:
                held = Held(reference, record)
                brought[held.identity] = record.number
                shelf.add(held)
            yield record, match, brought.get(match.held.identity, 0) if match.held else 0


class _Keeper:
    """One import on its way into the library."""

    def __init__(self, decide, target):
        self.decide, self.outcome = decide, Outcome()
        self.shelf, self.batch, self.keys = Shelf(target), Batch(), Citekeys()
        self.citekeys = []

    def take(self, chunk):
        _prepare(chunk)
        self.shelf.load(chunk)
        self.shelf.load_people(chunk)
        self.keys.load(chunk)
        for record in chunk:
            try:
                self._take_one(record)
            except (ValidationError, identifiers.BadIdentifier) as error:
                self.outcome.refused.append(_refused(record, error))
        self._write()

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
            self.outcome.differing.append((record.number, record.line, match.held.reference.citekey, differing))

    def _add(self, match):
        record = match.record
        reference = _filled(record, match, (), self.keys)
        people = _people_of(record, self.shelf)
        self.batch.add(reference, people, record.tags)
        self.shelf.add(Held(reference, copy.copy(record)))
        self.outcome.new += 1

    def _change(self, match, fields):
        held, record = match.held, match.record
        if held.reference.pk is None:
            self._write()
        reference = _filled(record, match, fields, self.keys)
        people = _people_of(record, self.shelf) if "names" in fields else []
        Reference.save(reference)
        if people:
            _replace_people(reference, people)
        if "tags" in fields:
            reference.tags.add(*record.tags)
        fresh = Reference.objects.with_people().get(pk=reference.pk)
        entries.fill_short(fresh)
        Reference.objects.filter(pk=fresh.pk).update(**{name: getattr(fresh, name) for name in _SHORT})
        MatchKey.objects.write([fresh])
        held.renew(fresh)
        self.shelf.add(held)
        self.outcome.updated += 1
        self.outcome.changed.append(reference.pk)


_SHORT = (*Reference.FORMATTED, "kept_citations")


def _prepare(records):
    """Bring keys and kinds to the forms we keep; a bad identifier is told when the record is saved."""
    for record in records:
        if not usable_citekey(record.citekey):
            record.citekey = ""
        if record.type not in CSLType.values:
            record.genre, record.type = record.genre or record.type.replace("_", " "), CSLType.DOCUMENT.value
        if AND_OTHERS in record.record_note:
            record.authors_incomplete = True
            record.record_note = " ".join(record.record_note.replace(AND_OTHERS, " ").split())
        record.tags = list({tag.casefold(): tag for tag in reversed(record.tags)}.values())[::-1]
        for name in ("doi", "pmid", "pmcid", "isbn"):
            try:
                setattr(record, name, getattr(identifiers, name)(getattr(record, name)))
            except identifiers.BadIdentifier:
                continue


def _filled(record, match, fields, keys):
    """The reference with what the record says, checked but not saved; a known one takes `fields` alone."""
    if match.held is None:
        reference = Reference(**{name: getattr(record, name) for name in FIELDS if name != "citekey"})
        reference.citekey = keys.take(record)
        fields = {"names"}
    else:
        reference = copy.copy(match.held.reference)
        for name in fields:
            if name not in ("names", "tags"):
                setattr(reference, name, getattr(record, name))
    incomplete = record.authors_incomplete if "names" in fields else match.held.record.authors_incomplete
    note = reference.record_note.replace(AND_OTHERS, " ")
    reference.record_note = " ".join([*note.split(), AND_OTHERS]) if incomplete else note.strip()
    # Of two dates put together by choice, the parts that fit.
    *_day, reference.season, reference.until = dates.checked(*dates.of(reference))
    reference.clean_fields()
    reference.clean()
    for name in ("doi", "pmid", "pmcid"):
        setattr(reference, name, getattr(reference, name) or None)
    return reference


def _people_of(record, shelf):
    return [(shelf.person(name), name.role) for name in once(record.names)]


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


def rerender_waiting_pages(citekeys):
    """Number the citations of pages that named these works before the library held them."""
    if not citekeys:
        return
    for model in rich_page_models():
        if issubclass(model, Citing):
            for page in model._base_manager.filter(body_html__contains='class="cite missing"'):
                if not set(citekeys).isdisjoint(rendering.citekeys(page.body)):
                    page.rerender()


def _unformatted():
    return Reference.objects.filter(citation_html="")


def _unindexed_people():
    kind = ContentType.objects.get_for_model(Person)
    rows = IndexEntry.objects.filter(page_type=kind, page_id=OuterRef("pk"))
    return Person.objects.filter(~Exists(rows))


def pending_count():
    """How many works came in by an import and are not formatted yet."""
    return _unformatted().count()


def format_pending(progress=None, limit=None):
    """Write the citations and search rows an import left open, up to `limit` works. Gives how many were written.

    Each portion is a transaction of its own: stopped at any moment, it goes on from there.
    """
    done, last = 0, 0
    while limit is None or done < limit:
        with transaction.atomic():
            some = _unformatted().filter(pk__gt=last).order_by("pk").with_people().prefetch_related("tags")
            some = list(some[: FORMATTED_AT_ONCE if limit is None else min(FORMATTED_AT_ONCE, limit - done)])
            if not some:
                break
            _format(some)
        last, done = some[-1].pk, done + len(some)
        if progress:
            progress(done)
    last = 0
    while people := list(_unindexed_people().filter(pk__gt=last).order_by("pk")[:CHUNK]):
        search.index_all(people)
        last = people[-1].pk
    return done


def _format(references):
    for reference in references:
        entries.fill_short(reference)
        try:
            reference.citation_html = entries.citation(reference)
        except Exception:
            # One work must not keep the others from being formatted; saving it again shows the fault.
            logger.exception("The citation of %s cannot be written", reference.citekey)
            reference.citation_html = entries.plain(reference)
    Reference.objects.bulk_update(references, _SHORT)
    search.index_all(references)
    cited = set(Citation.objects.filter(reference__in=references).values_list("reference_id", flat=True))
    for reference in references:
        if reference.pk in cited:
            reference.rerender_citing_pages()


def _reason(error):
    """The messages of a validation error with the names of the fields they are about, in one line."""
    if isinstance(error, ValidationError) and hasattr(error, "message_dict"):
        return " ".join(_of_field(name, text) for name, texts in error.message_dict.items() for text in texts)
    return " ".join(getattr(error, "messages", [str(error)]))


def _of_field(name, text):
    model = Reference if name in FIELDS else Person
    return f"{model._meta.get_field(name).verbose_name}: {text}" if name != "__all__" else text
