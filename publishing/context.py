from django.conf import settings
from django.utils.functional import SimpleLazyObject

from .http import parts
from .models import SiteSettings


def site(request):
    """`site` in every template: the settings row, read only if asked for where it is not kept; and
    what its texts are in."""
    row = of_readers() if parts.name() else SimpleLazyObject(of_readers)
    return {"site": row, "site_language": settings.LANGUAGE_CODE}


def of_readers():
    """The settings row for showing: not to be changed."""
    return parts.kept(("site",), SiteSettings.load)
