"""New pages that arrive many at a time, from another site: each as `save()` would write it, in a
few statements for all."""

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from publishing import search
from publishing.models import PageLink, SiteSettings, generic_key
from publishing.richtext import links

from ..models import Citation
from . import own


@transaction.atomic
def save_new(pages):
    """Pages of one kind that no row depends on yet, whose address needs no row: posts. Their slugs
    are given and free; `updated` is theirs."""
    site = SiteSettings.load()
    targets = []  # unsaved pages have no hash
    for page in pages:
        targets.append(page._write(timezone.localdate(page.updated)).targets)
        page.date_it(None)
        page.author_known = site.author_name
        path = links.canonical_url(page)
        page.cited_as = own.of_page(page, author=site.author_name, site_name=site.name, path=path)
    type(pages[0]).objects.bulk_create(pages)
    PageLink.objects.bulk_create(
        PageLink(
            **generic_key(page),
            target_type=ContentType.objects.get_by_natural_key(*label.split(".")),
            target_id=pk,
        )
        for page, found in zip(pages, targets, strict=True)
        for label, pk in sorted(found)
    )
    for page in pages:
        if "data-cite" in page.body:
            Citation.objects.record(page, page._citations)
    search.index_all(page for page in pages if page.has_public_address())
