"""The settings as they are shipped, but that static files are not compressed, which takes half a
minute and changes nothing here, and that nobody has to wait before sending a form."""

from config.settings import *  # noqa: F403

STORAGES["staticfiles"]["BACKEND"] = (  # noqa: F405
    "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
)
COMMENT_MIN_SECONDS = 0
