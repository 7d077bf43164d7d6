"""Who allowed a private letter to be published."""

from importlib import import_module

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from .. import search
from ..http import purging
from ..versions import withdrawing
from .page import rich_page_models
from .versions import PublishedVersion


class Consent(models.Model):
    """That somebody allowed a private letter to be published. Readers see no more of it than
    `line()`."""

    who = models.CharField(
        _("who gave it"),
        max_length=200,
        help_text=_("For you alone: name and, if you like, address."),
    )
    shown_as = models.CharField(
        _("shown as"),
        max_length=200,
        help_text=_(
            "How the page names the writer: “the writer”, “a colleague in Lyon”, or the name itself"
            " if that was agreed."
        ),
    )
    given = models.DateField(_("given on"))
    scope = models.TextField(
        _("what it covers"),
        help_text=_(
            "For you alone: what may be published, where, in whose name, and how it was given."
        ),
    )
    withdrawn = models.DateField(
        _("taken back on"),
        null=True,
        blank=True,
        help_text=_("From then on no page shows the letter."),
    )

    class Meta:
        ordering = ["-given", "-pk"]
        verbose_name = _("consent to publish a letter")
        verbose_name_plural = _("consents to publish letters")

    def __str__(self):
        return f"{self.who}, {self.given}"

    def save(self, *args, **kwargs):
        with transaction.atomic():
            super().save(*args, **kwargs)
            self.rerender_letters()
            withdrawing.follow_consent(self)
            if self.withdrawn:
                purging.soon()
                # Pictures know consents; what is done with them stands above both.
                import_module("publishing.pictures").withdraw_under(self)

    def delete(self, *args, **kwargs):
        """Refused while a page shows a letter under it."""
        letters = [*self.letters(), *PublishedVersion.objects.with_letters_under(self)]
        if letters:
            raise models.ProtectedError(
                _("It covers a letter in: %s") % ", ".join(map(str, letters)), set(letters)
            )
        with transaction.atomic():
            withdrawing.forget_letters(self)
            return super().delete(*args, **kwargs)

    def letters(self):
        """The pages that hold a letter under this consent."""
        mark = f'data-consent="{self.pk}"'
        return [
            page
            for model in rich_page_models()
            for page in model._default_manager.filter(body__contains=mark)
        ]

    def rerender_letters(self):
        for page in self.letters():
            page.rerender()
            search.index(page)
