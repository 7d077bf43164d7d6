from publishing.machines.sitemaps import PageSitemap

from .models import Post


class PostSitemap(PageSitemap):
    def items(self):
        return Post.objects.published().only("slug", "updated", "first_published", "language", "translation_of_id")
