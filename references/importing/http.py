"""Ask another library by https, politely and with care: only public addresses, a few steps, a size
and a time limit.

The name is looked up once and the connection goes to the address that was checked, so that no
second answer of the name server leads elsewhere.
"""

import socket
import ssl
import time
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address, ip_network
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

MOST_BYTES = 5 * 1024 * 1024
MOST_STEPS = 4
PIECE = 64 * 1024
MOVED = {301, 302, 303, 307, 308}
# Addresses that carry an address of the older kind inside.
_NAT64 = ip_network("64:ff9b::/96")


class LookupFailed(Exception):
    """Says in plain words why nothing was fetched."""


class NotFound(LookupFailed):
    """The library answered that it has no such work."""


def get(address, headers):
    """The body of the answer, as bytes."""
    deadline = time.monotonic() + settings.LOOKUP_TIMEOUT
    for _step in range(MOST_STEPS):
        try:
            status, location, body = _ask(address, headers, deadline)
        except (OSError, HTTPException) as error:
            raise _unreachable(error) from error
        if status in MOVED and location:
            address = _joined(address, location)
            continue
        return _checked(status, body)
    raise LookupFailed(_("The library sends us on and on. Try again later."))


def _checked(status, body):
    if status == 200:
        return body
    if status in (400, 404, 410):
        raise NotFound(_("The library does not know this number."))
    if status == 429:
        raise LookupFailed(_("The library asks us to come back later: too many questions at once."))
    raise LookupFailed(
        _("The library has trouble of its own at the moment (answer %(status)s).")
        % {"status": status}
    )


def _unreachable(error):
    if isinstance(error, TimeoutError):
        return LookupFailed(_("The library took too long to answer."))
    return LookupFailed(_("The library cannot be reached, or its answer broke off."))


def _ask(address, headers, deadline):
    """`(status, location, body)` of one request; the body of a page that moved is not read."""
    parts = _permitted(address)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    connection = _connection(parts, _public_address(parts.hostname, port), port, deadline)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        sock = connection.sock  # the connection lets go of it while the answer is still read
        connection.request("GET", path, headers={**headers, "Accept-Encoding": "identity"})
        sock.settimeout(_left(deadline))
        answer = connection.getresponse()
        if answer.status in MOVED:
            return answer.status, answer.getheader("Location", ""), b""
        return answer.status, "", _body(sock, answer, deadline) if answer.status == 200 else b""
    finally:
        connection.close()


def _joined(address, location):
    try:
        return urljoin(address, location)
    except ValueError as error:
        raise LookupFailed(_("The library sent us to an address we do not go to.")) from error


def _permitted(address):
    try:
        parts = urlsplit(address)
        usable = parts.hostname and not parts.username and (parts.port or 1)
    except ValueError:
        usable = False
    if not usable or not (
        parts.scheme == "https" or (parts.scheme == "http" and settings.LOOKUP_ALLOW_LOOPBACK)
    ):
        raise LookupFailed(_("The library sent us to an address we do not go to."))
    return parts


def _public_address(host, port):
    """The first address of a host, if all of them are public."""
    found = [row[4][0] for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found or not all(map(_may_go_to, found)):
        raise LookupFailed(_("The library sent us to an address we do not go to."))
    return found[0]


def _may_go_to(text):
    address = ip_address(text.partition("%")[0])
    if address.version == 6:
        inside = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
        if address in _NAT64:
            inside = ip_address(int(address) & 0xFFFFFFFF)
        address = inside or address
    if settings.LOOKUP_ALLOW_LOOPBACK and address.is_loopback:
        return True
    return address.is_global and not address.is_multicast


def _connection(parts, address, port, deadline):
    """A connection to the checked address, which says the name of the host all the same."""
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname, port, timeout=_left(deadline))
    sock = socket.create_connection((address, port), timeout=_left(deadline))
    if parts.scheme == "https":
        try:
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=parts.hostname)
        except Exception:
            sock.close()
            raise
    connection.sock = sock
    return connection


def _body(sock, answer, deadline):
    pieces, size = [], 0
    while True:
        sock.settimeout(_left(deadline))
        piece = answer.read1(PIECE)
        if not piece:
            break
        pieces.append(piece)
        size += len(piece)
        if size > MOST_BYTES:
            raise LookupFailed(_("The answer is far too long for one work."))
    if answer.length:
        raise LookupFailed(_("The library cannot be reached, or its answer broke off."))
    return b"".join(pieces)


def _left(deadline):
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
