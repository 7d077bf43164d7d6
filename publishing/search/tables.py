"""What the search looks through: models that stand here, below the pages, so that pages can be
indexed as they are saved."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models


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

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["page_type", "page_id"], name="publishing_indexentry_once"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any]) -> Self:
        entry = super().from_db(db, field_names, values)
        entry._named = tuple(entry.__dict__.get(name) for name in ("title", "label"))
        return entry

    @property
    def is_renamed(self) -> bool:
        """Whether it was read with another title or label."""
        return getattr(self, "_named", (self.title, self.label)) != (self.title, self.label)


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


@dataclass
class Document:
    """The texts of a page, by what they weigh."""

    title: str = ""
    summary: str = ""
    authors: str = ""
    text: str = ""


Rows = Sequence[tuple[IndexEntry, Document]]
