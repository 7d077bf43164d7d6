from publishing.machines.sitemaps import PublishableSitemap

from .models import Post


class PostSitemap(PublishableSitemap):
    view, key = "blog:post", "slug"

    def pages(self):
        return Post.objects.published()
