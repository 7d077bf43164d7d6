"""Whose address a request behind the proxy carries."""

import pytest
from django.http import HttpResponse

from config.proxy import ReaderAddressMiddleware


@pytest.mark.parametrize(
    ("header", "seen"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("10.1.1.1, 203.0.113.9", "203.0.113.9"),
        ("2001:db8::1", "2001:db8::1"),
        ("", "127.0.0.1"),
        ("unknown", "127.0.0.1"),
        ("203.0.113.9, '; drop", "127.0.0.1"),
    ],
)
def test_the_address_is_the_one_the_proxy_wrote(rf, header, seen):
    request = rf.get("/", headers={"X-Forwarded-For": header}, REMOTE_ADDR="127.0.0.1")
    ReaderAddressMiddleware(lambda request: HttpResponse())(request)
    assert request.META["REMOTE_ADDR"] == seen


def test_a_request_over_a_socket_file_has_an_address_too(rf):
    request = rf.get("/", REMOTE_ADDR="")
    ReaderAddressMiddleware(lambda request: HttpResponse())(request)
    assert request.META["REMOTE_ADDR"] == "0.0.0.0"


@pytest.mark.parametrize("peer", ["203.0.113.7", "10.0.0.8", "2001:db8::7"])
def test_who_does_not_come_from_the_proxy_is_not_believed(rf, peer):
    request = rf.get("/", headers={"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https"},
                     REMOTE_ADDR=peer)  # fmt: skip
    ReaderAddressMiddleware(lambda request: HttpResponse())(request)
    assert request.META["REMOTE_ADDR"] == peer
    assert "HTTP_X_FORWARDED_PROTO" not in request.META


def test_a_proxy_elsewhere_is_named(rf, settings):
    settings.PROXY_NETWORKS = ["172.16.0.0/12"]
    request = rf.get("/", headers={"X-Forwarded-For": "203.0.113.9"}, REMOTE_ADDR="172.18.0.2")
    ReaderAddressMiddleware(lambda request: HttpResponse())(request)
    assert request.META["REMOTE_ADDR"] == "203.0.113.9"
