"""Who is at their own page now: their key was traded, by a button, for a cookie of two hours.

The key stands in the address of one page alone, the one that has the button. All others have
addresses without it: none is told to another site, kept in a history or written to a log.
"""

from django.conf import settings
from django.core import signing

from ..models import Writer

COOKIE = "__Host-mine" if settings.SESSION_COOKIE_SECURE else "mine"
LASTS = 2 * 3600  # seconds since it was used last
SALT = "comments.opened"


def keep(response, writer):
    """Let this browser be this person for a while, from now on."""
    response.set_cookie(
        COOKIE,
        signing.dumps(writer.key, salt=SALT),
        max_age=LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def end(response):
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


def by(request):
    """The `Writer` whose own page is open in this browser, or None."""
    try:
        key = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    return Writer.objects.filter(key=key).first()
