from django.utils.functional import SimpleLazyObject

from .models import SiteSettings


def site(request):
    """`site` in every template: the settings row, read once a request and only if asked for."""
    return {"site": SimpleLazyObject(SiteSettings.load)}
