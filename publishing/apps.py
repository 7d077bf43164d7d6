from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from .richtext import records


class PublishingConfig(AppConfig):
    name = "publishing"
    verbose_name = _("Site")

    def ready(self):
        autodiscover_modules("tasks")
        for kind in ("image", "consent"):
            records.register(kind, self.get_model(kind).objects)
