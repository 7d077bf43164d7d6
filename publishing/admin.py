"""What Django looks for by this name; the desk itself is in `publishing.desk`."""

from .desk import admin, announcements, figures, site, subjects, trash_admin  # noqa: F401
