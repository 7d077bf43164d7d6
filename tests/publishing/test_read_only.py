"""SQLite on a disk that came up read-only: what is whole is read, nothing is written."""

import sqlite3
from contextlib import closing

import pytest
from django.db import OperationalError
from django.db.backends.sqlite3 import base
from django.db.utils import ConnectionHandler

from config.unavailable import trouble_of

pytestmark = pytest.mark.once("about SQLite")


def cannot_open(self, params):
    error = sqlite3.OperationalError("unable to open database file")
    error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
    raise error


@pytest.fixture
def other(tmp_path, monkeypatch):
    """A database in which the files beside it cannot be made."""
    path = tmp_path / "a site.sqlite3"
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE words (word)")
        made.execute("INSERT INTO words VALUES ('kept')")
        made.commit()
    monkeypatch.setattr(base.DatabaseWrapper, "get_new_connection", cannot_open)
    named = {"ENGINE": "publishing.databases.sqlite3", "NAME": path}
    connection = ConnectionHandler({"default": named})["default"]
    connection.inc_thread_sharing()
    yield connection
    connection.close()


@pytest.fixture(autouse=True)
def _may_ask(django_db_blocker):
    with django_db_blocker.unblock():
        yield


def test_it_is_read_and_who_writes_is_told(other):
    with other.cursor() as cursor:
        assert cursor.execute("SELECT word FROM words").fetchone() == ("kept",)
        with pytest.raises(OperationalError) as told:
            cursor.execute("INSERT INTO words VALUES ('new')")
    assert trouble_of(told.value).kind == "read-only"
    assert other.close_at, "it looks again soon whether it can be written to"


def test_what_is_left_in_a_log_that_cannot_be_read_is_not_passed_over(other, tmp_path):
    (tmp_path / "a site.sqlite3-wal").write_bytes(b"later words")
    with pytest.raises(OperationalError, match="unable to open"):
        other.ensure_connection()
