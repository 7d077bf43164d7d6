"""A site whose database does not fit its code is not served, and says what is wrong."""

import gc

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from config import schema

pytestmark = pytest.mark.django_db


def execute(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_database_that_fits_has_no_differences():
    assert schema.differences() == []


def test_migrating_leaves_looking_for_garbage_as_it_was():
    before = gc.get_threshold()
    call_command("migrate", verbosity=0)
    assert gc.get_threshold() == before


def test_a_column_that_is_missing_is_named():
    execute("ALTER TABLE comments_snippet RENAME COLUMN title TO heading")
    assert schema.differences() == ["the table comments_snippet has no column title"]


def test_a_table_that_is_missing_is_named():
    execute("ALTER TABLE comments_snippet RENAME TO something_else")
    assert schema.differences() == ["the table comments_snippet is missing"]


def test_a_migration_of_a_newer_version_is_named():
    MigrationRecorder(connection).record_applied("comments", "9999_of_the_future")
    assert schema.differences() == [
        "the migration comments.9999_of_the_future was run by another version of the site"
    ]


def test_a_site_that_does_not_fit_is_not_served():
    execute("ALTER TABLE comments_snippet RENAME COLUMN title TO heading")
    with pytest.raises(
        CommandError,
        match=r"does not fit this version of the site: the table comments_snippet has no column",
    ):
        call_command("prepare")
