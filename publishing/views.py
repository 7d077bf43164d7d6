from django.conf import settings
from django.views.static import serve


def media(request, path):
    """An uploaded picture. Names are random and never reused, so browsers may keep it for a year."""
    response = serve(request, path, document_root=settings.MEDIA_ROOT)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response
