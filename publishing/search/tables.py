"""What the search looks through: models that stand here, below the pages, so that pages can be
indexed as they are saved."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .query import Query


class IndexEntry(models.Model):
    """One row per public page for search. Written by `publishing.search` alone."""

    page_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    page_id = models.PositiveBigIntegerField()
    page = GenericForeignKey("page_type", "page_id")
    kind = models.CharField(max_length=20)
    language = models.CharField(max_length=8)
    label = models.CharField(max_length=300)
    title = models.TextField()
    text = models.TextField()
    authors = models.TextField(blank=True)
    year = models.SmallIntegerField(null=True, db_index=True)
    url = models.CharField(max_length=1200)
    visible_from = models.DateTimeField(null=True)
    visible_until = models.DateTimeField(null=True)
    # Which groups of a query it does not hold; see `Ranked`.
    missing: tuple[int, ...] = ()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["page_type", "page_id"], name="publishing_indexentry_once"
            )
        ]

    def __str__(self) -> str:
        return self.title


class WordGram(models.Model):
    """Three letters of a word that stands in a title or a name, to find words spelt nearly
    alike."""

    gram = models.CharField(max_length=61)
    word = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gram", "word"], name="publishing_wordgram_once")
        ]

    def __str__(self) -> str:
        return f"{self.gram} in {self.word}"


class IndexRules(models.Model):
    """By which rules (`words.VERSION`) the rows were written last; one row."""

    version = models.PositiveIntegerField()

    def __str__(self) -> str:
        return str(self.version)


class FoundNothing(models.Model):
    """Words of readers that nothing holds, for thirty days; see `unanswered.py`."""

    words = models.CharField(_("words"), max_length=200, unique=True)
    count = models.PositiveIntegerField(_("how often"), default=0)
    since = models.DateTimeField(_("since"), default=timezone.now, db_index=True)
    last = models.DateTimeField(_("last"), default=timezone.now)

    class Meta:
        ordering = ["-count", "-last", "pk"]
        verbose_name = _("search that found nothing")
        verbose_name_plural = _("searches that found nothing")

    def __str__(self) -> str:
        return self.words


@dataclass
class Document:
    """The texts of a page, by what they weigh."""

    title: str = ""
    summary: str = ""
    authors: str = ""
    text: str = ""


def within_years(entries: models.QuerySet, query: Query) -> models.QuerySet:
    """The entries of the years a query names; one without a year is of none."""
    for each in query.filters:
        if each.name == "year":
            first, last = each.values
            condition = Q(year__isnull=False, year__range=(first or 0, last or 9999))
            entries = entries.exclude(condition) if each.negated else entries.filter(condition)
    return entries


# An entry's id, and which groups of the query it does not hold.
Found = tuple[int, tuple[int, ...]]


class Ranked:
    """Entries in the order a backend gives, fetched a slice at a time.

    `found(start, stop)` gives the ids of a slice; there are `total`. Each entry says in `missing`
    which groups of the query it does not hold. `read(*ids)`: the entries, in any order.
    """

    def __init__(self, total: int, found: Callable[[int, int], list[Found]]) -> None:
        self._total, self._found = total, found
        self.read: Callable[..., Iterable[IndexEntry]] = _of_ids

    def __len__(self) -> int:
        return self._total

    def __iter__(self) -> Iterator[IndexEntry]:
        return iter(self[:])

    @overload
    def __getitem__(self, key: int) -> IndexEntry: ...

    @overload
    def __getitem__(self, key: slice) -> list[IndexEntry]: ...

    def __getitem__(self, key: int | slice) -> IndexEntry | list[IndexEntry]:
        """Entries of neighbouring places, without steps."""
        if isinstance(key, int):
            return self[range(self._total)[key] :][0]
        start, stop, _step = key.indices(self._total)
        missing = dict(self._found(start, stop)) if start < stop else {}
        entries = {entry.pk: entry for entry in self.read(*missing)} if missing else {}
        for pk, entry in entries.items():
            entry.missing = missing[pk]
        return [entries[pk] for pk in missing if pk in entries]


def _of_ids(*ids: int) -> Iterable[IndexEntry]:
    return IndexEntry.objects.filter(pk__in=ids)


Rows = Sequence[tuple[IndexEntry, Document]]
