from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class ConfigConfig(AppConfig):
    name = "config"


class DeskConfig(admin_apps.AdminConfig):
    default = False  # of this module; the settings name it
    default_site = "config.desk.DeskSite"
