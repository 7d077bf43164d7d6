from django.utils.translation import gettext_lazy as _

from publishing.machines import feeds

from .models import Post


class PostFeed(feeds.AtomFeed):
    what = _("blog")
    page, address = "blog:index", "blog:feed"

    def items(self):
        return Post.objects.published().prefetch_related("tags")[: feeds.LENGTH]
