"""Figures."""

from functools import partial

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import images
from ..richtext.fields import RichTextField


class Image(models.Model):
    file = models.ImageField(
        _("file"), width_field="width", height_field="height", max_length=200, unique=True
    )
    title = models.CharField(_("name"), max_length=200, help_text=_("For you, to find it again."))
    alt = models.TextField(
        _("description"),
        blank=True,
        help_text=_("What one sees, for readers who cannot see it. One or two sentences."),
    )
    credit = models.CharField(
        _("credit"),
        max_length=300,
        blank=True,
        help_text=_("Who made it, or the article it is from."),
    )
    licence = models.CharField(
        _("licence"), max_length=100, blank=True, help_text=_("For example: CC BY 4.0.")
    )
    width = models.PositiveIntegerField(editable=False, default=0)
    height = models.PositiveIntegerField(editable=False, default=0)
    widths = models.JSONField(editable=False, default=list)
    added = models.DateTimeField(_("added"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["-added", "-pk"]
        verbose_name = _("figure")
        verbose_name_plural = _("figures")

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return settings.MEDIA_URL + self.file.name

    def used_in(self):
        """Everything that shows this figure: texts that hold its file, pages that have it as their
        cover."""
        found = {}
        for model in apps.get_models():
            shown = Q(pk=None)
            for each in model._meta.concrete_fields:
                if isinstance(each, RichTextField):
                    shown |= Q(**{f"{each.name}__contains": self.file.name})
                elif each.related_model is Image:
                    shown |= Q(**{each.name: self})
            if shown != Q(pk=None):
                found.update({(model, obj.pk): obj for obj in model._base_manager.filter(shown)})
        return list(found.values())

    def files_kept(self):
        """The files that belong to it, as the trash names them."""
        return [["media", name] for name in images.names(self)]

    def delete(self, *args, **kwargs):
        """Refused while a page shows it; else its files go with it."""
        users = self.used_in()
        if users:
            raise models.ProtectedError(
                _("This figure is used in: %s") % ", ".join(map(str, users)), set(users)
            )
        result = super().delete(*args, **kwargs)
        transaction.on_commit(partial(images.remove, self))
        return result
