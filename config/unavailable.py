"""What the database cannot do at the moment is said in words, and nothing typed is lost by it.

One place for all requests: a lock that is not to be had, a disk that is full or cannot be written
to, a database that does not answer. Views write as if none of it ever happened. One that can show
its own form again has an attribute `when_refused`.
"""

import logging
import threading
import time
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection
from django.utils.translation import gettext

from publishing.refusals import refuse

log = logging.getLogger(__name__)
SAFE = ("GET", "HEAD", "OPTIONS")
ALIVE = ("/healthz", "/readyz")  # these say themselves what is wrong
# https://www.sqlite.org/rescode.html: BUSY, LOCKED; PERM, READONLY, IOERR, FULL, CANTOPEN.
SQLITE = {
    5: "busy",
    6: "busy",
    3: "read-only",
    8: "read-only",
    10: "read-only",
    13: "read-only",
    14: "read-only",
}
# Classes of SQLSTATE, or whole codes: locks, deadlocks, no resources, a server that goes or does
# not come.
POSTGRESQL = {"55P03": "busy", "40": "busy", "25006": "read-only", "53100": "read-only",
    "53": "busy", "57014": "busy",
              "57P": "gone", "08": "gone"}  # fmt: skip


@dataclass(frozen=True)
class Trouble:
    kind: str  # "busy", "read-only" or "gone"

    @property
    def wait(self):
        """Seconds until it is worth trying again."""
        return {"busy": 5, "read-only": 300, "gone": 30}[self.kind]

    def __str__(self):
        return {
            "busy": gettext(
                "Something else is being written on the site. Please try again in a few seconds."
            ),
            "read-only": gettext(
                "The site can be read, but nothing new can be written on it at the moment. Please"
                " try again later."
            ),
            "gone": gettext(
                "The site cannot reach its data at the moment. Please try again in a minute."
            ),
        }[self.kind]


def trouble_of(error) -> Trouble | None:
    """What an exception of the database tells of, or None if it is a mistake of ours."""
    if not isinstance(error, DatabaseError):
        return None
    cause = error.__cause__
    number = getattr(cause, "sqlite_errorcode", None)
    if number is not None:
        kind = SQLITE.get(number & 0xFF)
    elif state := getattr(cause, "sqlstate", None):
        kind = next((kind for code, kind in POSTGRESQL.items() if state.startswith(code)), None)
    else:  # no connection was made: there is no code to read
        kind = (
            "gone"
            if type(cause).__name__
            in ("OperationalError", "PoolTimeout", "PoolClosed", "ConnectionTimeout")
            else None
        )
    return Trouble(kind) if kind else None


def answer(request, error):
    """The page for this exception, or None."""
    trouble = trouble_of(error)
    if trouble is None:
        return None
    if trouble.kind == "gone" and connection.alias == DEFAULT_DB_ALIAS:  # and no replica
        absence.begin()
    log.warning("%s %s: %s", request.method, request.path, error)
    shown = getattr(getattr(request.resolver_match, "func", None), "when_refused", None)
    if shown and request.method == "POST" and trouble.kind != "gone":
        # Its own form asks the database, which may be what cannot be read either.
        with suppress(DatabaseError):
            return shown(request, trouble, 503, **request.resolver_match.kwargs)
    return refuse(request, status=503, words=str(trouble), wait=trouble.wait)


def why_away(seconds=1):
    """What a server of the database that cannot be reached says; empty where it answers, and for a
    file. Past the pool, which would wait, and then tell only that it gave up."""
    if connection.vendor != "postgresql":
        return ""
    probe = connection.copy()
    probe.settings_dict["OPTIONS"].pop("pool", None)
    probe.settings_dict["OPTIONS"]["connect_timeout"] = seconds
    try:
        probe.ensure_connection()
    except DatabaseError as error:
        return " ".join(str(error).split())
    finally:
        probe.close()
    return ""


class Absence:
    """That the server of the database was found gone. Then it is asked once a second whether it is
    back, without the pool, which would wait ever longer; everybody else is answered at once."""

    PAUSE = 1  # seconds

    def __init__(self):
        self.lock, self.next, self.is_known = threading.Lock(), 0.0, False

    def begin(self):
        if connection.vendor == "postgresql":
            self.is_known, self.next = True, time.monotonic() + self.PAUSE
            if not connection.in_atomic_block:
                connection.close()  # what is left of it

    def notice(self, error):
        trouble = trouble_of(error)
        if trouble is not None and trouble.kind == "gone":
            self.begin()

    def lasts(self):
        if not self.is_known:
            return False
        with self.lock:
            if self.is_known and time.monotonic() >= self.next:
                self.next = time.monotonic() + self.PAUSE
                self.is_known = not self._answers()
            return self.is_known

    def _answers(self):
        if why_away():
            return False
        connection.close_pool()
        return True


absence = Absence()


class UnavailableMiddleware:
    """Answers for whatever a view could not write, and leaves a thread to readers when all the
    others wait to write."""

    def __init__(self, get_response):
        self.get_response = get_response
        threads = settings.WEB_THREADS
        self.writers = threading.BoundedSemaphore(threads - 1) if threads > 1 else None

    def __call__(self, request):
        request.takes_turn = False
        is_the_primary = connection.alias == DEFAULT_DB_ALIAS
        if is_the_primary and request.path_info not in ALIVE and absence.lasts():
            trouble = Trouble("gone")
            return refuse(request, status=503, words=str(trouble), wait=trouble.wait)
        try:
            return self.get_response(request)
        finally:
            if request.takes_turn:
                self.writers.release()

    def process_view(self, request, view, args, kwargs):
        if self.writers is None or request.method in SAFE or getattr(view, "writes_nothing", False):
            return None
        request.takes_turn = self.writers.acquire(blocking=False)
        if request.takes_turn:
            return None
        trouble = Trouble("busy")
        return refuse(request, status=503, words=str(trouble), wait=trouble.wait)

    def process_exception(self, request, error):
        return answer(request, error)
