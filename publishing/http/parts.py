"""What many pages have in common — the masthead, the tree of chapters, what the site says of
itself — kept in each process from one writing of anything that readers see to the next.

It is kept under the same name as whole pages are (`publishing.http.store`), read before the page is
made: what a page is made of is never older than what was written when the reader asked. Nothing is
kept for who is logged in, nor for a request that may write.
"""

import threading
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic

from django.conf import settings
from django.core.signals import setting_changed
from django.db import DatabaseError, connection

from .generation import Generation

MOST = 2000  # parts; a site has a few dozen of them for each language
PAUSE = 1  # second for which a database that did not tell is not asked again
NAMED = "publishing.generation"  # in the environment of a request that came through the page store
_asked = ContextVar("asked", default=None)


class Asked:
    """One request, and under which name its parts are kept."""

    UNREAD = object()

    def __init__(self, name=None):
        self._name = name or self.UNREAD

    @property
    def name(self):
        """None where nothing may be kept: it cannot be told, or this very connection has written
        and not committed."""
        if self._name is self.UNREAD:
            self._name = _read()
        return None if connection.generation_due else self._name


class Parts:
    """Those of one generation."""

    def __init__(self, name):
        self.name, self.made = name, {}


_generation = Generation()
_lock = threading.Lock()
_parts = Parts(None)
_silent = {"until": 0.0}


def _read():
    if monotonic() < _silent["until"]:
        return None
    try:
        return _generation.read()
    except DatabaseError:
        _silent["until"] = monotonic() + PAUSE
        return None


def _of(name):
    global _parts
    found = _parts
    if found.name != name:
        with _lock:
            if _parts.name != name:
                _parts = Parts(name)
            found = _parts
    return found.made


def name():
    """The generation of the present request, where it is one reader's among all and can be told;
    else None."""
    asked = _asked.get()
    return asked.name if asked is not None else None


def is_for_everybody():
    """Whether the present request is one reader's among all."""
    return _asked.get() is not None


def kept(key, make):
    """What `make()` gives, which must be the same for every reader and must not be changed: made
    once for this `key` until something is written. `key`: a tuple of words and numbers."""
    known = name()
    if known is None:
        return make()
    made = _of(known)
    if key not in made:
        part = make()
        if len(made) >= MOST:
            return part
        made[key] = part
    return made[key]


@contextmanager
def of_request(request):
    """While this request is answered, parts are kept; not for somebody with a session."""
    reads = request.method in ("GET", "HEAD")
    if settings.DEBUG or not reads or settings.SESSION_COOKIE_NAME in request.COOKIES:
        yield
        return
    before = _asked.set(Asked(request.META.get(NAMED)))
    try:
        yield
    finally:
        _asked.reset(before)


def forget(**_of_the_signal):
    """Everything; settings are no part of the name, and only tests change them."""
    global _parts
    _parts = Parts(None)


setting_changed.connect(forget, dispatch_uid="publishing.http.parts")
