"""Zenodo, the archive, by its records API (InvenioRDM). Follows the links it is given, as long as
they stay with it; believes no answer that is not what was asked for."""

import json
import time
from http.client import HTTPException
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from ..http import outside

MOST_BYTES = 2 * 1024 * 1024
TIMEOUT = 60  # seconds for one request


class DepositFailed(Exception):
    """Why it did not go on, in words; what was done before stays done."""


class NotThere(DepositFailed):
    """The archive knows no such record."""


def is_sandbox():
    return "sandbox" in urlsplit(settings.ZENODO_URL).netloc


def is_set_up():
    return bool(settings.ZENODO_URL and settings.ZENODO_TOKEN)


def get(path):
    return _ask("GET", path)


def post(path, data=None):
    return _ask("POST", path, _as_json(data))


def put(path, data):
    return _ask("PUT", path, _as_json(data))


def upload(path, name, content):
    """One file of a draft: announced, sent, closed; `path` of the draft's files."""
    _ask("POST", path, _as_json([{"key": name}]))
    file = f"{path}/{quote(name)}"
    _ask("PUT", f"{file}/content", content, "application/octet-stream")
    _ask("POST", f"{file}/commit")


def _as_json(data):
    return None if data is None else json.dumps(data).encode()


def _ask(method, path, body=None, kind="application/json"):
    """The answer as a dict. `path`: within the archive, or one of its links."""
    address = path if "://" in path else settings.ZENODO_URL + path
    if urlsplit(address).netloc != urlsplit(settings.ZENODO_URL).netloc:
        raise DepositFailed(_("The archive sent us to an address that is not its own."))
    deadline = time.monotonic() + TIMEOUT
    schemes = ("https", "http") if settings.LOOKUP_ALLOW_LOOPBACK else ("https",)
    headers = {"Authorization": f"Bearer {settings.ZENODO_TOKEN}", "Accept": "application/json"}
    if body is not None:
        headers["Content-Type"] = kind
    try:
        parts = outside.permitted(address, schemes)
        connection = outside.connect(parts, deadline)
        try:
            connection.request(method, outside.path_of(parts), body, headers)
            response = connection.getresponse()
            said = response.read(MOST_BYTES + 1)
        finally:
            connection.close()
    except outside.Refused as error:
        raise DepositFailed(_("The archive sent us to an address that is not its own.")) from error
    except (OSError, HTTPException) as error:
        raise DepositFailed(_("The archive cannot be reached at the moment.")) from error
    return _read(response.status, said)


def _read(status, said):
    if status in (404, 410):
        raise NotThere(_("The archive knows no such record."))
    if status in (401, 403):
        raise DepositFailed(_("The archive does not take the token: look at ZENODO_TOKEN."))
    if status == 429:
        raise DepositFailed(_("The archive asks us to come back later."))
    if not 200 <= status < 300:
        words = " ".join(said[:300].decode(errors="replace").split())
        raise DepositFailed(
            _("The archive answered %(status)s: %(words)s") % {"status": status, "words": words}
        )
    if not said.strip():
        return {}
    try:
        found = json.loads(said) if len(said) <= MOST_BYTES else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise DepositFailed(_("The archive answered something that cannot be read."))
    return found
