"""Going to other sites with care: only public addresses, and to the very address that was checked.

The name is looked up once and the connection goes to the address that was checked, so that no
second answer of the name server leads elsewhere.
"""

import socket
import ssl
import time
from http.client import HTTPConnection, HTTPSConnection
from ipaddress import ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

MOVED = {301, 302, 303, 307, 308}
# Addresses that carry an address of the older kind inside.
_NAT64 = ip_network("64:ff9b::/96")


class Refused(Exception):
    """An address we do not go to."""


def permitted(address: str, schemes: tuple[str, ...] = ("https",)) -> SplitResult:
    """The parts of an address; Refused where it has another scheme, a user's name or no host."""
    try:
        parts = urlsplit(address)
        usable = parts.hostname and not parts.username and (parts.port or 1)
    except ValueError:
        usable = False
    if not usable or parts.scheme not in schemes:
        raise Refused
    return parts


def port_of(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def public_address(host: str, port: int) -> str:
    """The first address of a host, if all of them are public; Refused otherwise. OSError where the
    name is not known."""
    if _is_number(host):  # nothing to look up
        if not _may_go_to(host):
            raise Refused
        return host
    found = [row[4][0] for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found or not all(map(_may_go_to, found)):
        raise Refused
    return found[0]


def _is_number(host):
    try:
        ip_address(host)
        return True
    except ValueError:
        return False


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


def connect(parts: SplitResult, deadline: float) -> HTTPConnection:
    """A connection to the checked address, which says the name of the host all the same."""
    port = port_of(parts)
    address = public_address(parts.hostname, port)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname, port, timeout=left(deadline))
    sock = socket.create_connection((address, port), timeout=left(deadline))
    if parts.scheme == "https":
        try:
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=parts.hostname)
        except Exception:
            sock.close()
            raise
    connection.sock = sock
    return connection


def path_of(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def left(deadline: float) -> float:
    """Seconds until then; TimeoutError once it is over."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds
