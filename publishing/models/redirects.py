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
            defaults = {**generic_key(page, "page"), "address": "", "below": False}
            self.update_or_create(path=unquote(address), defaults=defaults)

    def present_address(self, path):
        """The address the page that once stood at `path` has now; None when nobody may see it."""
        return self.first_present([path])

    def first_present(self, paths, above=()):
        """The present address for the first of some old `paths` that has one; else for the first
        of those `above` whose row speaks for all below it."""
        rows = {row.path: row for row in self.filter(path__in=[*paths, *above])}
        for path in paths:
            if path in rows and (address := rows[path].present()):
                return address if unquote(address) != path else None
        for path in above:
            if path in rows and rows[path].below and (address := rows[path].present()):
                return address
        return None


class Redirect(models.Model):
    """An address a page once had, here or on the site it came from. It names the page, not an
    address: however often that moves, one step leads there."""

    path = models.CharField(_("old address"), max_length=1200, unique=True)
    page_type = models.ForeignKey(ContentType, models.CASCADE, null=True, related_name="+")
    page_id = models.PositiveBigIntegerField(null=True)
    page = GenericForeignKey("page_type", "page_id")
    # Where no page but another address took its place: a list, an archive, a file.
    address = models.CharField(
        _("address of now"),
        max_length=1200,
        blank=True,
        help_text=_("An address of this site, as /blog/. Leave it empty where a page moved."),
    )
    below = models.BooleanField(
        _("and all below it"),
        default=False,
        help_text=_("Every address that begins with the old one leads there."),
    )
    since = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    objects = RedirectManager()

    class Meta:
        ordering = ["path"]
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")

    def __str__(self):
        return self.path

    def present(self):
        """Where it leads now; "" when nobody may see that."""
        page = self.page
        if self.address or page is None:
            return self.address
        if isinstance(page, Tag):
            return links.address("tag", page.slug) if tags.is_public(page) else ""
        if hasattr(page, "withdrawn"):  # a figure
            return "" if page.withdrawn else page.get_absolute_url()
        return links.canonical_url(page) if page.is_public() else ""
