"""What came in from another site: which of its things became which of ours."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ImportedItem(models.Model):
    """That a thing of another site, known there by its number, came in as a thing of ours.

    `theirs` is a digest of what the export said of it, `ours` of what was written here: a second
    import tells by them what changed there, and what the author changed here. Of a file that is no
    figure `ours` is its name below MEDIA. `unsettled` says
    that its text links to things that had not come in yet.
    """

    site = models.CharField(max_length=300)
    kind = models.CharField(max_length=20)
    number = models.PositiveBigIntegerField()
    page_type = models.ForeignKey(ContentType, models.CASCADE, null=True, related_name="+")
    page_id = models.PositiveBigIntegerField(null=True)
    page = GenericForeignKey("page_type", "page_id")
    theirs = models.CharField(max_length=64, blank=True)
    ours = models.CharField(max_length=200, blank=True)
    unsettled = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["site", "kind", "number"], name="publishing_imported_once"
            )
        ]

    def __str__(self):
        return f"{self.site} {self.kind} {self.number}"


class SiteImport(models.Model):
    """An export of another site that waits for the author's word, comes in, or came in.

    `file` and `pictures` lie in the private folder until it is done. `found` is what the preview
    shows, `decisions` what she chose, `progress` where a run goes on, `report` how it ended.
    """

    class State(models.TextChoices):
        READING = "reading", _("being read")
        READY = "ready", _("waits for your word")
        RUNNING = "running", _("coming in")
        DONE = "done", _("done")
        FAILED = "failed", _("could not be read")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=200)
    file = models.CharField(max_length=200, blank=True)
    pictures = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    found = models.JSONField(default=dict)
    decisions = models.JSONField(default=dict)
    progress = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    task = models.CharField(max_length=40, blank=True)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()  # for who may do everything
        ordering = ["-created", "-pk"]
        verbose_name = _("site moved in")
        verbose_name_plural = _("sites moved in")

    def __str__(self):
        return self.name

    @property
    def source(self):
        """What it came from: "wordpress", "markdown" or "zotero"."""
        return self.progress.get("from", "wordpress")
