"""What the server runs."""

import gc
import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from config.unavailable import absence
from publishing.http import shared
from publishing.http.store import PageStore

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# What is loaded stays: looking through it for what could go costs a tenth of the start.
gc.disable()
# A page makes thousands of things and leaves none that hold each other: one look after it, not ten.
gc.set_threshold(5000, 10, 10)
try:
    django = get_wsgi_application()
    gc.freeze()
    application = PageStore(django, absence=absence, shared=shared.from_settings())
except ImproperlyConfigured as error:
    sys.exit(f"Not started: {error}")
except PermissionError as error:
    sys.exit(f"Not started: {error.filename} cannot be read by who runs this.")
finally:
    gc.enable()
