"""What a subject is called in the languages of the site. The subjects are django-taggit's."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from ..languages import PAGE_LANGUAGES
from ..tags import LONGEST


class TagName(models.Model):
    """The name of a subject on pages in one language; where there is none, its own stands."""

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="names")
    language = models.CharField(_("language"), max_length=8, choices=PAGE_LANGUAGES)
    name = models.CharField(_("name"), max_length=LONGEST)

    class Meta:
        ordering = ["language"]
        verbose_name = _("name of a subject")
        verbose_name_plural = _("names of subjects")
        constraints = [
            models.UniqueConstraint(
                fields=["tag", "language"], name="publishing_tagname_one_a_language"
            )
        ]

    def __str__(self):
        return self.name
