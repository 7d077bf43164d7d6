"""Readers' pages are made from a replica as long as it has all that the primary has."""

import re
import sqlite3

import pytest
from django.db import connection, connections
from django.test import Client

from publishing.http import parts, replica
from publishing.models import SiteSettings
from review.models import Chapter
from tests.factories import ChapterFactory

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.once("a second file stands for the replica; tests/cluster has a real one"),
]


class Copy:
    """A copy of the database that follows when it is told to."""

    def __init__(self, path):
        self.path = path
        self.follow()

    def follow(self):
        connection.ensure_connection()
        with sqlite3.connect(self.path) as copy:
            connection.connection.backup(copy)
        copy.close()

    def tell(self, title):
        """What stands in the copy alone shows from where a page was made."""
        with sqlite3.connect(self.path) as copy:
            copy.execute("UPDATE review_chapter SET title = ?", [title])
        copy.close()


@pytest.fixture
def copy(tmp_path, settings):
    if connection.vendor != "sqlite":
        pytest.skip("a second file stands for the replica")
    settings.MIDDLEWARE = list(settings.MIDDLEWARE)
    within = settings.MIDDLEWARE.index("publishing.http.cache.PublicPageMiddleware") + 1
    settings.MIDDLEWARE.insert(within, "publishing.http.replica.ReplicaMiddleware")
    SiteSettings.load()
    ChapterFactory(title="From the primary")
    made = Copy(tmp_path / "replica.sqlite3")
    other = connection.copy()
    other.settings_dict = connection.settings_dict | {"NAME": str(made.path)}
    connections[replica.ALIAS] = other
    yield made
    other.close()
    del connections[replica.ALIAS]


@pytest.fixture
def seen(copy):
    path = Chapter.objects.get().get_absolute_url()
    reader = Client(raise_request_exception=False)

    def ask(**headers):
        return reader.get(path, **headers).content.decode()

    return ask


def test_it_is_asked_while_it_has_everything_and_for_readers_alone(copy, seen, author_client):
    copy.follow()  # the author's account came later
    copy.tell("From the replica")
    assert "From the replica" in seen()
    path = Chapter.objects.get().get_absolute_url()
    assert "From the primary" in author_client.get(path).content.decode()


def test_one_that_lags_is_not_asked_until_it_has_caught_up(copy, seen):
    Chapter.objects.update(title="Written since")
    assert "Written since" in seen()
    copy.follow()
    copy.tell("From the replica")
    assert "From the replica" in seen()


def test_one_that_is_gone_or_goes_in_the_middle_costs_no_reader_a_page(copy, seen, caplog):
    with sqlite3.connect(copy.path) as broken:  # it still has the token
        broken.execute("DROP TABLE review_chapter")
    broken.close()
    assert "From the primary" in seen()
    assert caplog.text.count("is left alone") == 1
    assert "From the primary" in seen()  # it is not asked again
    assert caplog.text.count("is left alone") == 1


def test_while_the_primary_is_away_readers_see_what_it_has(copy, seen, monkeypatch):
    Chapter.objects.update(title="Written since")
    copy.tell("From the replica")
    monkeypatch.setitem(parts._silent, "until", float("inf"))
    assert "From the replica" in seen()


@pytest.mark.parametrize(
    "path", ["/admin/login/", "/es/comments/new/x/1/", "/preview/1/", "/captcha/"]
)
def test_what_is_ones_own_is_never_asked_of_it(path, settings):
    assert replica.ONES_OWN.match(path)
    shipped = (settings.BASE_DIR / "deploy/nginx.conf").read_text()
    kept_nowhere = re.search(r"comments/\(\?:([a-z|]+)\)", shipped)[1]
    assert kept_nowhere in replica.ONES_OWN.pattern
    assert not replica.ONES_OWN.match("/review/administration/")
    assert not replica.ONES_OWN.match("/comments/12/")
