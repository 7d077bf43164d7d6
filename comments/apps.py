from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommentsConfig(AppConfig):
    name = "comments"
    verbose_name = _("Comments and questions")

    def ready(self):
        import_module("comments.names")  # needs the models, and tells the search that it follows
