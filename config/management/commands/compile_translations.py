from django.conf import settings
from django.core.management.base import BaseCommand

from config.translations import compile_changed


class Command(BaseCommand):
    help = "Compile the translations that changed. Needs no GNU gettext."

    def handle(self, **options):
        for folder in settings.LOCALE_PATHS:
            self.stdout.write(f"{compile_changed(folder)} catalogues compiled.")
