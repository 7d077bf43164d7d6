"""One file from the old site, with care: public addresses alone, a bound on time and size."""

import time
from http.client import HTTPException
from urllib.parse import urljoin

from publishing.http import outside

SECONDS = 30
REDIRECTS = 3


class Failed(Exception):
    """Why it did not come."""


def fetch(address, most):
    """The bytes at an address; raises `Failed`."""
    deadline = time.monotonic() + SECONDS
    try:
        for _ in range(REDIRECTS + 1):
            parts = outside.permitted(address, ("http", "https"))
            connection = outside.connect(parts, deadline)
            try:
                connection.request("GET", outside.path_of(parts), headers={"Accept": "*/*"})
                answer = connection.getresponse()
                if answer.status in outside.MOVED:
                    address = urljoin(address, answer.headers.get("Location", ""))
                    continue
                if answer.status != 200:
                    raise Failed(f"the site answered {answer.status}")
                return _read(connection, answer, most, deadline)
            finally:
                connection.close()
    except outside.Refused:
        raise Failed("this address is not a public one") from None
    except (OSError, HTTPException, ValueError) as error:
        raise Failed(str(error) or type(error).__name__) from None
    raise Failed("it is redirected too often")


def _read(connection, answer, most, deadline):
    pieces, total = [], 0
    while True:
        if connection.sock is not None:
            connection.sock.settimeout(outside.left(deadline))
        piece = answer.read(65536)
        if not piece:
            return b"".join(pieces)
        total += len(piece)
        if total > most:
            raise Failed("it is too large")
        pieces.append(piece)
