"""What readers say, and what the texts say instead."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LayWord(models.Model):
    """Words of readers, in whatever language, and the words of the texts that a search for them
    finds too: the first of those first."""

    said = models.TextField(
        _("what readers say"),
        help_text=_("One a line, in any language: lump, bulto, bony. Endings do not matter."),
    )
    finds = models.TextField(
        _("what the texts say"),
        help_text=_("One a line, what fits best first: nodule. Several words are a phrase."),
    )

    class Meta:
        ordering = ["said", "pk"]
        verbose_name = _("words of readers")
        verbose_name_plural = _("words of readers")

    def __str__(self):
        return self.said.splitlines()[0] if self.said.strip() else "–"
