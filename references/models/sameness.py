"""Works that are one, may be one, or are versions of each other."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .. import matching
from ..formats.records import Name, Record

ROWS = 2000
# A key that many works share tells none of them apart.
MOST_ALIKE = 50


class MatchKeyManager(models.Manager):
    def write(self, references, *, new=False):
        """Keep the keys of works by which `matching` finds their like; ask for them
        `with_people()`, or `gathered`."""
        references = list(references)
        if not new:
            self.filter(reference__in=references).delete()
        self.bulk_create(
            (
                MatchKey(reference=each, key=key)
                for each in references
                for key in matching.keys(_record(each))
            ),
            batch_size=ROWS,
        )

    def candidates(self, keys):
        """A query of the primary keys of works that have one of these keys."""
        crowded = (
            self.filter(key__in=keys)
            .values("key")
            .annotate(n=models.Count("pk"))
            .filter(n__gt=MOST_ALIKE)
        )
        crowded = set(crowded.values_list("key", flat=True))
        return self.filter(key__in=set(keys) - crowded).values("reference")


def _record(reference):
    """As much of a work as its keys need."""
    rows = getattr(reference, "gathered", None) or reference.authorships.all()
    values = {
        name: getattr(reference, name)
        for name in ("title", "original_title", "translated_title", "url")
    }
    record = Record(**values, year=reference.year, volume=reference.volume, pages=reference.pages)
    record.names = [Name(row.person.family, role=row.role) for row in rows]
    return record


class MatchKey(models.Model):
    """What a work may be found by when another record of it comes in: a few numbers a work, see
    `matching.keys()`."""

    reference = models.ForeignKey("references.Reference", models.CASCADE, related_name="match_keys")
    key = models.BigIntegerField()

    objects = MatchKeyManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "reference"], name="references_matchkey_once")
        ]

    def __str__(self):
        return f"{self.reference_id}: {self.key}"


class Relation(models.Model):
    """That two works of the library are versions of one or speak of each other; or that the author
    found them apart."""

    class Kind(models.TextChoices):
        PREPRINT = "preprint", _("preprint of")
        CONFERENCE = "conference", _("conference version of")
        EDITION = "edition", _("earlier edition of")
        TRANSLATION = "translation", _("translation of")
        ERRATUM = "erratum", _("erratum of")
        COMMENT = "comment", _("comment on")
        RETRACTION = "retraction", _("retraction of")
        CONCERN = "concern", _("expression of concern about")
        APART = "apart", _("another work than")

    # The other way round, as the page of the other work says it.
    INVERSE = {
        Kind.PREPRINT: _("has the preprint"),
        Kind.CONFERENCE: _("has the conference version"),
        Kind.EDITION: _("later edition of"),
        Kind.TRANSLATION: _("has the translation"),
        Kind.ERRATUM: _("has the erratum"),
        Kind.COMMENT: _("has the comment"),
        Kind.RETRACTION: _("retracted by"),
        Kind.CONCERN: _("has the expression of concern"),
    }

    one = models.ForeignKey(
        "references.Reference", models.CASCADE, related_name="relations", verbose_name=_("work")
    )
    kind = models.CharField(_("relation"), max_length=12, choices=Kind.choices)
    other = models.ForeignKey(
        "references.Reference",
        models.CASCADE,
        related_name="relations_to",
        verbose_name=_("the other work"),
        help_text=_("Type a few letters of its author, year or title."),
    )

    class Meta:
        ordering = ["kind", "other__year", "pk"]
        verbose_name = _("relation to another work")
        verbose_name_plural = _("versions of it and works it speaks of")
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="references_relation_once"),
            models.CheckConstraint(
                condition=~Q(one=F("other")),
                name="references_relation_another",
                violation_error_message=_("A work is no version of itself."),
            ),
        ]

    def __str__(self):
        return f"{self.one.label} {self.get_kind_display()} {self.other.label}"

    @classmethod
    def shown_of(cls, reference):
        """`(words, work)` of what readers see of a work’s relations, from either side."""
        rows = cls.objects.filter(Q(one=reference) | Q(other=reference)).exclude(
            kind=cls.Kind.APART
        )
        return [
            (row.get_kind_display(), row.other)
            if row.one_id == reference.pk
            else (cls.INVERSE[row.kind], row.one)
            for row in rows.select_related("one", "other")
        ]


class Merge(models.Model):
    """That two works were made one, with all that is needed to take it back."""

    kept = models.ForeignKey(
        "references.Reference", models.CASCADE, related_name="merges", verbose_name=_("work")
    )
    citekey = models.CharField(_("citekey"), max_length=120)
    title = models.TextField(_("title"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(_("when"), auto_now_add=True)
    record = models.JSONField(default=dict)

    class Meta:
        ordering = ["-created", "-pk"]
        verbose_name = _("merge of two works")
        verbose_name_plural = _("merges of works")

    def __str__(self):
        return f"{self.citekey} → {self.kept.citekey}"
