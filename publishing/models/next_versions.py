"""What is kept of a page before readers have it: its next version, links for colleagues."""

import secrets

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def key_of(obj) -> dict:
    """Filter arguments for the rows that belong to `obj`."""
    kind = ContentType.objects.get_for_model(obj, for_concrete_model=True)
    return {"content_type": kind, "object_id": obj.pk}


class OfPages(models.Manager):
    def of(self, obj):
        """The rows that belong to `obj`."""
        return self.filter(**key_of(obj))


class NextVersions(OfPages):
    def recite(self, old, new):
        """Cite `new` wherever a next version cites `old`; both are citekeys."""
        before, after = f'data-cite="{old}"', f'data-cite="{new}"'
        for row in self.select_for_update().filter(fields__isnull=False):
            fields = {
                name: [value.replace(before, after) for value in values]
                for name, values in row.fields.items()
            }
            if fields != row.fields:
                row.fields = fields
                row.save(update_fields=["fields"])


class NextVersion(models.Model):
    """The next version of a page that readers see: the words of its form, as they were sent.

    No text of readers', search, feeds or exports is made from it. `fields` and `base` are as in
    `EditingDraft`; `saved` is also its mark, by which a form knows whether it changed meanwhile.
    """

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    fields = models.JSONField(default=dict)
    base = models.TextField(blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    begun = models.DateTimeField(default=timezone.now)
    saved = models.DateTimeField(default=timezone.now)

    objects = NextVersions()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"], name="publishing_nextversion_once"
            )
        ]
        verbose_name = _("next version")
        verbose_name_plural = _("next versions")

    def __str__(self):
        return f"{self.content_type_id}/{self.object_id} {timezone.localtime(self.saved):%Y-%m-%d}"

    @property
    def mark(self):
        return self.saved.isoformat()


def _key():
    return secrets.token_urlsafe(16)


class PreviewLink(models.Model):
    """That a signed address leads to a page before readers see it. Without its row it leads
    nowhere.

    `next_version` says whether it shows what is stored or the next version.
    """

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    key = models.CharField(max_length=40, unique=True, default=_key)
    next_version = models.BooleanField(default=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    begun = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(db_index=True)

    objects = OfPages()

    class Meta:
        ordering = ["-begun", "-pk"]
        indexes = [
            models.Index(fields=["content_type", "object_id"], name="publishing_previewlink_of")
        ]
        verbose_name = _("link for a colleague")
        verbose_name_plural = _("links for a colleague")

    def __str__(self):
        return f"{self.content_type_id}/{self.object_id} {timezone.localtime(self.until):%Y-%m-%d}"


def forget_what_is_to_come(obj):
    """The thing is deleted: neither its next version nor a link to it stays."""
    NextVersion.objects.of(obj).delete()
    PreviewLink.objects.of(obj).delete()
