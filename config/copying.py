"""All rows of this site's database into another one, of the same kind or the other: SQLite to
PostgreSQL and back.

Values go as they are: no model saves itself, so no moment is rewritten. One transaction; before it
ends everything is read again on both sides and compared.
"""

import datetime
from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connections, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.functions import Collate

from publishing.models.generation import Generation
from publishing.search.tables import IndexEntry, IndexRules, WordGram

BATCH = 500
SHOWN = 20
# Written anew there: what lies beside them differs between the databases.
SEARCH = (IndexEntry, IndexRules, WordGram)
LIMITS = {
    "SmallIntegerField": 2**15 - 1,
    "PositiveSmallIntegerField": 2**15 - 1,
    "IntegerField": 2**31 - 1,
    "PositiveIntegerField": 2**31 - 1,
}


class CopyError(Exception):
    """Said to whoever hosts the site; `lines` say where."""

    def __init__(self, words, lines=()):
        super().__init__("\n  ".join([words, *lines]))


@dataclass(frozen=True)
class Table:
    model: type
    fields: tuple

    @property
    def name(self):
        return self.model._meta.db_table

    @property
    def columns(self):
        return [field.column for field in self.fields]

    def rows(self, connection):
        """Tuples of Python's values in the order of the primary key."""
        names = [field.attname for field in self.fields]
        rows = self.model._base_manager.using(connection.alias).values_list(*names)
        is_text = isinstance(self.model._meta.pk, models.CharField)
        if is_text and connection.vendor == "postgresql":  # as SQLite orders texts
            return rows.order_by(Collate("pk", "C")).iterator(chunk_size=BATCH)
        return rows.order_by("pk").iterator(chunk_size=BATCH)


def tables():
    everything = [
        *(
            model
            for model in apps.get_models(include_auto_created=True)
            if model._meta.managed and not model._meta.proxy and model not in SEARCH
        ),
        MigrationRecorder.Migration,
    ]
    return [
        Table(
            model,
            tuple(field for field in model._meta.local_concrete_fields if not field.generated),
        )
        for model in everything
    ]


def copy(source, target, *, replace=False):
    """`source` and `target`: aliases of connections; the target has the tables, of the same
    migrations. Gives `{table: number of rows}`."""
    here, there = connections[source], connections[target]
    with transaction.atomic(using=source), transaction.atomic(using=target):
        _one_moment(here)
        _same_migrations(source, target)
        _fits(here, there)
        if not replace and (filled := _filled(target)):
            raise CopyError(
                f"The other database is not empty ({', '.join(filled[:5])}); with --replace all of"
                " it is deleted first."
            )
        _empty(there)
        counts = {table.name: _copy(table, here, there) for table in tables()}
        _set_counters(here, there)
        if differing := [table.name for table in tables() if not _is_same(table, here, there)]:
            raise CopyError("Not the same on both sides, so nothing was kept:", differing)
    return counts


def _one_moment(connection):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _same_migrations(source, target):
    run = [
        set(MigrationRecorder.Migration.objects.using(alias).values_list("app", "name"))
        for alias in (source, target)
    ]
    if run[0] != run[1]:
        names = sorted(f"{app}.{name}" for app, name in run[0] ^ run[1])
        raise CopyError("The two are of different versions of the site:", names[:SHOWN])


def _filled(target):
    """Tables with rows that `migrate` did not make."""
    made = {ContentType, Permission, Generation, MigrationRecorder.Migration}
    return [
        table.name
        for table in tables()
        if table.model not in made and table.model._base_manager.using(target).order_by().exists()
    ]


def _fits(here, there):
    """SQLite takes a text of any length, with any character in it, and PostgreSQL does not."""
    if there.vendor != "postgresql":
        return
    wrong = []
    for table in tables():
        for row in table.rows(here):
            for field, value in zip(table.fields, row, strict=True):
                if reason := _unfit(field, value):
                    wrong.append(f"{table.name}, {row[0]}, {field.column}: {reason}")
    if wrong:
        more = [f"… and {len(wrong) - SHOWN} more"] if len(wrong) > SHOWN else []
        raise CopyError("The other database does not take these:", [*wrong[:SHOWN], *more])


def _unfit(field, value):
    if isinstance(value, str):
        if "\0" in value:
            return "a null character"
        longest = (
            field.max_length if isinstance(field, models.CharField | models.FileField) else None
        )
        if longest and len(value) > longest:
            return f"{len(value)} characters, {longest} are allowed"
    if isinstance(value, int) and abs(value) > LIMITS.get(field.get_internal_type(), 2**63 - 1):
        return f"{value} is too large"
    if isinstance(value, dict | list) and _has_null(value):
        return "a null character"
    return ""


def _has_null(value):
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str) and "\0" in each:
            return True
        if isinstance(each, dict):
            waiting += [*each.keys(), *each.values()]
        elif isinstance(each, list):
            waiting += each
    return False


def _empty(connection):
    names = [
        connection.ops.quote_name(name)
        for name in [*(table.name for table in tables()), *(m._meta.db_table for m in SEARCH)]
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(names)} RESTART IDENTITY")
            return
        for name in names:
            cursor.execute(f"DELETE FROM {name}")  # noqa: S608
        cursor.execute("DELETE FROM publishing_fts")


def _copy(table, here, there):
    count, batch = 0, []
    for row in table.rows(here):
        batch.append(
            [
                field.get_db_prep_save(value, connection=there)
                for field, value in zip(table.fields, row, strict=True)
            ]
        )
        if len(batch) == BATCH:
            write(table, there, batch)
            count, batch = count + len(batch), []
    write(table, there, batch)
    return count + len(batch)


def write(table, connection, rows):
    quote = connection.ops.quote_name
    columns = ", ".join(map(quote, table.columns))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.cursor.copy(f"COPY {quote(table.name)} ({columns}) FROM STDIN") as sink:
                for row in rows:
                    sink.write_row(row)
        elif rows:
            places = ", ".join(["%s"] * len(table.fields))
            cursor.executemany(
                f"INSERT INTO {quote(table.name)} ({columns}) VALUES ({places})",  # noqa: S608
                rows,
            )


def _is_same(table, here, there):
    return all(
        _plain(mine) == _plain(theirs)
        for mine, theirs in zip(table.rows(here), table.rows(there), strict=True)
    )


def _plain(row):
    """Values as they compare: True is not 1, nor a moment another of the same name."""
    return [
        (type(value).__name__, value.astimezone(datetime.UTC))
        if isinstance(value, datetime.datetime)
        else (type(value).__name__, bytes(value) if isinstance(value, memoryview) else value)
        for value in row
    ]


def _set_counters(here, there):
    """A number that was given out once, even if its row is gone, is not given out again."""
    for table in tables():
        key = table.model._meta.pk
        if not isinstance(key, models.AutoField):
            continue
        set_counter(there, table, _counter(here, table))


def set_counter(connection, table, last):
    """The next row of a table gets a number above `last`."""
    key = table.model._meta.pk
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)",
                [connection.ops.quote_name(table.name), key.column, last or 1, last > 0],
            )
        else:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table.name])
            cursor.execute("INSERT INTO sqlite_sequence VALUES (%s, %s)", [table.name, last])


def _counter(connection, table):
    """The last number that was given out, 0 if none was."""
    key = table.model._meta.pk
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT pg_get_serial_sequence(%s, %s)",
                [connection.ops.quote_name(table.name), key.column],
            )
            name = cursor.fetchone()[0]
            cursor.execute(f"SELECT last_value, is_called FROM {name}")  # noqa: S608
            last, called = cursor.fetchone()
            return last if called else 0
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table.name])
        return (cursor.fetchone() or [0])[0]
