from publishing.machines.sitemaps import PublishableSitemap

from .models import Chapter


class ChapterSitemap(PublishableSitemap):
    view, key = "review:chapter", "path"

    def pages(self):
        return Chapter.objects.published()
