"""Names of journals in full and in short: what the project ships, and what imports bring."""

import csv
import re
from functools import cache
from pathlib import Path

from django.db import models
from django.utils.translation import gettext_lazy as _

from publishing.search.words import fold, tokens

SHIPPED = Path(__file__).parent.parent / "data" / "journals.tsv"
ARTICLES = {"article-journal", "review"}


def key_of(name):
    """“The Lancet.” and “Lancet” are one name to look for."""
    return " ".join(tokens(fold(re.sub(r"^(?:the|la|le|el) ", "", name, flags=re.I))))[:200]


@cache
def shipped():
    """`[(title, abbreviation)]` of the table the project comes with."""
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        return [(row["title"], row["nlm"]) for row in csv.DictReader(file, delimiter="\t")]


class JournalManager(models.Manager):
    def complete(self, records):
        """Give each article's record the name of its journal in full and in short, as far as one
        of them is known here; what a record has both of is learnt."""
        named = [each for each in records if each.type in ARTICLES and _name(each)]
        keys = {key_of(name) for each in named for name in _names(each)} - {""}
        by_key = {}
        for title, short in shipped():
            by_key.setdefault(key_of(title), (title, short))
            by_key.setdefault(key_of(short), (title, short))
        rows = self.filter(models.Q(key__in=keys) | models.Q(short_key__in=keys))
        for row in rows:
            by_key[row.short_key] = by_key[row.key] = row.title, row.abbreviation
        new = {}
        for each in named:
            if each.container and each.container_short and each.container != each.container_short:
                self._learn(each, by_key, new)
            else:
                _complete(each, by_key)
        return list(new.values())

    def _learn(self, record, by_key, new):
        """Of two abbreviations the first stays; with dots (ISO 4) gives way to without (NLM), which
        has the same words: where they stand shows from the title."""
        title, short = record.container, record.container_short
        key, short_key = key_of(title), key_of(short)
        known = by_key.get(key)
        if known and "." in short and key_of(known[1]) == short_key:
            record.container_short = known[1]
        elif not known and key and short_key and len(short) <= len(title) + short.count("."):
            short = " ".join(short.replace(".", " ").split())
            by_key[key] = by_key[short_key] = title, short
            row = Journal(key=key, short_key=short_key, title=title, abbreviation=short)
            new[key] = row


def iso_of(title, abbreviation):
    """“J Lumbar Stud” of “Journal of Lumbar Studies” as ISO 4 writes it: “J. Lumbar Stud.”; a word
    that is whole has no stop."""
    whole = {fold(word) for word in re.findall(r"[^\W\d_]+", title)}
    return re.sub(
        r"[^\W\d_]+(?!\.)",
        lambda word: (
            word[0]
            if fold(word[0]) in whole or (word[0].isupper() and len(word[0]) > 1)
            else f"{word[0]}."
        ),
        abbreviation,
    )


def _names(record):
    return filter(None, (record.container, record.container_short))


def _name(record):
    return record.container or record.container_short


def _complete(record, by_key):
    name = _name(record)
    title, short = by_key.get(key_of(name), ("", ""))
    if title and key_of(name) == key_of(title):
        record.container, record.container_short = name, short
    elif title:
        record.container, record.container_short = title, short


class Journal(models.Model):
    """One journal by its full name, with its abbreviation in the catalogue of the National Library
    of Medicine."""

    title = models.CharField(_("title"), max_length=400)
    abbreviation = models.CharField(
        _("abbreviation"), max_length=200, help_text=_("As the NLM has it: J Lumbar Stud")
    )
    key = models.CharField(max_length=200, unique=True, editable=False)
    short_key = models.CharField(max_length=200, db_index=True, editable=False)

    objects = JournalManager()

    class Meta:
        ordering = ["title"]
        verbose_name = _("journal")
        verbose_name_plural = _("journals")

    def __str__(self):
        return self.title

    @property
    def iso(self):
        return iso_of(self.title, self.abbreviation)

    def save(self, *args, **kwargs):
        self.key, self.short_key = key_of(self.title), key_of(self.abbreviation)
        super().save(*args, **kwargs)
