"""What the server runs."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from publishing.http.store import PageStore

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

try:
    application = PageStore(get_wsgi_application())
except ImproperlyConfigured as error:
    sys.exit(f"Not started: {error}")
