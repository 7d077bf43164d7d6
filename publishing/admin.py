"""What Django looks for by this name; the desk itself is in `publishing.desk`."""

from .desk import admin, announcements, image_admin, site, subjects, trash_admin  # noqa: F401
