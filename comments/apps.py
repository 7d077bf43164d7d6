from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from publishing.richtext import links


class CommentsConfig(AppConfig):
    name = "comments"
    verbose_name = _("Comments and questions")

    def ready(self):
        KeptAnswer = self.get_model("KeptAnswer")
        links.register("kept:answer", lambda slug: KeptAnswer.objects.filter(slug=slug).first())
        import_module("comments.names")  # needs the models, and tells the search that it follows
