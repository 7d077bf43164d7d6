import time

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _

from .richtext import records


class PublishingConfig(AppConfig):
    name = "publishing"
    verbose_name = _("Site")

    def ready(self):
        for kind, model in (("image", "image"), ("image file", "imagefile"), ("consent",) * 2):
            records.register(kind, self.get_model(model).objects)
        user_logged_in.connect(_proved)


def _proved(request, **kwargs):
    """Whoever logs in has just shown who they are, by whatever door of Django's."""
    request.session["proved"] = request.session["seen"] = int(time.time())
