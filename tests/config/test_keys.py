"""No log holds a key."""

import logging
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from config.logs import PlainFormatter, scrub

KEY = "Zm9vYmFy:1abcde:c2lnbmF0dXJl"
ADDRESSES = [
    f"{prefix}/{place}/{KEY}/"
    for prefix in ("", "/es")
    for place in ("comments/mine", "comments/confirm", "comments/unsubscribe", "comments/decide",
                  "preview")
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_addresses_are_cut_after_what_they_open(address):
    line = f"Forbidden (CSRF cookie not set.): {address}"
    assert scrub(line) == line.removesuffix(f"{KEY}/") + "…"


def test_other_addresses_stay():
    line = "GET /comments/feed.atom and /review/mine-and-yours/"
    assert scrub(line) == line


@pytest.mark.django_db
def test_a_refused_form_and_an_error_are_logged_without_it(caplog):
    client = Client(enforce_csrf_checks=True)
    with caplog.at_level(logging.WARNING):
        assert client.post(ADDRESSES[0]).status_code == 403
    assert "Forbidden" in caplog.text
    try:
        raise ValueError(ADDRESSES[0])
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
        broken = logging.LogRecord("x", 40, "", 1, "%s broke", (ADDRESSES[1],), info)
    for record in [*caplog.records, broken]:
        assert KEY not in PlainFormatter().format(record)


def test_the_console_cuts_them():
    assert settings.LOGGING["handlers"]["console"]["formatter"] in ("PLAIN", "JSON")


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_the_shipped_proxies_cut_the_same(name):
    text = (Path(settings.BASE_DIR) / "deploy" / name).read_text()
    pattern = re.search(r'"(\S*\(\?:mine[^"]*)"', text)[1].replace("?<", "?P<").lstrip("~")
    for address in ADDRESSES:
        kept = re.search(pattern, address)[1]
        assert address.endswith(f"{kept}{KEY}/")
    other = re.search(pattern, "/comments/feed.atom")
    assert other is None or other[1] == other.string, "it is written whole"
