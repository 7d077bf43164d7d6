"""Limits counted together in a Redis: a real one, of the test's own, on this machine."""

import shutil
import socket
import subprocess
import time

import pytest
from django.core.cache import caches

from config import env
from publishing import limits
from tests.simultaneous import at_once

from .test_limits import at, few  # noqa: F401 - fixtures

redis = pytest.importorskip("redis", reason="the package redis is not installed")
PROGRAM = shutil.which("redis-server")
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="redis-server is not installed")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def server(tmp_path):
    """`(port, process)`"""
    port = free_port()
    options = ["--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", tmp_path]
    process = subprocess.Popen([PROGRAM, *map(str, options)], stdout=subprocess.DEVNULL)
    client = redis.Redis(port=port)
    for _ in range(200):
        try:
            client.ping()
            break
        except redis.ConnectionError:
            assert process.poll() is None
            time.sleep(0.05)
    yield port, process
    process.terminate()
    process.wait()


@pytest.fixture
def shared(server, monkeypatch, settings):
    """The cache of limits as CACHE_URL makes it."""
    monkeypatch.setenv("CACHE_URL", f"redis://127.0.0.1:{server[0]}/1")
    settings.CACHES = {**settings.CACHES, "limits": env.shared_cache()}
    monkeypatch.setitem(limits._pause, "until", 0.0)
    return server[1]


@pytest.fixture(autouse=True)
def _one_window(monkeypatch):
    monkeypatch.setattr(limits, "time", lambda: 1_800_014_400)


def test_many_at_once_are_counted_one_by_one(shared, few, at):  # noqa: F811
    few(posts=[("address", 40, 60), ("all", 1000, 60)])
    said = at_once(8, lambda _n: [limits.hit("posts", at("203.0.113.9")) for _ in range(10)])
    refused = [each for some in said for each in some if each]
    assert len(refused) == 40
    assert {each.per for each in refused} == {"address"}


def test_counts_end_with_their_time_and_name_nobody(shared, few, at):  # noqa: F811
    few(posts=[("address", 40, 60), ("mailbox", 40, 60)])
    limits.hit("posts", at("203.0.113.9"), mailbox="anna@example.org")
    client = caches["limits"]._cache.get_client()
    keys = client.keys("*")
    assert len(keys) == 2
    assert all(0 < client.ttl(key) <= 60 for key in keys)
    assert not any(b"anna" in key or b"203" in key for key in keys)


def test_a_server_that_goes_takes_no_limit_with_it(shared, few, at, caplog):  # noqa: F811
    few(posts=[("address", 2, 60)])
    assert limits.hit("posts", at("203.0.113.9")) is None
    shared.terminate()
    shared.wait()
    said = [limits.hit("posts", at("203.0.113.9")) for _ in range(3)]
    assert [each and each.per for each in said] == [None, None, "address"]
    assert caplog.text.count("does not answer") == 1


def test_one_that_hangs_is_waited_for_once(shared, few, at, caplog):  # noqa: F811
    """Stopped, not gone: connections are taken, and nothing is said."""
    import os
    import signal

    few(posts=[("address", 2, 60)])
    os.kill(shared.pid, signal.SIGSTOP)
    try:
        said = [limits.hit("posts", at("203.0.113.9")) for _ in range(3)]
    finally:
        os.kill(shared.pid, signal.SIGCONT)
    assert [each and each.per for each in said] == [None, None, "address"]
    assert caplog.text.count("does not answer") == 1
