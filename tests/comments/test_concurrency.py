"""Many writing at once: nothing lost, nothing doubled, nobody told that the database is locked."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client

from comments.models import Comment
from comments.moderation import actions
from config.env import database
from tests.factories import PostFactory, comment

from .forms import address, filled
from .threads.test_order import assert_sound

MANY = 50


@pytest.fixture
def shared_database(transactional_db, tmp_path, monkeypatch):
    """One that several connections can write to: SQLite in a file as on the site, or PostgreSQL as it is."""
    if connection.vendor != "sqlite":
        yield
        return
    file = {**connections.settings["default"], **database(f"sqlite:///{tmp_path / 'site.sqlite3'}")}
    monkeypatch.setitem(connections.settings, "default", file)
    before = connections["default"]
    connections["default"] = connections.create_connection("default")
    call_command("migrate", verbosity=0)
    ContentType.objects.clear_cache()
    yield
    connections["default"].close()
    connections["default"] = before
    ContentType.objects.clear_cache()


def at_once(number, work):
    """`work(0)`, `work(1)` … each in a thread of its own, let go together."""
    start = Barrier(number)

    def run(each):
        try:
            start.wait()
            return work(each)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def test_fifty_readers_posting_into_one_thread_are_all_kept_in_order(shared_database):
    page = PostFactory()
    root = comment(page)
    replies = [comment(parent=root) for _ in range(5)]
    sent = [filled(page, name=f"Reader {each}") for each in range(MANY)]
    targets = [address(page, [None, root, *replies][each % 7]) for each in range(MANY)]

    answers = at_once(MANY, lambda each: Client().post(targets[each], sent[each]).status_code)

    assert answers == [302] * MANY
    assert Comment.objects.waiting().count() == MANY
    assert set(Comment.objects.waiting().values_list("name", flat=True)) == {f"Reader {each}" for each in range(MANY)}
    assert_sound(page)


def test_one_form_sent_ten_times_at_once_makes_one_comment(shared_database):
    page = PostFactory()
    data = filled(page)
    answers = at_once(10, lambda each: Client().post(address(page), data)["Location"])
    assert Comment.objects.count() == 1
    assert len(set(answers)) == 1


def test_answers_and_replies_at_once_keep_every_place(shared_database):
    page = PostFactory()
    root = comment(page)
    asked = [comment(parent=root, status="pending") for _ in range(8)]
    forms = [filled(page) for _ in asked]

    def work(each):
        if each % 2:
            actions.answer(comment=asked[each], text="Yes.")
        else:
            Client().post(address(page, root), forms[each])

    at_once(8, work)
    assert Comment.objects.on(page).count() == 1 + 8 + 8
    assert_sound(page)
