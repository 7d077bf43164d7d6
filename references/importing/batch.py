"""New works written many at a time: each kind of row in one statement a chunk."""

import re

from django.contrib.contenttypes.models import ContentType
from django.utils.text import slugify
from taggit.models import Tag, TaggedItem

from ..citing import entries
from ..models import RESERVED, Authorship, MatchKey, Person, Reference, citekey_validator

LONGEST_KEY = 100
LETTERS = ["", *"bcdefghijklmnopqrstuvwxyz"]
ROWS = 2000


class Citekeys:
    """Free citekeys for a whole import: “copeman1944”, or “copeman1944b” where that is taken."""

    def __init__(self):
        self.taken, self.lettered, self.numbers = set(), set(), {}

    def load(self, records):
        self._look({wish(record) for record in records})

    def _look(self, citekeys):
        self.taken.update(Reference.objects.filter(citekey__in=citekeys).values_list("citekey", flat=True))

    def take(self, record):
        base = wish(record)
        if base in self.taken and base not in self.lettered:
            self.lettered.add(base)
            self._look([base + letter for letter in LETTERS])
        citekey = next((base + letter for letter in LETTERS if base + letter not in self.taken), "") or self._numbered(base)
        self.taken.add(citekey)
        return citekey

    def _numbered(self, base):
        if base not in self.numbers:
            self.taken.update(Reference.objects.filter(citekey__startswith=base).values_list("citekey", flat=True))
        number = self.numbers.get(base, 2)
        while f"{base}{number}" in self.taken:
            number += 1
        self.numbers[base] = number + 1
        return f"{base}{number}"


def wish(record):
    return record.citekey or _base(record)


def _base(record):
    who = next((name.family for name in record.names), record.title or record.translated_title)
    return re.sub(r"[^\w]", "", slugify(who))[:40] + str(record.year or "") or "work"


def usable_citekey(citekey):
    """Other programs number their records with web addresses; such a citekey is none."""
    return bool(citekey_validator.regex.search(citekey)) and citekey not in RESERVED and len(citekey) <= LONGEST_KEY


class Batch:
    """New references gathered until `write()`; they have no row before it."""

    def __init__(self):
        self.rows, self.tags = [], {}

    def add(self, reference, people, tags):
        self.rows.append((reference, people, tags))

    def write(self):
        """Write everything gathered; gives the references. Citations and search rows are made later."""
        rows, self.rows = self.rows, []
        if not rows:
            return []
        _write_people({id(person): person for _ref, people, _tags in rows for person, _role in people if not person.pk})
        for reference, people, _tags in rows:
            reference.gathered = [Authorship(person=person, role=role) for person, role in people]
            entries.fill_short(reference)
        Reference.objects.bulk_create([reference for reference, _people, _tags in rows])
        Authorship.objects.bulk_create(
            (
                Authorship(reference=reference, person=person, role=role, position=position)
                for reference, people, _tags in rows
                for position, (person, role) in enumerate(people, 1)
            ),
            batch_size=ROWS,
        )
        MatchKey.objects.write([reference for reference, _people, _tags in rows], new=True)
        self._write_tags(rows)
        return [reference for reference, _people, _tags in rows]

    def _write_tags(self, rows):
        names = {name for _ref, _people, tags in rows for name in tags}
        self._know(names)
        kind = ContentType.objects.get_for_model(Reference)
        TaggedItem.objects.bulk_create(
            (
                TaggedItem(tag_id=tag, content_type=kind, object_id=reference.pk)
                for reference, _people, tags in rows
                for tag in dict.fromkeys(self.tags[name.casefold()] for name in tags)
            ),
            batch_size=ROWS,
        )

    def _know(self, names):
        """Have a tag for each name, whatever its capitals, as taggit has them."""
        missing = {name.casefold(): name for name in sorted(names) if name.casefold() not in self.tags}
        if not missing:
            return
        if not self.tags:
            self.tags = {name.casefold(): pk for pk, name in Tag.objects.order_by("-pk").values_list("pk", "name")}
        missing = {key: name for key, name in missing.items() if key not in self.tags}
        slugs = {key: Tag(name=name).slugify(name) for key, name in missing.items()}
        taken = set(Tag.objects.filter(slug__in=slugs.values()).values_list("slug", flat=True))
        made, alike = [], []
        for key, name in missing.items():
            if slugs[key] in taken or not slugs[key]:
                alike.append(name)
            else:
                taken.add(slugs[key])
                made.append(Tag(name=name, slug=slugs[key]))
        # Where two come to one slug, taggit finds another.
        for tag in [*Tag.objects.bulk_create(made), *(Tag.objects.create(name=name) for name in alike)]:
            self.tags[tag.name.casefold()] = tag.pk


def _write_people(people):
    """People without a row, each with a free address."""
    people = list(people.values())
    bases = {id(person): slugify(person.name, allow_unicode=True)[:150] or "person" for person in people}
    taken = set(Person.objects.filter(slug__in=set(bases.values())).values_list("slug", flat=True))
    last = {}
    for person in people:
        base = slug = bases[id(person)]
        if slug in taken:
            if base not in last:
                taken.update(Person.objects.filter(slug__startswith=f"{base}-").values_list("slug", flat=True))
            number = last.get(base, 2)
            while (slug := f"{base}-{number}") in taken:
                number += 1
            last[base] = number + 1
        taken.add(slug)
        person.slug = slug
        person.set_sort_key()
    Person.objects.bulk_create(people, batch_size=ROWS)
