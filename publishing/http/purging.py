"""What is withdrawn or erased goes from the caches in front before the button answers.

They are told at the addresses of PURGE_URLS: all pages go, since words may stand in lists, feeds
and searches as well. A cache that does not answer holds nobody up for longer than `PATIENCE`; the
author is told, and the task worker tries again. It does so in any case, for what was on its way to
a reader meanwhile.
"""

import json
import logging
import re
from contextvars import ContextVar
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from time import monotonic
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.db import connection, transaction
from django.utils.translation import gettext as _

from .. import tasks
from .cache import EVERYTHING

log = logging.getLogger(__name__)
PATIENCE = 2  # seconds, for all of them
PAUSE = 15  # seconds for which nobody waits again for those that failed
_failed = ContextVar("failed", default=None)
_pause = {"until": 0.0}


def soon():
    """Once what is withdrawn in this transaction is committed."""
    if not settings.PURGE_URLS:
        return
    if all(function is not now for _ids, function, *_rest in connection.run_on_commit):
        transaction.on_commit(now)


def now():
    try:
        if monotonic() < _pause["until"]:
            raise TimeoutError("A cache did not answer a moment ago.")
        ask_all(PATIENCE)
    except (OSError, HTTPException) as error:
        log.error("What was withdrawn could not be taken from the caches: %r", error)
        _pause["until"] = max(_pause["until"], monotonic() + PAUSE)
        if (failed := _failed.get()) is not None:
            failed.append(error)
    tasks.enqueue("publishing.purge")


@tasks.task("publishing.purge")
def again():
    ask_all(30)


def ask_all(seconds):
    """Raises OSError or HTTPException where one does not do it."""
    deadline, wires = monotonic() + seconds, {}
    try:
        for method, parts in addresses():
            left = deadline - monotonic()
            if left <= 0:
                raise TimeoutError("The caches took too long.")
            kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
            wire = wires.setdefault((kind, parts.netloc), kind(parts.netloc))
            wire.timeout = left
            if wire.sock:
                wire.sock.settimeout(left)
            _ask(wire, method, parts)
    finally:
        for wire in wires.values():
            wire.close()


def _ask(wire, method, parts):
    headers = {"Surrogate-Key": EVERYTHING, "Content-Type": "application/json"}
    headers |= dict(each.split(":", 1) for each in settings.PURGE_HEADERS)
    body = json.dumps({"tags": [EVERYTHING]}) if method == "POST" else None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    wire.request(method, path, body, {name: value.strip() for name, value in headers.items()})
    answer = wire.getresponse()
    answer.read(1_000_000)
    # 404: there was nothing.
    if answer.status >= 300 and answer.status != 404:
        raise OSError(f"{parts.netloc} answered {answer.status}")


def addresses():
    """`(method, parts)` of each. “{0123}” in an address stands for one address for each sign."""
    for each in settings.PURGE_URLS:
        method, _space, url = each.strip().rpartition(" ")
        signs = re.search(r"\{(\w+)\}", url)
        for sign in signs[1] if signs else [""]:
            whole = url.replace(signs[0], sign) if signs else url
            yield method or "PURGE", urlsplit(whole)


class PurgeMiddleware:
    """Tells the author what stayed in a cache. Only there with PURGE_URLS."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        token = _failed.set([])
        try:
            response = self.get_response(request)
            if _failed.get() and request.user.is_staff:
                messages.warning(request, words())
            return response
        finally:
            _failed.reset(token)


def words():
    return _(
        "It is withdrawn here. A server in front of the site did not answer and may show it for a"
        " moment longer; it is told again by itself."
    )
