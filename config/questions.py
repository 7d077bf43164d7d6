"""All answered questions, those on chapters first and in their order, a page of them at a time.

Which pages have how many is asked once for all readers until something is written; of the questions
themselves only those are read that are shown, however many there are.
"""

from bisect import bisect_left, bisect_right
from itertools import accumulate, groupby
from operator import itemgetter

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, Count, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from taggit.models import Tag, TaggedItem

from comments.threads import order
from publishing import tags
from publishing.http import parts
from review import navigation
from review.models import Chapter


class InOrder:
    """The questions of `[(kind, pk, number)]`, pages in their order, on each what was answered last
    first; for a paginator."""

    def __init__(self, pages, questions):
        self._pages, self._questions = pages, questions
        self._ends = list(accumulate(number for _kind, _pk, number in pages))

    def __len__(self):
        return self._ends[-1] if self._ends else 0

    def __getitem__(self, part):
        first, last = bisect_right(self._ends, part.start), bisect_left(self._ends, part.stop)
        some = [page[:2] for page in self._pages[first : last + 1]]
        if not some:
            return []
        before = self._ends[first - 1] if first else 0
        theirs = [Q(page_type=kind, page_id=pk) for kind, pk in some]
        places = [When(each, then=Value(place)) for place, each in enumerate(theirs)]
        found = self._questions.filter(Q(*theirs, _connector=Q.OR))
        found = found.annotate(place=Case(*places), subject=_subject())
        return found.order_by("place", "-answered_at", "-pk")[
            part.start - before : part.stop - before
        ]


def listed(questions, by_subject):
    """`InOrder` of some of the answered questions."""
    return InOrder(_ordered(_numbers(questions), by_subject), questions)


def languages():
    """In which there are any."""
    return {language for language in _all_numbers() if language}


def all_listed(language, by_subject):
    """`InOrder` of those in one language; of all where it is empty."""

    def make():
        return _ordered(_all_numbers().get(language, {}), by_subject)

    pages = parts.kept(("answered, in order", language, by_subject, get_language()), make)
    found = order.answered()
    return InOrder(pages, found.filter(language=language) if language else found)


def _numbers(questions):
    """`{(kind, pk): number of questions}`"""
    rows = questions.order_by().values_list("page_type_id", "page_id").annotate(Count("pk"))
    return {(kind, pk): number for kind, pk, number in rows}


def _all_numbers():
    """`{language: the same, "": of all}`"""
    return parts.kept(("answered, counted",), _count)


def _count():
    rows = order.answered().order_by().values_list("language", "page_type_id", "page_id")
    numbers = {"": {}}
    for language, kind, pk, number in rows.annotate(Count("pk")):
        numbers.setdefault(language, {})[kind, pk] = number
        numbers[""][kind, pk] = numbers[""].get((kind, pk), 0) + number
    return numbers


def _ordered(numbers, by_subject):
    kind = ContentType.objects.get_for_model(Chapter).pk
    places = {(kind, each.pk): each.order for each in navigation.shown_tree().chapters}
    subjects = _subject_places(numbers) if by_subject else {}

    def key(page):
        subject, place = subjects.get(page), places.get(page)
        return (subject is None, subject or 0, place is None, place or "", page)

    return [(*page, numbers[page]) for page in sorted(numbers, key=key)]


def _subject_places(pages):
    """`{page: place of its first subject among all}`, as the database puts words in order."""
    called = tags.named(Tag.objects.all()).annotate(shown=Coalesce("name_there", "name"))
    in_order = called.order_by("shown").values_list("shown", "pk")
    place = {
        pk: number
        for number, (_name, same) in enumerate(groupby(in_order, itemgetter(0)))
        for _shown, pk in same
    }
    rows = TaggedItem.objects.filter(content_type__in={kind for kind, _pk in pages})
    named = rows.order_by("-tag__name").values_list("content_type_id", "object_id", "tag_id")
    return {(kind, pk): place[tag] for kind, pk, tag in named}  # the first stands last


def _subject():
    """The first subject of the page a question is about, as it is called in the reader's
    language."""
    of_page = Tag.objects.filter(
        taggit_taggeditem_items__content_type=OuterRef("page_type"),
        taggit_taggeditem_items__object_id=OuterRef("page_id"),
    )
    called = tags.named(of_page).annotate(shown=Coalesce("name_there", "name"))
    return Subquery(called.order_by("name").values("shown")[:1])
