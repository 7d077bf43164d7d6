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
