"""What the desk keeps so that no word is lost: drafts of open forms, forms already saved, and the
trash.
"""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class EditingDraft(models.Model):
    """What somebody has typed into a form of the desk and not saved: as it was sent, neither
    cleaned nor rendered.

    `key` names one open form, so that two windows never write over each other. `object_id` is None
    for a form that adds. `fields` maps each field's name to the list of its values; `base` says
    from which version it was made.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField(null=True)
    key = models.CharField(max_length=40)
    base = models.TextField(blank=True)
    fields = models.JSONField(default=dict)
    begun = models.DateTimeField(default=timezone.now)
    saved = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-saved", "-pk"]
        verbose_name = _("unsaved words")
        verbose_name_plural = _("unsaved words")
        indexes = [
            models.Index(fields=["user", "content_type", "object_id"], name="publishing_draft_of"),
            models.Index(fields=["user", "key"], name="publishing_draft_key"),
        ]

    def __str__(self):
        return f"{self.key} {timezone.localtime(self.saved):%Y-%m-%d %H:%M}"


class SavedForm(models.Model):
    """That one open form, with just these words, is saved already: sent twice, it leads to the same
    place.
    """

    key = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    address = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "digest"], name="publishing_savedform_once")
        ]

    def __str__(self):
        return self.key


class Trashed(models.Model):
    """Something the author deleted, with all that went with it. Its rows are gone: nothing in the
    trash is public.

    `rows` are Django's serialised objects, the thing itself first. `pointed` names what pointed to
    it and let go: `[model label, field, [pk, …]]`. `tags` are `[pk, name]`. `files` are names in
    their storage, kept in the trash's own.
    """

    content_type = models.ForeignKey(
        ContentType, models.CASCADE, related_name="+", verbose_name=_("kind")
    )
    object_id = models.PositiveBigIntegerField()
    title = models.CharField(_("title"), max_length=300)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("deleted"), default=timezone.now, db_index=True)
    rows = models.JSONField(default=list)
    pointed = models.JSONField(default=list)
    tags = models.JSONField(default=list)
    files = models.JSONField(default=list)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("thing in the trash")
        verbose_name_plural = _("Trash")

    def __str__(self):
        return self.title
