"""Browsers that have logged in before, and who is logged in where.

A browser that knew the password once carries a signed mark of it. Guesses at an account are counted
over all addresses, but only from browsers without its mark: a crowd of guessers is held up, its
owner is not (OWASP's “device cookies”).
"""

import time

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login
from django.contrib.sessions.backends.db import SessionStore
from django.core import signing
from django.utils import timezone

from . import mails
from .agents import named

COOKIE = "__Host-browser" if settings.SESSION_COOKIE_SECURE else "browser"
YEAR = 365 * 24 * 3600
SALT = "config.door.browser"
SEEN_EVERY = 300  # seconds between two notes that a session is in use
BACKEND = "django.contrib.auth.backends.ModelBackend"


def enter(request, user):
    """Log in somebody who gave everything that is asked for."""
    known = knows(request, user)
    login(request, user, backend=BACKEND)
    UserSession.objects.create_from_request(request, user=user)
    if not known and user.email:
        mails.new_browser(request, user)
    request.entered = user


def knows(request, user):
    """Whether this browser has logged in to this account before."""
    try:
        mark = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=YEAR)
    except signing.BadSignature:
        return False
    return mark == _mark(user)


def _mark(user):
    """Another password makes all browsers strangers."""
    return [user.pk, user.get_session_auth_hash()[:16]]


class KnownBrowserMiddleware:
    """Marks the browser of whoever has just logged in."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        user = getattr(request, "entered", None)
        if user is not None:
            response.set_cookie(
                COOKIE,
                signing.dumps(_mark(user), salt=SALT),
                max_age=YEAR,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response


def in_use(request):
    """A session ends some hours after it was used last; noted every few minutes only."""
    if time.time() - request.session.get("seen", 0) > SEEN_EVERY:
        request.session["seen"] = int(time.time())
        UserSession.objects.filter(session_key=request.session.session_key).update(
            last_seen_at=timezone.now()
        )


def sessions_of(user):
    """Where somebody is logged in now, the one used last first; `browser` of each is its name."""
    rows = UserSession.objects.filter(user=user).order_by("-last_seen_at", "-pk")
    there = [row for row in rows if row.exists()]
    for row in there:
        row.browser = named(row.user_agent)
    return there


def end(user, *, keep=""):
    """Log somebody out everywhere but in the session `keep`."""
    rows = UserSession.objects.filter(user=user).exclude(session_key=keep)
    for key in rows.values_list("session_key", flat=True):
        SessionStore().delete(key)
    rows.delete()


def forget():
    """Rows of sessions that are over; the number of them."""
    gone = [row.pk for row in UserSession.objects.only("session_key") if not row.exists()]
    return UserSession.objects.filter(pk__in=gone).delete()[0]
