"""New works written many at a time: each kind of row in one statement a chunk."""

import re

from django.contrib.contenttypes.models import ContentType
from django.utils.text import slugify
from taggit.models import TaggedItem

from publishing import slugs, tags

from ..citing import entries
from ..models import (
    RESERVED,
    Authorship,
    Keyword,
    MatchKey,
    Person,
    Reference,
    WorkNotice,
    citekey_validator,
)
from .rows import insert

LONGEST_KEY = 100
LETTERS = ["", *"bcdefghijklmnopqrstuvwxyz"]
ROWS = 2000


class Citekeys:
    """Free citekeys for a whole import: “copeman1944”, or “copeman1944b” where that is taken."""

    def __init__(self):
        self.taken, self.lettered, self.numbers = set(RESERVED), set(), {}

    def load(self, records):
        self._look({wish(record) for record in records})

    def _look(self, citekeys):
        self.taken.update(
            Reference.objects.filter(citekey__in=citekeys).values_list("citekey", flat=True)
        )

    def take(self, record):
        base = wish(record)
        if base in self.taken and base not in self.lettered:
            self.lettered.add(base)
            self._look([base + letter for letter in LETTERS])
        citekey = next(
            (base + letter for letter in LETTERS if base + letter not in self.taken), ""
        ) or self._numbered(base)
        self.taken.add(citekey)
        return citekey

    def _numbered(self, base):
        if base not in self.numbers:
            self.taken.update(
                Reference.objects.filter(citekey__startswith=base).values_list("citekey", flat=True)
            )
        number = self.numbers.get(base, 2)
        while f"{base}{number}" in self.taken:
            number += 1
        self.numbers[base] = number + 1
        return f"{base}{number}"


def wish(record):
    return record.citekey or _base(record)


def _base(record):
    who = next((name.family for name in record.names), record.title or record.translated_title)
    word = slugify(who) or slugs.make(who, kind="work")
    return re.sub(r"[^\w]", "", word)[:40] + str(record.year or "")


def usable_citekey(citekey):
    """Other programs number their records with web addresses; such a citekey is none."""
    return (
        bool(citekey_validator.regex.fullmatch(citekey))
        and citekey not in RESERVED
        and len(citekey) <= LONGEST_KEY
    )


class Batch:
    """New references gathered until `write()`; they have no row before it."""

    def __init__(self):
        self.rows, self.keys, self.tags = [], [], {}

    def add(self, reference, people, record, keys):
        """`keys` are the numbers by which `matching` finds it."""
        self.rows.append((reference, people, record))
        self.keys.append(keys)

    def write(self):
        """Write everything gathered; gives the references. Citations and search rows are made
        later."""
        rows, self.rows = self.rows, []
        keys, self.keys = self.keys, []
        if not rows:
            return []
        _write_people(
            {
                id(person): person
                for _ref, people, _record in rows
                for person, _role in people
                if not person.pk
            }
        )
        for reference, people, _record in rows:
            reference.gathered = [Authorship(person=person, role=role) for person, role in people]
            entries.fill_short(reference)
        Reference.objects.bulk_create([reference for reference, _people, _record in rows])
        insert(
            Authorship,
            ("reference", "person", "role", "position"),
            (
                (reference.pk, person.pk, role, position)
                for reference, people, _record in rows
                for position, (person, role) in enumerate(people, 1)
            ),
        )
        insert(
            MatchKey,
            ("reference", "key"),
            (
                (reference.pk, key)
                for (reference, _people, _record), found in zip(rows, keys, strict=True)
                for key in found
            ),
        )
        self._write_tags(rows)
        Keyword.objects.write([(reference, record.keywords) for reference, _p, record in rows])
        WorkNotice.objects.write([(reference, record.notices) for reference, _p, record in rows])
        WorkNotice.objects.link_new([reference for reference, _people, _record in rows])
        return [reference for reference, _people, _record in rows]

    def _write_tags(self, rows):
        given = {name for _ref, _people, record in rows for name in record.tags}
        self.tags |= tags.pks_of(
            [name for name in sorted(given) if tags.key(name) not in self.tags]
        )
        kind = ContentType.objects.get_for_model(Reference)
        insert(
            TaggedItem,
            ("tag", "content_type", "object_id"),
            (
                (tag, kind.pk, reference.pk)
                for reference, _people, record in rows
                for tag in dict.fromkeys(
                    self.tags[key] for key in map(tags.key, record.tags) if key
                )
            ),
        )


def _write_people(people):
    """People without a row, each with a free address."""
    people = list(people.values())
    longest = Person._meta.get_field("slug").max_length
    bases = {
        id(person): slugs.make(person.name, kind="person", longest=longest) for person in people
    }
    taken = set(Person.objects.filter(slug__in=set(bases.values())).values_list("slug", flat=True))
    alike = {}  # of a slug that is taken, the numbers still to be given
    for person in people:
        slug = base = bases[id(person)]
        if base in taken:
            if base not in alike:
                alike[base] = slugs.numbered(base, longest)
                taken.update(
                    Person.objects.filter(slug__startswith=base[: longest - 8]).values_list(
                        "slug", flat=True
                    )
                )
            slug = next(each for each in alike[base] if each not in taken)
        person.slug = slug
        taken.add(person.slug)
        person.set_sort_key()
    Person.objects.bulk_create(people, batch_size=ROWS)
