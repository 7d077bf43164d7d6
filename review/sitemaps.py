from publishing.machines.sitemaps import PageSitemap

from .models import Chapter


class ChapterSitemap(PageSitemap):
    def items(self):
        return Chapter.objects.published().only("path", "updated", "order", "language", "translation_of_id")
