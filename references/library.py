"""The one way records enter the library."""

import copy
import re
from dataclasses import dataclass, field
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _

from publishing.models import publishable_models

from . import citing, identifiers
from .formats.records import FIELDS, Refused
from .models import Authorship, Citing, Person, Reference, citekey_validator
from .vocabulary import CSLType

CHUNK = 200
KEYS = ("citekey", "doi", "pmid", "pmcid")


@dataclass
class Outcome:
    """What became of the records of one import."""

    new: int = 0
    same: int = 0
    updated: int = 0
    refused: list = field(default_factory=list)


@transaction.atomic
def save_records(records, *, update=False):
    """Bring records into the library: new ones are added; one we have, by citekey, DOI, PMID or PMCID, is left as it
    is, or with `update` takes over what the record says and it does not say yet or says differently.

    A record that cannot be taken is refused with its reason; the others come in. Gives an `Outcome`.
    """
    outcome, added, records = Outcome(), [], iter(records)
    while chunk := list(islice(records, CHUNK)):
        shelf = _Shelf(chunk)
        for record in chunk:
            try:
                reference, verdict = _save(record, shelf, update)
            except (ValidationError, identifiers.BadIdentifier) as error:
                outcome.refused.append(Refused(record.number, _reason(error), record.citekey))
                continue
            setattr(outcome, verdict, getattr(outcome, verdict) + 1)
            if verdict == "new":
                added.append(reference.citekey)
    rerender_waiting_pages(added)
    return outcome


def rerender_waiting_pages(citekeys):
    """Number the citations of pages that named these works before the library held them."""
    if not citekeys:
        return
    for model in publishable_models():
        if issubclass(model, Citing):
            for page in model._base_manager.filter(body_html__contains='class="cite missing"'):
                if not set(citekeys).isdisjoint(citing.citekeys(page.body)):
                    page.rerender()


class _Shelf:
    """What the library already has of one chunk: its works by each key, its people by name."""

    def __init__(self, records):
        for record in records:
            _normalise(record)
        wanted = Q(pk=None)
        for name in KEYS:
            wanted |= Q(**{f"{name}__in": [getattr(record, name) for record in records if getattr(record, name)]})
        self.works = {name: {} for name in KEYS}
        for reference in Reference.objects.filter(wanted):
            self.add(reference)
        families = {name.family for record in records for name in record.names}
        self.people = {}
        for person in Person.objects.filter(family__in=families).order_by("-pk"):
            self.people[(person.family, person.given, person.suffix, person.literal)] = person

    def add(self, reference):
        for name in KEYS:
            if getattr(reference, name):
                self.works[name][getattr(reference, name)] = reference

    def find(self, record):
        """The one work a record is, or None; a record that is two of ours at once is refused."""
        found = {}
        for name in KEYS:
            reference = self.works[name].get(getattr(record, name))
            if reference is not None:
                found.setdefault(reference.pk, (name, reference))
        if len(found) > 1:
            both = " / ".join(f"{reference.citekey} ({name})" for name, reference in found.values())
            raise ValidationError(_("It has the keys of two works in the library: %(both)s.") % {"both": both})
        return next((reference for _name, reference in found.values()), None)

    def person(self, name):
        if name.person not in self.people:
            family, given, suffix, literal = name.person
            person = Person(family=family, given=given, suffix=suffix, literal=literal)
            person.clean_fields(exclude=["slug"])
            self.people[name.person] = person
        return self.people[name.person]


def _normalise(record):
    """Bring keys and kind to the forms we keep; a bad identifier is told when the record is saved."""
    if not citekey_validator.regex.search(record.citekey):
        record.citekey = ""  # other programs number their records with web addresses
    if record.type not in CSLType.values:
        record.genre, record.type = record.genre or record.type.replace("_", " "), CSLType.DOCUMENT.value
    for name in ("doi", "pmid", "pmcid", "isbn"):
        try:
            setattr(record, name, getattr(identifiers, name)(getattr(record, name)))
        except identifiers.BadIdentifier:
            continue


def _save(record, shelf, update):
    known = shelf.find(record)
    if known is not None and not update:
        return known, "same"
    reference = copy.copy(known) if known else Reference(citekey=record.citekey or free_citekey(record))
    changed = _fill(reference, record, new=known is None)
    reference.clean_fields()
    reference.clean()
    people = {(name.person, name.role): (shelf.person(name), name.role) for name in record.names}.values()
    tags = set(record.tags)
    if known is not None:
        people = people if _people_differ(known, people) else ()
        tags -= {tag.name for tag in known.tags.all()}
        if not (changed or people or tags):
            return known, "same"
    reference.save()
    if people:
        _write_people(reference, people)
    if tags:
        reference.tags.add(*sorted(tags))
    reference.refresh()
    shelf.add(reference)
    return reference, "new" if known is None else "updated"


def _fill(reference, record, *, new):
    """Copy what the record says; what it leaves open stays. Gives whether anything changed."""
    changed = False
    for name in FIELDS:
        value = getattr(record, name)
        if name == "citekey" or (not new and value in ("", None, False)):
            continue
        if getattr(reference, name) != value:
            setattr(reference, name, value)
            changed = True
    return changed


def _people_differ(reference, people):
    rows = [(row.person, row.role) for row in reference.authorships.select_related("person")]
    return bool(people) and rows != list(people)


def _write_people(reference, people):
    for person, _role in people:
        if person.pk is None:
            person.save()
    reference.authorships.all().delete()
    Authorship.objects.bulk_create(
        Authorship(reference=reference, person=person, role=role, position=position)
        for position, (person, role) in enumerate(people, 1)
    )


def free_citekey(record):
    """“copeman1944”, or “copeman1944b” where that is taken."""
    who = next((name.family for name in record.names), record.title or record.translated_title)
    base = re.sub(r"[^\w]", "", slugify(who))[:40] + str(record.year or "") or "work"
    taken = set(Reference.objects.filter(citekey__startswith=base).values_list("citekey", flat=True))
    endings = iter(["", *"bcdefghijklmnopqrstuvwxyz", *map(str, range(2, len(taken) + 3))])
    return next(base + ending for ending in endings if base + ending not in taken)


def _reason(error):
    """The messages of a validation error with the names of the fields they are about, in one line."""
    if isinstance(error, ValidationError) and hasattr(error, "message_dict"):
        return " ".join(_of_field(name, text) for name, texts in error.message_dict.items() for text in texts)
    return " ".join(getattr(error, "messages", [str(error)]))


def _of_field(name, text):
    model = Reference if name in FIELDS else Person
    return f"{model._meta.get_field(name).verbose_name}: {text}" if name != "__all__" else text
