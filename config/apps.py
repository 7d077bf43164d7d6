from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin import apps as admin_apps


class ConfigConfig(AppConfig):
    name = "config"


class DeskConfig(admin_apps.SimpleAdminConfig):
    default = False  # of this module; the settings name it
    default_site = "config.desk.DeskSite"

    def ready(self):
        super().ready()
        if not settings.WEB_THREADS:
            self.module.site.complete()
