from collections import defaultdict
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap

from ..richtext import links


class PageSitemap(Sitemap):
    """Public pages at the address they have for everybody, whatever host was asked."""

    protocol = urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc

    def location(self, item):
        return links.canonical_url(item)

    def lastmod(self, item):
        return item.updated

    def _urls(self, page, protocol, domain):
        """Beside each address those of its translations, itself among them, as search engines want it."""
        urls = super()._urls(page, protocol, domain)
        groups = defaultdict(list)
        for item in self._items():
            if hasattr(item, "translation_of_id"):
                groups[item.group].append(item)
        for url in urls:
            group = groups.get(getattr(url["item"], "group", None), ())
            url["alternates"] = [
                {"location": settings.SITE_URL + self.location(each), "lang_code": each.language}
                for each in group
                if len(group) > 1
            ]
        return urls
