"""Which page links to which, so that a change of one reaches the others."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q

from .. import search
from .next_versions import forget_what_is_to_come


def generic_key(page, prefix="source"):
    """Filter arguments for rows that belong to a page."""
    return {
        f"{prefix}_type": ContentType.objects.get_for_model(page, for_concrete_model=True),
        f"{prefix}_id": page.pk,
    }


class PageLinkManager(models.Manager):
    def record(self, page, targets):
        """Replace the links recorded for `page` by `targets`, a set of `(model label, pk)`."""
        rows = {
            (ContentType.objects.get_by_natural_key(*label.split(".")).pk, pk)
            for label, pk in targets
        }
        known = set(self.filter(**generic_key(page)).values_list("target_type_id", "target_id"))
        if rows == known:
            return
        self.filter(**generic_key(page)).delete()
        self.bulk_create(
            PageLink(**generic_key(page), target_type_id=kind, target_id=pk)
            for kind, pk in sorted(rows)
        )

    def sources_of(self, pages):
        """The distinct pages whose text links to any of `pages`."""
        wanted = Q(pk=None)
        for page in pages:
            wanted |= Q(**generic_key(page, "target"))
        found = {}
        for link in self.filter(wanted).prefetch_related("source"):
            if link.source is not None:
                found[(link.source_type_id, link.source_id)] = link.source
        return list(found.values())


class PageLink(models.Model):
    """That one page's text links to another, so that it can be rendered again when the other
    moves."""

    source_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    source_id = models.PositiveBigIntegerField()
    source = GenericForeignKey("source_type", "source_id")
    target_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    target_id = models.PositiveBigIntegerField()

    objects = PageLinkManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_type", "source_id", "target_type", "target_id"],
                name="publishing_pagelink_once",
            )
        ]
        indexes = [
            models.Index(fields=["target_type", "target_id"], name="publishing_pagelink_target")
        ]

    def __str__(self):
        return f"{self.source_type_id}/{self.source_id} → {self.target_type_id}/{self.target_id}"


def delete_page(page, delete, *args, **kwargs):
    """Delete anything with an address: its links and search row go too, texts that linked to it
    lose the link."""
    sources = PageLink.objects.sources_of([page])
    PageLink.objects.filter(**generic_key(page)).delete()
    forget_what_is_to_come(page)
    search.remove(page)
    result = delete(*args, **kwargs)
    for source in sources:
        source.rerender()
    return result


def rerender_pages_linking_to(pages):
    for source in PageLink.objects.sources_of(pages):
        source.rerender()
