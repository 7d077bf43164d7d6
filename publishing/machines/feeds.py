"""Atom feeds: full texts that can be read away from the site."""

import re
from datetime import UTC, datetime, time

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from .. import tags
from ..models import SiteSettings
from ..richtext import links, render, sanitise

LENGTH = 20
_OWN_ADDRESS = re.compile(r'((?:href|src)=")(?=/(?!/))')
_OWN_WIDTHS = re.compile(r'(srcset="[^"]*")')


class FullTextAtom(Atom1Feed):
    """Atom with the whole text of an entry in `<content>`; the same bytes as long as nothing is
    new."""

    def item_attributes(self, item):
        return {"xml:lang": item["language"]} if item.get("language") else {}

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        if item.get("content"):
            handler.addQuickElement("content", item["content"], {"type": "html"})

    def latest_post_date(self):
        dates = [
            item[name] for item in self.items for name in ("updateddate", "pubdate") if item[name]
        ]
        return max(dates, default=datetime(2000, 1, 1, tzinfo=UTC))


class AtomFeed(Feed):
    """A feed of pages. A subclass says its `what`, the names of its `page` and of its own
    `address`, and its `items()`."""

    feed_type = FullTextAtom
    what = page = address = ""

    def __call__(self, request, *args, **kwargs):
        self.site = SiteSettings.load()
        return super().__call__(request, *args, **kwargs)

    def title(self):
        return f"{self.site.name}: {self.what}" if self.what else self.site.name

    def subtitle(self):
        return self.site.tagline

    def author_name(self):
        return self.site.author_name

    def feed_copyright(self):
        return self.site.licence

    def link(self):
        return settings.SITE_URL + reverse(self.page)

    def feed_url(self):
        return settings.SITE_URL + reverse(self.address)

    def item_title(self, item):
        return str(item)

    def item_description(self, item):
        """Plain words, where the feed announces HTML."""
        return escape(getattr(item, "summary", "")) or None

    def item_link(self, item):
        return settings.SITE_URL + links.canonical_url(item)

    def item_guid(self, item):
        """Stays when the address changes, so that a moved page is not new again."""
        return f"{settings.SITE_URL}/#{item._meta.label_lower}-{item.pk}"

    def item_pubdate(self, item):
        return midnight(item.first_published)

    def item_updateddate(self, item):
        """Shown to the public counts as news, also where nobody has worked on it since."""
        return max(filter(None, [item.updated, midnight(item.first_published)]))

    def item_categories(self, item):
        return [tags.shown(tag) for tag in item.tags.all()] if hasattr(item, "tags") else []

    def item_extra_kwargs(self, item):
        content = portable(item.body_html, self.item_link(item))
        if item.references_html:
            content += f"<ol>{portable(item.references_html, self.item_link(item))}</ol>"
        return {"content": content, "language": item.language}


def newest(*querysets):
    """The pages last worked on among several kinds, each asked for once."""
    found = [page for pages in querysets for page in pages.order_by("-updated")[:LENGTH]]
    return sorted(found, key=lambda page: page.updated, reverse=True)[:LENGTH]


def midnight(day):
    """The first moment of a day by the author's clock; None for none."""
    return timezone.make_aware(datetime.combine(day, time())) if day else None


def portable(html, address):
    """The HTML of a page for somewhere else: full addresses, no margin notes, no buttons; every
    voice says what it is."""
    if not html:
        return ""
    root = sanitise.parse(html)
    render.for_elsewhere(root)
    for node in root.iter("a"):
        if node.get("href", "").startswith("#"):
            node.set("href", address + node.get("href"))
    html = _OWN_ADDRESS.sub(rf"\g<1>{settings.SITE_URL}", sanitise.serialise(root))
    return _OWN_WIDTHS.sub(
        lambda match: match[1].replace(settings.MEDIA_URL, settings.SITE_URL + settings.MEDIA_URL),
        html,
    )
