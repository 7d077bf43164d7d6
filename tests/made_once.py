"""What a test needs in the database, made once and put back for every other test.

Putting back takes milliseconds. Making five works through their factories, with their entries and
their rows in the search, takes a hundred; the sample site takes nine seconds.
"""

import copy
import fcntl
import functools
import os
import pickle
import re
import shutil
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from config import demo

from .emptying import ALWAYS_THERE, full

# Who is logged in stands beside it: nothing here makes accounts.
DOOR = re.compile(r"auth_user|django_session|(account|axes|mfa|usersessions)_\w+")
_kept = {}


def made_once(make):
    """Decorates the function of a fixture that makes rows and no files. What it returns is given to
    each test as a copy of its own. Where more than an account is in the database already, it is
    made beside that, as usual."""

    @functools.wraps(make)
    def fixture(**fixtures):
        if not _is_empty():
            return make(**fixtures)
        if make not in _kept:
            result = make(**fixtures)
            _kept[make] = _rows(), copy.deepcopy(result)
            return result
        rows, result = _kept[make]
        _put_back(rows)
        return copy.deepcopy(result)

    return fixture


def sample_site():
    """The sample content with its files, as `demo.load()` makes it; made once for all the lanes of
    a run."""
    if connection.vendor != "sqlite" or not _is_empty():
        demo.load()
        return
    folder = Path(settings.SAMPLE_KEPT)
    with _alone(folder):
        if not (folder / "rows").exists():
            demo.load()
            shutil.copytree(settings.MEDIA_ROOT, folder / "media")
            (folder / "rows").write_bytes(pickle.dumps((_kinds(), _rows())))
            return
    kinds, rows = pickle.loads((folder / "rows").read_bytes())
    if kinds != _kinds():  # they have other numbers here: the rows would not fit
        demo.load()
        return
    shutil.copytree(folder / "media", settings.MEDIA_ROOT, dirs_exist_ok=True)
    with transaction.atomic():
        _put_back(rows)


def empty_database():
    """Puts the migrated database of this run where the tests look for theirs: to migrate one takes
    seven seconds of CPU. Gives whether it did; only SQLite's is a file, and only `make test` has
    lanes to share it."""
    if connection.vendor != "sqlite" or "SAMPLE_KEPT" not in os.environ:
        return False
    folder, name = Path(settings.SAMPLE_KEPT), connection.settings_dict["NAME"]
    place = Path(connection.settings_dict["TEST"]["NAME"])
    with _alone(folder):
        if not (folder / "empty").exists():
            connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
            connection.close()  # what it wrote ahead is in the file then
            connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name
            shutil.copy(place, folder / "empty")
            return True
    shutil.copy(folder / "empty", place)
    return True


def _kinds():
    return list(ContentType.objects.order_by("pk").values_list("pk", "app_label", "model"))


@contextmanager
def _alone(folder):
    """The others wait meanwhile, in whatever process."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_empty():
    """Of words in SQLite's table whose row is gone nobody knows."""
    there = [name for name in full(connection, _tables()) if not name.endswith("_fts")]
    return all(map(DOOR.fullmatch, there))


@functools.cache
def _tables():
    """Those of the site, but for what migrations fill. What SQLite keeps for itself of the table
    for words is no row of ours."""
    names = connection.introspection.table_names()
    there = {"django_migrations", "publishing_generation", "publishing_indexrules"}
    there |= {model._meta.db_table for model in ALWAYS_THERE}
    return [name for name in names if name not in there and "_fts_" not in name]


@functools.cache
def _columns(table):
    if connection.vendor == "postgresql":
        asked = "SELECT column_name FROM information_schema.columns WHERE is_generated = 'NEVER'"
        asked += f" AND table_schema = current_schema() AND table_name = '{table}'"
    else:
        asked = f"SELECT name FROM pragma_table_info('{table}')"
    with connection.cursor() as cursor:
        cursor.execute(asked)
        names = [name for (name,) in cursor.fetchall()]
    return ["rowid", *names] if table.endswith("_fts") else names


def _rows():
    """`{statement: rows}`, read and written by the driver: as they stand, counted by nobody."""
    rows = {}
    for table in full(connection, _tables()):
        if DOOR.fullmatch(table):
            continue
        named = ", ".join(f'"{name}"' for name in _columns(table))
        if connection.vendor == "postgresql":
            with (
                connection.cursor() as cursor,
                cursor.copy(f'COPY "{table}" ({named}) TO STDOUT') as out,
            ):
                rows[f'COPY "{table}" ({named}) FROM STDIN'] = b"".join(out)
            continue
        # An expression has no type: SQLite's module converts nothing.
        values = ", ".join(f'+"{name}"' for name in _columns(table))
        places = ", ".join("?" * len(_columns(table)))
        found = connection.connection.execute(f'SELECT {values} FROM "{table}"').fetchall()
        rows[f'INSERT INTO "{table}" ({named}) VALUES ({places})'] = found
    return rows


def _put_back(rows):
    with connection.cursor() as cursor:
        for statement, values in rows.items():
            if connection.vendor == "postgresql":
                with cursor.copy(statement) as into:
                    into.write(values)
                continue
            if "_fts" in statement:
                connection.connection.execute("DELETE FROM publishing_fts")
            connection.connection.executemany(statement, values)
    connection.generation_due = True  # as after any writing
