"""What the library already has of some records: its works by what identifies them, its people by
name."""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from .. import matching
from ..citing.records import SUBJECTS, record_of
from ..formats.records import Record
from ..models import MatchKey, Person, Reference, Verdict
from .earlier import MOST_OF_ONE_KEY, Earlier

NAMES_AT_ONCE = 5000
# Of the works that share a key with a record.
MOST_WEIGHED, MOST_OFFERED = MOST_OF_ONE_KEY, 5
# What makes two works of what has one citekey.
VERSIONS = {
    "identifiers",
    "place",
    "edition",
    "part",
    "preprint",
    "conference",
    "erratum",
    "comment",
    "protocol",
    "numbers",
}


def chunks(items, size):
    items = iter(items)
    while chunk := list(islice(items, size)):
        yield chunk


@dataclass(eq=False)
class Held:
    """A work of the library, or one that an earlier record of the same file is bringing in."""

    reference: Reference
    record: Record

    @property
    def identity(self):
        return self.reference.pk or id(self.reference)

    @cached_property
    def features(self):
        return matching.Features(self.record)

    def renew(self, reference):
        """After a change of the work."""
        self.reference, self.record = reference, record_of(reference)
        self.__dict__.pop("features", None)


@dataclass
class Match:
    """What a record is to the library."""

    record: Record
    held: Held | None = None
    differences: list = field(default_factory=list)
    judgement: matching.Judgement | None = None
    # `(Held, Judgement)` of works it may be, the most alike first, and of those it is a version of
    # or speaks of.
    perhaps: list = field(default_factory=list)
    related: list = field(default_factory=list)

    @property
    def verdict(self):
        if self.held is None:
            return Verdict.PERHAPS if self.perhaps else Verdict.NEW
        return Verdict.DIFFERS if self.differences else Verdict.SAME

    def take_as(self, pk):
        """The author says which of the works that it may be it is; a work it cannot be any more is
        passed over, and none where she said nothing: those of this file have no key yet."""
        for held, judgement in self.perhaps if pk else ():
            if held.reference.pk == pk and self.held is None:
                self.held, self.judgement = held, judgement
                self.differences = matching.differences(held.record, self.record)


def keys_of(record):
    """All that may identify a record, the surest first, as `(kind, value)`."""
    for name in matching.IDENTIFIERS:
        if getattr(record, name):
            yield name, getattr(record, name)
    for isbn in matching.isbns(record)[:1]:
        yield "isbn", isbn
    if record.citekey:
        yield "citekey", record.citekey


class Shelf:
    def __init__(self, target=None, *, earlier: Earlier | None = None):
        self.works, self.people, self.features = {}, {}, {}
        # What is in no database: the works earlier records of the file would bring.
        self.earlier = earlier
        # The work all records are taken for, as far as their identifiers allow.
        self.target = Held(target, record_of(target)) if target else None

    def load(self, records):
        """Fetch what these records may be."""
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
        self.features = {id(record): matching.Features(record) for record in records}
        numbers = {key for each in self.features.values() for key in each.keys}
        wanted |= Q(pk__in=MatchKey.objects.candidates(numbers))
        for reference in Reference.objects.filter(wanted).with_people().prefetch_related(*SUBJECTS):
            self.add(Held(reference, record_of(reference)))
        if self.earlier:
            keys = {(kind, value) for kind, values in by_kind.items() for value in values}
            for brought in self.earlier.find(keys | {("like", number) for number in numbers}):
                self.add(brought)

    def features_of(self, record):
        return self.features.get(id(record)) or matching.Features(record)

    def load_people(self, records):
        self.people = {}
        families = {name.family for record in records for name in record.names}
        for some in chunks(families, NAMES_AT_ONCE):
            for person in Person.objects.filter(family__in=some).order_by("-pk"):
                self.people[person.family, person.given, person.suffix, person.literal] = person

    def add(self, held):
        for key in self._keys(held):
            found = self.works.setdefault(key, {})
            if len(found) < MOST_WEIGHED or key[0] != "like":
                found.setdefault(held.identity, held)

    def bring(self, brought):
        """A work this file would bring is found by the records that follow."""
        self.add(brought)
        self.earlier.add(brought, self._keys(brought))

    def _keys(self, held):
        features = self.features.get(id(held.record)) or held.features
        return [*keys_of(held.record), *(("like", key) for key in features.keys)]

    def match(self, record):
        """The `Match` of a record; one that is two of our works at once is refused."""
        held, judgement = self._find(record)
        perhaps, related = [], []
        if held is None:
            held, judgement, perhaps, related = self._weighed(record)
        differences = matching.differences(held.record, record) if held else []
        return Match(record, held, differences, judgement, perhaps, related)

    def _find(self, record):
        """The work it is for certain, and the judgement that says why."""
        sure = {self.target.identity: ("asked", self.target)} if self.target else {}
        for kind, value in keys_of(record):
            for held in (
                self.works.get((kind, value), {}).values() if kind in matching.IDENTIFIERS else ()
            ):
                sure.setdefault(held.identity, (kind, held))
        if len(sure) > 1:
            both = " / ".join(
                f"{held.reference.citekey} ({kind.upper()})"
                if kind != "asked"
                else held.reference.citekey
                for kind, held in sure.values()
            )
            raise ValidationError(
                _("It has the keys of two works in the library: %(both)s.") % {"both": both}
            )
        for kind, held in sure.values():
            return held, matching.Judgement(matching.SAME, kind)
        return None, None

    def _weighed(self, record):
        """`(held, judgement, perhaps, related)`: the first work it is, else those it may be and is
        a version of."""
        mine, perhaps, related = self.features_of(record), [], []
        for kind, held in self._candidates(record, mine):
            judgement = matching.weigh(held.features, mine)
            if kind == "citekey" and _of_one_citekey(held, record, judgement):
                judgement = matching.Judgement(matching.SAME, "citekey")
            if judgement.verdict == matching.SAME:
                return held, judgement, [], []
            if judgement.verdict == matching.PERHAPS:
                perhaps.append((held, judgement))
            elif judgement.relation:
                related.append((held, judgement))
        return None, None, perhaps[:MOST_OFFERED], related[:MOST_OFFERED]

    def _candidates(self, record, mine):
        """`(kind, held)` of each work that shares a key with the record, once."""
        seen = set()
        for kind, value in [
            *keys_of(record),
            *(("like", key) for key in sorted(mine.keys)),
        ]:
            for held in islice(self.works.get((kind, value), {}).values(), MOST_WEIGHED):
                if held.identity not in seen or kind == "citekey":
                    seen.add(held.identity)
                    yield kind, held

    def person(self, name):
        """The person of this name, perhaps new and not saved yet."""
        if name.person not in self.people:
            family, given, suffix, literal = name.person
            person = Person(family=family, given=given, suffix=suffix, literal=literal)
            person.clean_fields(exclude=["slug"])
            self.people[name.person] = person
        return self.people[name.person]


def _of_one_citekey(held, record, judgement):
    """The same name in two files, unless something speaks against it."""
    if judgement.code in VERSIONS or matching.contradict(held.record, record):
        return False
    return matching.titled_alike(held.record, record)
