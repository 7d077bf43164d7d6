"""Which works of the library mention which earlier ones."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Cites(models.Model):
    """That one work of the library cites another."""

    citing = models.ForeignKey(
        "references.Reference",
        models.CASCADE,
        related_name="cites_rows",
        verbose_name=_("the citing work"),
    )
    cited = models.ForeignKey(
        "references.Reference",
        models.CASCADE,
        related_name="cited_by_rows",
        verbose_name=_("the work it cites"),
        help_text=_("Type a few letters of its author, year or title."),
    )
    note = models.CharField(
        _("note"),
        max_length=300,
        blank=True,
        help_text=_("How it speaks of it, or how you know. Shown beside it."),
    )

    class Meta:
        ordering = ["cited__year", "cited__sort_key", "pk"]
        verbose_name = _("work it cites")
        verbose_name_plural = _("works of this library it cites")
        constraints = [
            models.UniqueConstraint(fields=["citing", "cited"], name="references_cites_once"),
            models.CheckConstraint(
                condition=~Q(citing=F("cited")), name="references_cites_another"
            ),
        ]

    def __str__(self):
        return f"{self.citing.label} → {self.cited.label}"

    def clean(self):
        super().clean()
        if self.citing_id and self.citing_id == self.cited_id:
            raise ValidationError({"cited": _("A work does not cite itself.")})

    @property
    def out_of_time(self):
        """Whether the cited work is the later one: possible (a preprint, a reprint), but mostly a
        slip."""
        years = self.citing.year, self.cited.year
        return None not in years and years[1] > years[0]
