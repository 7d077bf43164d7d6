import errno

from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.static import serve

from .addresses import reverse
from .machines import cards
from .models import SiteSettings


def media(request, path):
    """An uploaded picture. Names are random and never reused, so browsers may keep it for a
    year."""
    if settings.S3:
        default_storage.at_hand(path)
    try:
        response = serve(request, path, document_root=settings.MEDIA_ROOT)
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            raise
        raise Http404 from None
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


def card(request, digest, label="", pk=None):
    """The picture of a page for where it is shared. An older address redirects to the
    current one."""
    page = _public_page(label, pk) if label else None
    made = cards.card_of(page, SiteSettings.load())
    if made.digest != digest:
        response = redirect(card_address(page, made.digest))
        response["Cache-Control"] = "no-cache"
        return response
    response = HttpResponse(made.png(), content_type="image/png")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def card_address(page, digest):
    return reverse("card", args=[page._meta.label_lower, page.pk, digest] if page else [digest])


def _public_page(label, pk):
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        raise Http404 from None
    page = model._default_manager.filter(pk=pk).first() if hasattr(model, "is_public") else None
    if page is None or not page.is_public():
        raise Http404
    return page
