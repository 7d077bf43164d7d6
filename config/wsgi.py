"""What the server runs."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from config.unavailable import absence
from publishing.http import shared
from publishing.http.store import PageStore

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

try:
    django = get_wsgi_application()
    application = PageStore(django, absence=absence, shared=shared.from_settings())
except ImproperlyConfigured as error:
    sys.exit(f"Not started: {error}")
