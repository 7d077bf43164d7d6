"""The work a figure was taken from."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FigureSource(models.Model):
    """That a figure stands in a work of the library, and where in it."""

    image = models.OneToOneField(
        "publishing.Image", models.CASCADE, related_name="source", verbose_name=_("figure")
    )
    reference = models.ForeignKey(
        "references.Reference",
        models.CASCADE,
        related_name="figures",
        verbose_name=_("taken from"),
    )
    page = models.CharField(
        _("page or figure there"), max_length=60, blank=True, help_text=_("p. 834, Fig. 2")
    )

    class Meta:
        verbose_name = _("source of a figure")
        verbose_name_plural = _("sources of figures")

    def __str__(self):
        return " ".join(filter(None, [self.reference.label, self.page]))
