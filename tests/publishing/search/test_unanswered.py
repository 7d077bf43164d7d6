"""Searches that found nothing: told to the worker, kept only if nobody can be known by them."""

import socket
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from config import chores
from publishing import search
from publishing.models import FoundNothing, IndexEntry, IndexRules
from publishing.search import unanswered, words
from tests.factories import PostFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(monkeypatch):
    heard = unanswered.Heard()
    monkeypatch.setattr(unanswered, "heard", heard)
    return heard


def ask(heard, query, *readers):
    for reader in readers:
        heard.add(query, reader, time.monotonic())


def kept():
    return dict(FoundNothing.objects.values_list("words", "count"))


def test_words_of_several_readers_are_kept_and_counted(heard):
    ask(heard, "gimcrack", "a", "b", "b")
    chores.note_unanswered(None, None)
    assert kept() == {}, "two readers are not several"
    ask(heard, "gimcrack", "c")
    assert chores.note_unanswered(None, None) == "1 noted"
    assert kept() == {"gimcrack": 4}
    ask(heard, "gimcrack", "d")
    chores.note_unanswered(None, None)
    assert kept() == {"gimcrack": 5}


def test_words_the_library_knows_are_kept_and_a_name_is_not(heard):
    PostFactory(title="Sacral pain")
    ask(heard, "smithers pain", "a")
    chores.note_unanswered(None, None)
    assert kept() == {}, "others may use the name within a day"
    heard.queries["smithers pain"][1] -= unanswered.PATIENCE
    chores.note_unanswered(None, None)
    assert kept() == {"… pain": 1}
    assert not heard.queries


def test_what_is_remembered_has_a_bound(heard, monkeypatch):
    monkeypatch.setattr(unanswered, "MOST_WORDS", 5)
    monkeypatch.setattr(unanswered, "MOST_QUERIES", 3)
    for number in range(20):
        ask(heard, f"word{number}", "a")
    assert (len(heard.readers), len(heard.queries)) == (5, 3)


def test_a_search_that_finds_nothing_is_told_and_writes_nothing(client, settings, tmp_path):
    settings.UNANSWERED_SOCKET = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind(settings.UNANSWERED_SOCKET)
        with CaptureQueriesContext(connection) as queries:
            client.get("/search/?q=Gimcrack+qwertz")
        assert receiver.recv(1000).startswith(b'["gimcrack qwertz", "')
    assert all(query["sql"].lstrip(" (").startswith(("SELECT", "WITH")) for query in queries)


def test_without_a_worker_nobody_hears_it(client):
    assert client.get("/search/?q=gimcrack").status_code == 200
    assert kept() == {}


def test_the_worker_hears_what_is_told(heard, settings, tmp_path):
    settings.UNANSWERED_SOCKET = str(tmp_path / "s")
    unanswered.listen()
    assert Path(settings.UNANSWERED_SOCKET).stat().st_mode & 0o777 == 0o600
    unanswered.tell(["gimcrack"], "a")
    end = time.monotonic() + 30
    while not heard.queries and time.monotonic() < end:
        time.sleep(0.01)
    assert list(heard.queries) == ["gimcrack"]


def test_they_are_forgotten_after_thirty_days():
    old = timezone.now() - timedelta(days=31)
    FoundNothing.objects.create(words="old", since=old)
    FoundNothing.objects.create(words="new")
    assert unanswered.forget(timezone.now()) == 1
    assert set(kept()) == {"new"}


def test_the_desk_offers_to_add_a_word_or_to_write(admin_client):
    FoundNothing.objects.create(words="gimcrack", count=3)
    html = admin_client.get(reverse("admin:publishing_foundnothing_changelist")).text
    assert "/admin/references/layword/add/?said=gimcrack" in html
    assert "/admin/blog/post/add/?title=gimcrack" in html
    assert "1 search that found nothing" in admin_client.get("/admin/").text


def test_after_an_upgrade_the_index_is_written_anew_by_itself():
    PostFactory(title="Sacro-iliac joint")
    IndexRules.objects.update_or_create(pk=1, defaults={"version": words.VERSION - 1})
    IndexEntry.objects.update(text="", title="")
    assert chores.refresh_search(None, None)
    assert IndexRules.objects.get().version == words.VERSION
    assert search.run("sacroiliac").entries[0].title == "Sacro-iliac joint"
    assert chores.refresh_search(None, None) == ""
