"""Which page links to which, so that a change of one reaches the others."""

from collections import defaultdict

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q

from .. import search, tasks
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
        kinds = ContentType.objects.get_for_id
        found = (
            kinds(kind).model_class()._base_manager.filter(pk=pk).first()
            for kind, pk in self.keys_of_sources(pages)
        )
        return [page for page in found if page is not None]

    def keys_of_sources(self, pages):
        """The same as `(content type, id)`."""
        ids, wanted = defaultdict(set), Q(pk=None)
        for page in pages:
            ids[ContentType.objects.get_for_model(page, for_concrete_model=True)].add(page.pk)
        for kind, some in ids.items():
            wanted |= Q(target_type=kind, target_id__in=some)
        return sorted(set(self.filter(wanted).values_list("source_type_id", "source_id")))


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
    sources = PageLink.objects.keys_of_sources([page])
    PageLink.objects.filter(**generic_key(page)).delete()
    forget_what_is_to_come(page)
    search.remove(page)
    result = delete(*args, **kwargs)
    rerender_later(sources)
    return result


def rerender_pages_linking_to(pages):
    rerender_later(PageLink.objects.keys_of_sources(pages))


def rerender_later(keys):
    """Have pages rendered again, `(content type, id)`: by tasks, since whoever changed what they
    point to holds locks."""
    for kind, pk in keys:
        label = ContentType.objects.get_for_id(kind).model_class()._meta.label_lower
        tasks.enqueue("publishing.rerender", label, pk)


@tasks.task("publishing.rerender", short=True)
def rerender(label, pk):
    page = apps.get_model(label)._base_manager.filter(pk=pk).first()
    if page is not None:
        page.rerender()
