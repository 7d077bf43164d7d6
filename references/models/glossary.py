"""The author's glossary: words of the texts, explained where they stand."""

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from publishing import slugs
from publishing.languages import PAGE_LANGUAGES
from publishing.models import delete_page

from .. import explaining

LONGEST = 1000


class GlossaryQuerySet(models.QuerySet):
    def published(self):
        """Every word of the glossary is public."""
        return self.all()


class GlossaryTerm(slugs.Addressed, models.Model):
    """One word, in one language, and what it means in plain words."""

    title = models.CharField(_("word"), max_length=120, help_text=_("As a dictionary has it."))
    slug = slugs.field(_("The last part of its address. Leave it empty to take it from the word."))
    forms = models.TextField(
        _("other forms"),
        blank=True,
        max_length=2000,
        help_text=_("One a line: the plural, other spellings, as they stand in texts."),
    )
    language = models.CharField(
        _("language"),
        max_length=8,
        choices=PAGE_LANGUAGES,
        default="en",
        help_text=_("Texts in this language explain it."),
    )
    meaning = models.TextField(
        _("meaning"),
        max_length=LONGEST,
        help_text=_("One or two sentences in plain words. They open beside the word."),
    )

    objects = GlossaryQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        verbose_name = _("word explained")
        verbose_name_plural = _("glossary")
        constraints = [
            models.CheckConstraint(
                condition=~Q(slug=""), name="references_glossaryterm_has_address"
            ),
            models.UniqueConstraint(
                fields=["title", "language"], name="references_glossaryterm_once"
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def all_forms(self):
        return [self.title, *(line.strip() for line in self.forms.splitlines() if line.strip())]

    def save(self, *args, **kwargs):
        self.fill_slug()
        with transaction.atomic():
            before = explaining.marks_of(self)
            super().save(*args, **kwargs)
            explaining.changed(self, before)

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            return delete_page(self, super().delete, *args, **kwargs)

    def get_absolute_url(self):
        return reverse("glossary:term", args=[self.slug])

    def has_public_address(self):
        return True

    def is_public(self):
        return True
