"""Asks another site whether it has a page, as lightly as can be: its robots.txt first, HEAD before
GET, never the page itself."""

import socket
import ssl
import time
from dataclasses import dataclass, field
from http.client import HTTPException
from urllib.parse import urljoin, urlunsplit
from urllib.robotparser import RobotFileParser

from django.conf import settings
from django.core.cache import cache
from django.utils.encoding import iri_to_uri

from ..http import outside
from ..models import LinkState

MOST_STEPS = 6
ROBOTS_BYTES = 256 * 1024
ROBOTS_KEPT = 24 * 60 * 60
FOR_GOOD = {301, 308}
GONE = {404, 410}
# Many sites answer so to whoever is no browser: it says nothing of the page.
NOT_TO_US = {401, 402, 403, 405, 406, 407, 429, 451, 999}
# Some know no HEAD, or answer it wrongly.
ASK_AGAIN = {400, 403, 404, 405, 410, 500, 501, 503}


@dataclass
class Outcome:
    """`said`: the number of the answer, or one word of why there was none. `lasting`: whether it
    need not be asked again before it is believed."""

    state: str
    said: str = ""
    moved_to: str = ""
    tag: str = ""
    modified: str = ""
    lasting: bool = field(default=True)


def agent() -> str:
    """Who asks, and where it can be read who that is."""
    return f"LivingReview-LinkCheck (+{settings.SITE_URL}/)"


def ask(url: str, *, tag: str = "", modified: str = "") -> Outcome:
    """What comes of an address, within `settings.LINK_TIMEOUT` seconds whatever happens."""
    deadline = time.monotonic() + settings.LINK_TIMEOUT
    try:
        return _follow(url, tag, modified, deadline)
    except outside.Refused:
        return Outcome(LinkState.REFUSED, "private")
    except TimeoutError:
        return Outcome(LinkState.TROUBLE, "timeout", lasting=False)
    except socket.gaierror:
        return Outcome(LinkState.TROUBLE, "unknown host", lasting=False)
    except ssl.SSLError:
        return Outcome(LinkState.TROUBLE, "certificate", lasting=False)
    except (OSError, HTTPException, ValueError):
        return Outcome(LinkState.TROUBLE, "no connection", lasting=False)


def _follow(url, tag, modified, deadline):
    here, for_good = url, True
    for _step in range(MOST_STEPS):
        parts = outside.permitted(_as_sent(here), ("http", "https"))
        if not _may_ask(parts, deadline):
            return Outcome(LinkState.CLOSED, "robots.txt")
        headers = _conditions(tag, modified) if here == url else {}
        status, answer = _request("HEAD", parts, headers, deadline)
        if status in ASK_AGAIN:
            status, answer = _request("GET", parts, headers, deadline)
        if status in outside.MOVED and answer.get("Location"):
            for_good = for_good and status in FOR_GOOD
            here = urljoin(here, answer["Location"])
            continue
        return _judged(status, answer, here if here != url and for_good else "")
    return Outcome(LinkState.BROKEN, "redirects")


def _as_sent(address):
    """With the letters a request may hold: other alphabets written as browsers write them."""
    parts = outside.permitted(address, ("http", "https"))
    host = parts.hostname if ":" in parts.hostname else parts.hostname.encode("idna").decode()
    netloc = (f"[{host}]" if ":" in host else host) + (f":{parts.port}" if parts.port else "")
    return urlunsplit((parts.scheme, netloc, iri_to_uri(parts.path), iri_to_uri(parts.query), ""))


def _judged(status, answer, moved_to):
    if 200 <= status < 300 or status == 304:
        state = LinkState.MOVED if moved_to else LinkState.GOOD
        tag, modified = answer.get("ETag", "")[:300], answer.get("Last-Modified", "")[:100]
        return Outcome(state, str(status), moved_to[:2000], tag, modified)
    if status in GONE:
        return Outcome(LinkState.BROKEN, str(status))
    return Outcome(LinkState.TROUBLE, str(status), lasting=status in NOT_TO_US)


def _conditions(tag, modified):
    headers = {"If-None-Match": tag, "If-Modified-Since": modified}
    return {name: value for name, value in headers.items() if value}


def _request(method, parts, headers, deadline, most=0):
    """`(status, headers)`; with `most` the body too, up to so many bytes, as `headers["body"]`."""
    connection = outside.connect(parts, deadline)
    try:
        sock = connection.sock  # the connection lets go of it while the answer is still read
        own = {"User-Agent": agent(), "Accept": "*/*", "Accept-Encoding": "identity"}
        connection.request(method, outside.path_of(parts), headers={**own, **headers})
        sock.settimeout(outside.left(deadline))
        answer = connection.getresponse()
        found = dict(answer.getheaders())
        if most and answer.status == 200:
            found["body"] = _read(sock, answer, most, deadline)
        return answer.status, found
    finally:
        connection.close()


def _read(sock, answer, most, deadline):
    pieces, size = [], 0
    while size < most:
        sock.settimeout(outside.left(deadline))
        piece = answer.read1(min(most - size, 64 * 1024))
        if not piece:
            break
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


def _may_ask(parts, deadline):
    """What its robots.txt says; a site without one, or one that cannot be read, allows it."""
    root = f"{parts.scheme}://{parts.netloc}"
    key = f"robots:{root}"[:200]
    text = cache.get(key)
    if text is None:
        try:
            _status, answer = _request(
                "GET",
                outside.permitted(f"{root}/robots.txt", ("http", "https")),
                {},
                deadline,
                ROBOTS_BYTES,
            )
            text = answer.get("body", b"").decode("utf-8", "replace")
        except (OSError, HTTPException):
            text = ""
        cache.set(key, text, ROBOTS_KEPT)
    rules = RobotFileParser()
    rules.parse(text.splitlines())
    return rules.can_fetch(agent(), f"{root}{outside.path_of(parts)}")
