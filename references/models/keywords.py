"""What databases, journals and authors say a work is about: apart from the tags, which are hers."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from publishing.search.words import fold

from ..formats import Keyword as Word

ROWS = 2000


def folded(term):
    """“Lipoma” and “lipoma” are one term to look for."""
    return " ".join(fold(term).split())[:200]


class Vocabulary(models.TextChoices):
    MESH = "mesh", "MeSH"
    EMTREE = "emtree", "Emtree"
    ERIC = "eric", "ERIC"
    AUTHOR = "author", pgettext_lazy("keywords", "Authors’ keywords")
    OTHER = "", pgettext_lazy("keywords", "Keywords")


class KeywordManager(models.Manager):
    def write(self, pairs, *, new=True):
        """Keep the words of `(reference, [formats.Keyword])`; each once, after those there are."""
        pairs = [(reference, words) for reference, words in pairs if words]
        known, last = set(), {}
        if not new and pairs:
            rows = self.filter(reference__in=[reference for reference, _words in pairs])
            for row in rows:
                known.add(row.identity)
                last[row.reference_id] = max(last.get(row.reference_id, 0), row.position)
        rows = []
        for reference, words in pairs:
            start = last.get(reference.pk, 0) + 1
            for position, word in enumerate(words, start):
                row = Keyword.of(reference, word, position)
                if row.identity not in known:
                    known.add(row.identity)
                    rows.append(row)
        self.bulk_create(rows, batch_size=ROWS)


class Keyword(models.Model):
    """One word a work is catalogued under, with its aspects, in the vocabulary it is of."""

    reference = models.ForeignKey(
        "references.Reference", models.CASCADE, related_name="keywords", verbose_name=_("work")
    )
    vocabulary = models.CharField(
        _("vocabulary"), max_length=20, choices=Vocabulary.choices, blank=True, default=""
    )
    term = models.CharField(_("term"), max_length=200)
    qualifiers = models.CharField(
        _("aspects"),
        max_length=2000,
        blank=True,
        help_text=_("Of MeSH, with a stroke between and a star at the main one: surgery/*etiology"),
    )
    major = models.BooleanField(
        _("main topic"), default=False, help_text=_("What the work is mainly about.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    # How it is looked for.
    folded = models.CharField(max_length=200, editable=False)

    objects = KeywordManager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("keyword")
        verbose_name_plural = _("keywords of databases and authors")
        indexes = [models.Index(fields=["folded", "reference"], name="references_keyword_term")]
        constraints = [
            models.UniqueConstraint(
                fields=["reference", "vocabulary", "term"], name="references_keyword_once"
            )
        ]

    def __str__(self):
        return self.text

    def save(self, *args, **kwargs):
        self.folded = folded(self.term)
        super().save(*args, **kwargs)

    @classmethod
    def of(cls, reference, word, position=0):
        """A row, not saved, from a `formats.Keyword`."""
        aspects = "/".join(f"*{part}" if part in word.starred else part for part in word.qualifiers)
        return cls(
            reference=reference, vocabulary=_known(word.vocabulary), term=word.term,
            qualifiers=aspects[:2000], major=word.major or bool(word.starred), position=position,
            folded=folded(word.term),
        )  # fmt: skip

    @property
    def identity(self):
        return self.reference_id, self.vocabulary, self.term

    @property
    def word(self):
        """As the formats have it."""
        parts = [part for part in self.qualifiers.split("/") if part.strip("* ")]
        starred = tuple(part.strip("* ") for part in parts if part.strip().startswith("*"))
        kept = tuple(part.strip("* ") for part in parts)
        return Word(self.term, self.vocabulary, kept, self.major or bool(starred), starred)

    @property
    def text(self):
        """“Lipoma / surgery, etiology”"""
        aspects = ", ".join(self.word.qualifiers)
        return f"{self.term} / {aspects}" if aspects else self.term


def _known(vocabulary):
    return vocabulary if vocabulary in Vocabulary.values else ""
