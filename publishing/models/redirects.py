"""Addresses pages once had."""

from urllib.parse import unquote

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from .. import tags
from ..richtext import links
from .links import generic_key


class RedirectManager(models.Manager):
    def record(self, moved):
        """Keep old addresses: `{address: page}`. An address a page left before leads to the one
        that left it last."""
        for address, page in moved.items():
            self.update_or_create(path=unquote(address), defaults=generic_key(page, "page"))

    def present_address(self, path):
        """The address the page that once stood at `path` has now; None when nobody may see it."""
        row = self.filter(path=path).prefetch_related("page").first()
        if row is None or row.page is None:
            return None
        if isinstance(row.page, Tag):
            address = tags.is_public(row.page) and links.address("tag", row.page.slug)
        else:
            address = row.page.is_public() and links.canonical_url(row.page)
        if not address:
            return None
        return address if unquote(address) != path else None


class Redirect(models.Model):
    """An address a page once had. It names the page, not an address: however often that moves, one
    step leads there."""

    path = models.CharField(_("old address"), max_length=1200, unique=True)
    page_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    page_id = models.PositiveBigIntegerField()
    page = GenericForeignKey("page_type", "page_id")
    since = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    objects = RedirectManager()

    class Meta:
        ordering = ["path"]
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")

    def __str__(self):
        return self.path
