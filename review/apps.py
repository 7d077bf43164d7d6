from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from publishing.following import topics
from publishing.richtext import links


class ReviewConfig(AppConfig):
    name = "review"
    verbose_name = _("Review")

    def ready(self):
        Chapter, InShort = self.get_model("Chapter"), self.get_model("InShort")
        links.register(
            "review:chapter", lambda path: Chapter.objects.filter(path=path.strip("/")).first()
        )
        following = import_module("review.versions.following")  # needs the models
        steps = import_module("publishing.depositing.steps")
        steps.register("review.chapter", import_module("review.versions.deposited").make_deposit)
        topics.register("review", following.review)
        topics.register("review.chapter", following.chapter)
        links.register("inshort:page", lambda slug: InShort.objects.filter(slug=slug).first())
