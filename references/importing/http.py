"""Ask another library by https, politely and with care: only public addresses, a few steps, a size
and a time limit."""

import time
from http.client import HTTPException
from urllib.parse import urljoin

from django.conf import settings
from django.utils.translation import gettext as _

from publishing.http import outside
from publishing.http.outside import MOVED

MOST_BYTES = 5 * 1024 * 1024
MOST_STEPS = 4
PIECE = 64 * 1024


class LookupFailed(Exception):
    """Says in plain words why nothing was fetched."""


class TooLong(LookupFailed):
    """The answer is longer than anything that was asked for."""


class NotFound(LookupFailed):
    """The library answered that it has no such work."""


def get(address, headers):
    """The body of the answer, as bytes."""
    return _checked(*fetch(address, headers))


def fetch(address, headers, most=MOST_BYTES):
    """`(status, body)` of the answer, at the end of a few steps; the body of what is no 200 is
    empty."""
    deadline = time.monotonic() + settings.LOOKUP_TIMEOUT
    for _step in range(MOST_STEPS):
        try:
            status, location, body = _ask(address, headers, deadline, most)
        except outside.Refused as error:
            raise LookupFailed(
                _("Crossref or PubMed sent us to an address we do not go to.")
            ) from error
        except (OSError, HTTPException) as error:
            raise _unreachable(error) from error
        if status in MOVED and location:
            address = _joined(address, location)
            continue
        return status, body
    raise LookupFailed(_("Crossref or PubMed send us on and on. Try again later."))


def _checked(status, body):
    if status == 200:
        return body
    if status in (400, 404, 410):
        raise NotFound(_("Crossref or PubMed do not know this number."))
    if status == 429:
        raise LookupFailed(
            _("Crossref or PubMed ask us to come back later: too many questions at once.")
        )
    raise LookupFailed(
        _("Crossref or PubMed have trouble of their own at the moment (answer %(status)s).")
        % {"status": status}
    )


def _unreachable(error):
    if isinstance(error, TimeoutError):
        return LookupFailed(_("Crossref or PubMed took too long to answer."))
    return LookupFailed(
        _("Crossref or PubMed cannot be reached at the moment. Try again in a minute.")
    )


def _ask(address, headers, deadline, most):
    """`(status, location, body)` of one request; the body of a page that moved is not read."""
    schemes = ("https", "http") if settings.LOOKUP_ALLOW_LOOPBACK else ("https",)
    parts = outside.permitted(address, schemes)
    connection = outside.connect(parts, deadline)
    try:
        sock = connection.sock  # the connection lets go of it while the answer is still read
        connection.request(
            "GET", outside.path_of(parts), headers={**headers, "Accept-Encoding": "identity"}
        )
        sock.settimeout(outside.left(deadline))
        answer = connection.getresponse()
        if answer.status in MOVED:
            return answer.status, answer.getheader("Location", ""), b""
        body = _body(sock, answer, deadline, most) if answer.status == 200 else b""
        return answer.status, "", body
    finally:
        connection.close()


def _joined(address, location):
    try:
        return urljoin(address, location)
    except ValueError as error:
        raise LookupFailed(
            _("Crossref or PubMed sent us to an address we do not go to.")
        ) from error


def _body(sock, answer, deadline, most):
    pieces, size = [], 0
    while True:
        sock.settimeout(outside.left(deadline))
        piece = answer.read1(PIECE)
        if not piece:
            break
        pieces.append(piece)
        size += len(piece)
        if size > most:
            raise TooLong(_("The answer is far too long for one work."))
    if answer.length:
        raise LookupFailed(
            _("Crossref or PubMed cannot be reached at the moment. Try again in a minute.")
        )
    return b"".join(pieces)
