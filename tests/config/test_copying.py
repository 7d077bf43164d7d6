"""From one database into another, every value as it was."""

import os
import sqlite3
import subprocess
import sys
import uuid
from contextlib import closing
from datetime import timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.conf import settings as site
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from config import copying
from config.backup import places, postgresql, sqlite
from publishing.models import Consent, Replacement
from references.models import Reference
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory, comment

# Written anew there: what is searched, and the name under which pages are kept.
ANEW = (
    "publishing_fts",
    "publishing_indexentry",
    "publishing_indexrules",
    "publishing_wordgram",
    "publishing_generation",
)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def content(settings):
    """Some of everything that could be written otherwise: moments, JSON, texts of all kinds, keys
    that are texts, numbers that were given out and are free again."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    now = timezone.now().replace(microsecond=123456)
    post = PostFactory(title="Ò “quoted” \\ back\tslash \\N 10⁹ 𝕬", slug="post", publish_at=now)
    ChapterFactory(title="Chapter")
    ReferenceFactory(title="It's 5 % — “a” \\. b", year=None)
    comment(post, text="line\r\n\\.\nline\ttab", name="", created=now - timedelta(days=3))
    last = comment(post)
    last.delete()
    for key in ("aB", "Ab", "_b", "0"):
        Session.objects.create(session_key=key, session_data="", expire_date=now)
    Replacement.objects.create(
        find="a", replace="", chosen={"b": [1, 1.0, 1e300, None, True, "\\u0041 é"], "a": {}}
    )
    DBTaskResult.objects.create(
        args_kwargs={"args": ["x", [1]], "kwargs": {}}, task_path="x", priority=3, backend_name="d",
        queue_name="q", run_after=now, exception_class_path="", traceback="",
    )  # fmt: skip
    return post


def command(url, *words):
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=site.BASE_DIR,
        env=os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def state(database, name):
    """What a table holds, but for what search writes anew and what no copy needs."""
    return {
        table: value for table, value in database.state(name).items() if not table.startswith(ANEW)
    }


def rows(path):
    """The same for a file, whatever order they were written in."""
    with closing(sqlite3.connect(path)) as file:
        names = [
            name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        return {
            name: sorted(map(repr, file.execute(f'SELECT * FROM "{name}"')))
            for name in names
            if name.startswith(tuple(config.label for config in apps.get_app_configs()))
            and not name.startswith(ANEW)
        }


def copy(*words):
    """Of the database of this test, in a process that may have another one beside it."""
    database = places.database()
    url = database.url(getattr(database, "path", None) or database.name)
    return command(url, "copy_database", "--to", *words)


def test_there_and_back_every_value_is_as_it_was_and_what_is_filled_stays_unless_told(
    content, tmp_path
):
    here, other = places.database(), tmp_path / "other.sqlite3"
    said = copy(f"sqlite:///{other}")
    assert "the same on both sides" in said, said
    lite = sqlite.Database({"NAME": str(other)})
    if connection.vendor == "sqlite":
        assert rows(other) == rows(here.path)
        content.delete()
        assert "is not empty" in copy(f"sqlite:///{other}")
        assert "the same on both sides" in copy(f"sqlite:///{other}", "--replace")
        assert lite.state(lite.path)["blog_post"][0] == 0
        return
    name = f"{here.name}_back_{uuid.uuid4().hex[:8]}"
    with here.connect("postgres", autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            said = command(lite.url(other), "copy_database", "--to", here.url(name))
            assert "the same on both sides" in said, said
            there = postgresql.Database({**connection.settings_dict, "NAME": name})
            assert state(there, name) == state(here, here.name)
            found = command(here.url(name), "rebuild_search")
            assert "1 blog posts" in found or "1 posts" in found, found
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_its_own_database_is_refused(db):
    database = places.database()
    url = database.url(getattr(database, "path", None) or database.name)
    assert "uses already" in copy(url)


@pytest.mark.parametrize(
    ("model", "field", "value", "said"),
    [
        (Reference, "title", "a\0b", "a null character"),
        (Reference, "citekey", "x" * 5000, "5000 characters"),
        (Reference, "year", 2**40, "1099511627776 is too large"),
        (Replacement, "chosen", {"a": ["b", {"c": "\0"}]}, "a null character"),
        (Consent, "who", "x" * 200, ""),
        (Reference, "year", None, ""),
    ],
)
@pytest.mark.once
def test_what_postgresql_would_not_take_is_found_before(model, field, value, said):
    reason = copying._unfit(model._meta.get_field(field), value)
    assert reason.startswith(said)
    assert bool(reason) == bool(said)


@pytest.mark.once
def test_values_that_only_look_alike_are_not_the_same():
    assert copying._plain([1]) != copying._plain([True])
    assert copying._plain([1]) != copying._plain([Decimal(1)])
