"""Lines the author puts above the pages for a while."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..languages import PAGE_LANGUAGES
from .settings import SiteSettings


class MenuSection(models.TextChoices):
    """Where an announcement may stand: the words of the menu."""

    REVIEW = "review", _("Review")
    REFERENCES = "references", _("References")
    NAMES = "names", _("Names")
    BLOG = "blog", _("Blog")
    PROJECT = "project", _("The project")


class Announcement(models.Model):
    """One dated line above the pages: all of them, or those of some sections."""

    text = models.CharField(_("text"), max_length=300, help_text=_("One or two plain sentences."))
    address = models.CharField(
        _("link"),
        max_length=500,
        blank=True,
        help_text=_("Where it leads, if anywhere: /blog/… or https://…"),
    )
    language = models.CharField(_("language"), max_length=8, choices=PAGE_LANGUAGES, default="en")
    only_its_language = models.BooleanField(
        _("only with menus in this language"),
        default=False,
        help_text=_(
            "For an announcement you write once in each language. Else every reader sees it."
        ),
    )
    sections = models.JSONField(
        _("sections"), default=list, blank=True, help_text=_("Choose none for the whole site.")
    )
    begins = models.DateTimeField(_("from"), default=timezone.now)
    ends = models.DateTimeField(
        _("until"), null=True, blank=True, help_text=_("Empty: until you delete it.")
    )

    class Meta:
        ordering = ["-begins", "-pk"]
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")

    def __str__(self):
        return self.text

    def clean(self):
        if self.ends and self.ends <= self.begins:
            raise ValidationError({"ends": _("This is before its beginning.")})
        if self.address and not self.address.startswith(("/", "https://", "http://", "mailto:")):
            raise ValidationError(
                {"address": _("Begin with / for a page of this site, else with https://.")}
            )

    def save(self, *args, **kwargs):
        with transaction.atomic():
            super().save(*args, **kwargs)
            keep_announcements()

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            result = super().delete(*args, **kwargs)
            keep_announcements()
            return result


def keep_announcements():
    """Copy the announcements that have not ended to the settings row, which every page reads
    anyway."""
    rows = [
        {
            "text": row.text,
            "address": row.address,
            "language": row.language,
            "only": row.only_its_language,
            "sections": row.sections,
            "begins": row.begins.isoformat(),
            "ends": row.ends.isoformat() if row.ends else "",
        }
        for row in Announcement.objects.filter(Q(ends=None) | Q(ends__gt=timezone.now()))
    ]
    SiteSettings.objects.get_or_create(pk=1)
    SiteSettings.objects.filter(pk=1).update(announcements=rows)
