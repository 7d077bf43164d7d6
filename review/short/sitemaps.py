from publishing.machines.sitemaps import PublishableSitemap

from .models import InShort


class InShortSitemap(PublishableSitemap):
    view, key = "inshort:page", "slug"

    def pages(self):
        return InShort.objects.published()
