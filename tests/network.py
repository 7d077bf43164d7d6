"""Tests reach this machine and nothing else."""

import socket
from contextlib import contextmanager
from ipaddress import ip_address
from unittest.mock import patch

NAMES = {"localhost", "testserver", "", None}


def is_here(host):
    host = host.decode() if isinstance(host, bytes) else host
    if host in NAMES:
        return True
    try:
        return ip_address(host).is_loopback or ip_address(host).is_unspecified
    except ValueError:
        return False


def _guarded(original):
    def connect(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            assert is_here(address[0]), f"a test tried to reach {address[0]}"
        return original(self, address)

    return connect


def _guarded_lookup(original):
    def getaddrinfo(host, *args, **kwargs):
        assert is_here(host), f"a test tried to look up {host}"
        return original(host, *args, **kwargs)

    return getaddrinfo


@contextmanager
def only_this_machine():
    with (
        patch.object(socket.socket, "connect", _guarded(socket.socket.connect)),
        patch.object(socket.socket, "connect_ex", _guarded(socket.socket.connect_ex)),
        patch.object(socket, "getaddrinfo", _guarded_lookup(socket.getaddrinfo)),
    ):
        yield
