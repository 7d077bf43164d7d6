"""Two servers of two processes each, read all the time while somebody writes: nobody is shown what
was before, whatever becomes of the store they share."""

import re
import shutil
import subprocess
import threading
import time

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

from publishing.http import shared, store
from publishing.models import SiteSettings
from review.models import Chapter
from tests import nodes
from tests.factories import ChapterFactory

from .test_store import Counted, ask

redis = pytest.importorskip("redis", reason="the package redis is not installed")
PROGRAM = shutil.which("redis-server")
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(PROGRAM is None, reason="redis-server is not installed"),
]
MB = 1024 * 1024


@pytest.fixture
def server(tmp_path):
    """`(client, process)` of a Redis that only a file leads to."""
    socket = tmp_path / "redis.sock"
    options = ["--port", "0", "--unixsocket", socket, "--save", "", "--dir", tmp_path]
    process = subprocess.Popen([PROGRAM, *map(str, options)], stdout=subprocess.DEVNULL)
    client = redis.Redis.from_url(f"unix://{socket}", socket_timeout=5)
    for _ in range(200):
        try:
            client.ping()
            break
        except redis.ConnectionError:
            assert process.poll() is None
            time.sleep(0.05)
    yield client, process
    process.terminate()
    process.wait()


class Race:
    """One who writes, and readers at each node who never stop."""

    def __init__(self, chapter, around):
        self.chapter, self.path, self.around = chapter, chapter.get_absolute_url(), around
        self.written, self.reads, self.stale, self.over = 0, 0, [], threading.Event()
        self.readers = [threading.Thread(target=self.read, args=[node]) for node in around]

    def seen(self, node):
        status, body = node.ask(self.path)
        assert status == 200
        return int(re.search(r"<h1[^>]*>.*?Words (\d+)<", body, re.DOTALL)[1])

    def read(self, node):
        try:
            while not self.over.is_set():
                known = self.written
                seen = self.seen(node)
                self.reads += 1
                if seen < known:
                    self.stale.append((seen, known))
        except Exception as error:
            self.stale.append(error)

    def write(self, times):
        for _ in range(times):
            Chapter.objects.filter(pk=self.chapter.pk).update(title=f"Words {self.written + 1}")
            self.written += 1
            for node in self.around:
                assert self.seen(node) == self.written

    def restore(self, number, token):
        """As a restored backup does: past whatever notices writing."""
        cursor = connection.connection.cursor()
        place = "?" if connection.vendor == "sqlite" else "%s"
        cursor.execute(f"UPDATE review_chapter SET title = {place}", [f"Words {number}"])
        cursor.execute(f"UPDATE publishing_generation SET token = {place}", [token])
        self.written = number

    def __enter__(self):
        for reader in self.readers:
            reader.start()
        return self

    def __exit__(self, *_error):
        self.over.set()
        for reader in self.readers:
            reader.join()


def test_nobody_is_shown_what_was_before_whatever_becomes_of_the_shared_store(server, tmp_path):
    client, process = server
    SiteSettings.load()
    race_for = ChapterFactory(title="Words 0")
    pages = shared.SharedPages(redis.Redis(connection_pool=client.connection_pool), b"this code")
    kept = store.PageStore(WSGIHandler(), MB, shared=pages)
    with (
        nodes.running(kept, tmp_path / "one") as one,
        nodes.running(kept, tmp_path / "two") as two,
    ):
        with Race(race_for, [one, two]) as race:
            race.write(5)
            assert client.keys("page:*"), "nothing was shared"
            early, token = race.written, connection.generation()
            race.write(2)
        race.restore(early, token)  # nobody reads meanwhile: its words went back in time
        with Race(race_for, [one, two]) as later:
            later.written = early
            assert [later.seen(node) for node in (one, two)] == [early, early]
            later.write(2)
            client.config_set("maxmemory", 1)  # full: nothing more is taken
            later.write(2)
            client.config_set("maxmemory", 0)
            process.kill()
            process.wait()
            later.write(2)
    assert race.stale == later.stale == []
    assert race.reads + later.reads > 20


@pytest.fixture
def site():
    SiteSettings.load()
    return Counted()


def made_with(client, site, mark=b"this code"):
    return store.PageStore(site, MB, shared=shared.SharedPages(client, mark))


@pytest.mark.once("about what lies in the shared store")
def test_a_page_is_made_once_for_all_nodes_of_the_same_code(server, site):
    client, _process = server
    path = ChapterFactory(title="Fatty nodes").get_absolute_url()
    first, second = ask(made_with(client, site), path), ask(made_with(client, site), path)
    assert site.made == [path]
    assert (first.headers, first.body) == (second.headers, second.body)
    assert "Fatty nodes" in second.text
    assert 0 < client.ttl(client.keys("page:*")[0]) <= shared.LASTS
    ask(made_with(client, site, b"the next version"), path)
    assert len(site.made) == 2
    Chapter.objects.update(title="Episacral hernias")
    assert "Episacral hernias" in ask(made_with(client, site), path).text


@pytest.mark.once("about what lies in the shared store")
def test_what_somebody_else_put_there_is_not_shown(server, site):
    client, _process = server
    path = ChapterFactory(title="Fatty nodes").get_absolute_url()
    ask(made_with(client, site), path)
    key = client.keys("page:*")[0]
    for forged in (b"", b"short", client.get(key)[:-1] + b"x", b"\0" * 5000):
        client.set(key, forged)
        assert "Fatty nodes" in ask(made_with(client, site), path).text
    assert len(site.made) == 5


@pytest.mark.once("about what lies in the shared store")
def test_a_page_made_while_somebody_wrote_is_not_shared(server, site):
    client, _process = server
    path = ChapterFactory(title="Old words").get_absolute_url()
    plain = site.application

    def slow(environ, start_response):
        parts = plain(environ, start_response)
        Chapter.objects.update(title="New words")
        return parts

    site.application = slow
    ask(made_with(client, site), path)
    assert client.keys("page:*") == []
