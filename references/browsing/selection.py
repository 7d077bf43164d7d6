"""What a reader asked of the library, read from the address, and what else she can ask from there.

Anything in the address that makes no sense is left out and named in `ignored`; nothing is ever an
error.
"""

import re
from functools import reduce
from operator import and_
from urllib.parse import urlencode

from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext

from publishing import search
from publishing import tags as subjects
from publishing.richtext.sanitise import strip_control

from ..models import Authorship, Keyword, Notes, Person, Reference, StudyFacts
from ..models.keywords import folded
from ..vocabulary import ReadingState
from . import pubmed

LONGEST = 200
UNDATED = "none"
ORDERS = {
    "oldest": (F("year").asc(nulls_last=True), "sort_key", "pk"),
    "newest": (F("year").desc(nulls_last=True), "sort_key", "pk"),
    "author": ("sort_key", F("year").asc(nulls_last=True), "pk"),
    "added": ("-added", "-pk"),
}
# Filters of what stands in the record itself; `counts` counts each of their facets without its own
# choice.
IN_RECORD = (
    "from",
    "to",
    "decade",
    "language",
    "country",
    "design",
    "reading",
    "notes",
    "fulltext",
)
# Facts of a study one can choose by: as they are called in the address, and their field.
FACTS = {
    "intervention": "intervention",
    "outcome": "outcome",
    "population": "patients",
    "follow-up": "follow_up",
}


WITH_FULL_TEXT = Q(has_free_text=True)


def with_notes():
    """Works whose notes the public sees now: joined, one to one, so that it costs the same however
    many there are."""
    return Q(notes__isnull=False) & Notes.public_q("notes__")


class Selection:
    def __init__(self, data, path):
        self.path, self.ignored = path, []
        self._data = data
        self.text = self._word("q")
        self.first, self.last = self._whole("from", 1000, 2200), self._whole("to", 1000, 2200)
        if self.first and self.last and self.first > self.last:
            self.first, self.last = self.last, self.first
        self.decade = self._decade()
        self.tags = list(
            dict.fromkeys(filter(None, (self._clean(slug) for slug in data.getlist("tag"))))
        )[:10]
        self.term = folded(self._word("term"))
        self.language = self._word("language")
        self.country = self._word("country")
        self.design = self._word("design")
        self.facts = {name: self._word(name) for name in FACTS}
        self.reading = self._one_of("reading", ReadingState.values, "")
        self.person = self._known_person()
        self.notes = self._yes("notes")
        self.fulltext = self._yes("fulltext")
        self.sort = self._one_of("sort", ORDERS, "oldest")
        self.page = self._whole("page", 1, 10**6) or 1

    # Reading the address

    def _clean(self, value):
        return strip_control(value).strip()[:LONGEST]

    def _word(self, name):
        return self._clean(self._data.get(name, ""))

    def ignore(self, name, value):
        self.ignored.append(f"{name} " + gettext("“%(query)s”") % {"query": value[:40]})

    def _whole(self, name, low, high):
        value = self._word(name)
        number = int(value) if re.fullmatch(r"[0-9]{1,7}", value) else None
        if value and (number is None or not low <= number <= high):
            self.ignore(name, value)
            return None
        return number

    def _decade(self):
        if self._word("decade") == UNDATED:
            return UNDATED
        decade = self._whole("decade", 1000, 2200)
        if decade is not None and decade % 10:
            self.ignore("decade", str(decade))
            return None
        return decade

    def _known_person(self):
        slug = self._word("person")
        person = Person.objects.filter(slug=slug).first() if slug else None
        if slug and person is None:
            self.ignore("person", slug)
        return person

    def _yes(self, name):
        return self._one_of(name, ("yes",), "") == "yes"

    def _one_of(self, name, known, otherwise):
        value = self._word(name)
        if value and value not in known:
            self.ignore(name, value)
        return value if value in known else otherwise

    # Writing addresses

    def values(self):
        """What stands in the address of this very list, in one order, so that one list is one
        address."""
        return {
            "q": self.text,
            "from": self.first,
            "to": self.last,
            "decade": self.decade,
            "tag": sorted(self.tags),
            "term": self.term,
            "person": self.person.slug if self.person else "",
            "language": self.language,
            "country": self.country,
            "design": self.design,
            **self.facts,
            "reading": self.reading,
            "notes": "yes" if self.notes else "",
            "fulltext": "yes" if self.fulltext else "",
            "sort": "" if self.sort == "oldest" else self.sort,
        }

    def address(self, **changes):
        """This list with something changed, from its first page; `None` takes a filter out."""
        query = urlencode(
            {name: value for name, value in (self.values() | changes).items() if value}, doseq=True
        )
        return f"{self.path}?{query}" if query else self.path

    @property
    def query_string(self):
        """“?…” of this list, or nothing; for the same list under another address."""
        return self.address().removeprefix(self.path)

    def fields(self, *without):
        """`(name, value)` for the hidden fields of a form that narrows this list further."""
        for name, value in self.values().items():
            if value and name not in without:
                yield from (
                    ((name, each) for each in value) if isinstance(value, list) else [(name, value)]
                )

    def search_fields(self):
        return self.fields("q")

    def range_fields(self):
        return self.fields("from", "to", "decade")

    # The works

    @cached_property
    def _found(self):
        return search.matching(self.query, "reference") if self.text else None

    @cached_property
    def query(self):
        """What was typed, in the words of the search."""
        return pubmed.translate(self.text)

    def q(self, *without):
        """The filters as one Q that joins nothing, so that it can count inside other queries
        too."""
        found = Q()
        for name, part in self._parts().items():
            if name not in without:
                found &= part
        return found

    def gathering(self):
        """What has to be looked up elsewhere than in the record: the words, the subjects, the
        person."""
        looked_up = [part for name, part in self._parts().items() if name not in IN_RECORD]
        return reduce(and_, looked_up, Q())

    def flags(self):
        """The other filters by name: each can be left out of a count by itself."""
        return {name: part for name, part in self._parts().items() if name in IN_RECORD}

    def _parts(self):
        parts = {}
        if self._found is not None:
            parts["q"] = Q(pk__in=self._found)
        if self.first is not None:
            parts["from"] = Q(year__gte=self.first)
        if self.last is not None:
            parts["to"] = Q(year__lte=self.last)
        if self.decade == UNDATED:
            parts["decade"] = Q(year=None)
        elif self.decade is not None:
            parts["decade"] = Q(year__gte=self.decade, year__lt=self.decade + 10)
        for slug in self.tags:
            tagged = subjects.items_of(Reference).filter(tag__slug=slug).values("object_id")
            parts[f"tag {slug}"] = Q(pk__in=tagged)
        if self.term:
            filed = Keyword.objects.filter(folded=self.term)
            parts["term"] = Q(pk__in=filed.order_by().values("reference"))
        if self.person:
            parts["person"] = Q(
                pk__in=Authorship.objects.filter(person=self.person).values("reference")
            )
        if self.language:
            parts["language"] = Q(language=self.language)
        if self.country:
            parts["country"] = Q(country=self.country)
        if self.reading:
            parts["reading"] = Q(reading_state=self.reading)
        if self.design:
            parts["design"] = Q(study_design=self.design)
        for name, value in self.facts.items():
            if value:
                stated = StudyFacts.objects.filter(**{FACTS[name]: value})
                parts[name] = Q(pk__in=stated.values("reference"))
        if self.notes:
            parts["notes"] = with_notes()
        if self.fulltext:
            parts["fulltext"] = WITH_FULL_TEXT
        return parts

    def has_year(self, year):
        """Whether a year, or None, is among those asked for."""
        dated = self.first or self.last or self.decade not in (None, UNDATED)
        if year is None:
            return not dated
        return self.decade in (None, year // 10 * 10) and (self.first or year) <= year <= (
            self.last or year
        )

    def works(self):
        return Reference.objects.filter(self.q()).order_by(*ORDERS[self.sort])
