from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from publishing.richtext import links


class BlogConfig(AppConfig):
    name = "blog"
    verbose_name = _("Blog")

    def ready(self):
        Post = self.get_model("Post")
        links.register("blog:post", lambda slug: Post.objects.filter(slug=slug).first())
