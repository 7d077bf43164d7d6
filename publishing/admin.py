"""What Django looks for by this name; the desk itself is in `publishing.desk`."""

from .desk import (  # noqa: F401
    admin,
    announcements,
    external,
    image_admin,
    replacing,
    site,
    subjects,
    trash_admin,
)
from .following import admin as following  # noqa: F401
