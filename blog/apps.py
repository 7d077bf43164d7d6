from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from publishing.following import topics
from publishing.richtext import links


class BlogConfig(AppConfig):
    name = "blog"
    verbose_name = _("Blog")

    def ready(self):
        Post = self.get_model("Post")
        following = import_module("blog.following")  # needs the models
        topics.register("blog", following.blog)
        links.register("blog:post", lambda slug: Post.objects.filter(slug=slug).first())
