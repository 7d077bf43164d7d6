from django.conf import settings
from django.utils.functional import SimpleLazyObject

from .models import SiteSettings


def site(request):
    """`site` in every template: the settings row, read once a request and only if asked for; and
    what its texts are in."""
    return {"site": SimpleLazyObject(SiteSettings.load), "site_language": settings.LANGUAGE_CODE}
