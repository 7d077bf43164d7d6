"""What the library already has of some records: its works by what identifies them, its people by
name."""

from dataclasses import dataclass, field
from itertools import islice

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from .. import matching
from ..citing.records import record_of
from ..formats.records import Record
from ..models import Person, Reference, Verdict

NAMES_AT_ONCE = 5000


def chunks(items, size):
    items = iter(items)
    while chunk := list(islice(items, size)):
        yield chunk


@dataclass(eq=False)
class Held:
    """A work of the library, or one that an earlier record of the same file brought; that has no
    row yet."""

    reference: Reference
    record: Record

    @property
    def identity(self):
        return self.reference.pk or id(self.reference)


@dataclass
class Match:
    """What a record is to the library."""

    record: Record
    held: Held | None = None
    differences: list = field(default_factory=list)

    @property
    def verdict(self):
        if self.held is None:
            return Verdict.NEW
        return Verdict.DIFFERS if self.differences else Verdict.SAME


def keys_of(record):
    """All that may identify a record, the surest first, as `(kind, value)`."""
    for name in matching.IDENTIFIERS:
        if getattr(record, name):
            yield name, getattr(record, name)
    for isbn in matching.isbns(record)[:1]:
        yield "isbn", isbn
    key = matching.key_of(record)
    if key:
        yield "match_key", key
    if record.citekey:
        yield "citekey", record.citekey


class Shelf:
    def __init__(self, target=None):
        self.works, self.people = {}, {}
        # The work all records are taken for, as far as their identifiers allow.
        self.target = Held(target, record_of(target)) if target else None

    def load(self, records, *, keep=False):
        """Fetch what these records may be. With `keep`, what earlier records brought stays: it is
        in no database."""
        if not keep:
            self.works = {}
        wanted = Q(pk=None)
        by_kind = {}
        for record in records:
            for kind, value in keys_of(record):
                by_kind.setdefault(kind, set()).update(
                    matching.isbns(record) if kind == "isbn" else [value]
                )
        for kind, values in by_kind.items():
            wanted |= Q(**{f"{kind}__in": values})
        for reference in Reference.objects.filter(wanted).with_people().prefetch_related("tags"):
            self.add(Held(reference, record_of(reference)))

    def load_people(self, records):
        self.people = {}
        families = {name.family for record in records for name in record.names}
        for some in chunks(families, NAMES_AT_ONCE):
            for person in Person.objects.filter(family__in=some).order_by("-pk"):
                self.people[person.family, person.given, person.suffix, person.literal] = person

    def add(self, held):
        for key in keys_of(held.record):
            found = self.works.setdefault(key, [])
            if held.identity not in {each.identity for each in found}:
                found.append(held)

    def match(self, record):
        """The `Match` of a record; one that is two of our works at once is refused."""
        held = self._find(record)
        return Match(record, held, matching.differences(held.record, record) if held else [])

    def _find(self, record):
        sure = {self.target.identity: ("", self.target)} if self.target else {}
        for kind, value in keys_of(record):
            for held in self.works.get((kind, value), ()) if kind in matching.IDENTIFIERS else ():
                sure.setdefault(held.identity, (kind, held))
        if len(sure) > 1:
            both = " / ".join(
                f"{held.reference.citekey} ({kind.upper()})" if kind else held.reference.citekey
                for kind, held in sure.values()
            )
            raise ValidationError(
                _("It has the keys of two works in the library: %(both)s.") % {"both": both}
            )
        if sure:
            return next(held for _kind, held in sure.values())
        return next(self._likely(record), None)

    def _likely(self, record):
        """Works it may be by what is not a sure sign."""
        for kind, value in keys_of(record):
            if kind in matching.IDENTIFIERS:
                continue
            for held in self.works.get((kind, value), ()):
                if matching.contradict(held.record, record):
                    continue
                if kind == "isbn" and not matching.same_volume(held.record, record):
                    continue
                if kind == "citekey" and not matching.titled_alike(held.record, record):
                    continue
                yield held

    def person(self, name):
        """The person of this name, perhaps new and not saved yet."""
        if name.person not in self.people:
            family, given, suffix, literal = name.person
            person = Person(family=family, given=given, suffix=suffix, literal=literal)
            person.clean_fields(exclude=["slug"])
            self.people[name.person] = person
        return self.people[name.person]
