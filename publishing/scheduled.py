"""The times that the author has set for what readers see."""

from .http.moments import nearest, of_fields
from .models import Announcement, publishable_models


def moments(now):
    """When pages and announcements come and go."""
    return nearest(
        [
            of_fields(Announcement.objects, now, "begins", "ends"),
            *(
                of_fields(model.objects, now, "publish_at", "unpublish_at")
                for model in publishable_models()
            ),
        ]
    )
