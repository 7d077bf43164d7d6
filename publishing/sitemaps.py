from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap

from . import links


class PageSitemap(Sitemap):
    """Public pages at the address they have for everybody, whatever host was asked."""

    protocol = urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc

    def location(self, item):
        return links.canonical_url(item)

    def lastmod(self, item):
        return item.updated
