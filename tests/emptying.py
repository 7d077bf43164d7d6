"""How the database is emptied after a test that committed."""

from contextlib import ExitStack, contextmanager
from unittest import mock

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.commands import flush

ALWAYS_THERE = (ContentType, Permission)


@contextmanager
def only_what_was_touched():
    """Within it, `flush` leaves the kinds of content and the permissions where they are, instead of
    making them anew, and on PostgreSQL empties the tables that hold something: truncating eighty
    costs more than most tests. Where a test has added to what is always there, all goes as usual.
    """
    everything, make_anew = flush.sql_flush, flush.emit_post_migrate_signal

    def there():
        return [model.objects.count() for model in ALWAYS_THERE]

    before = there()

    def statements(style, connection, **options):
        if there() != before:
            return everything(style, connection, **options)
        kept = {model._meta.db_table for model in ALWAYS_THERE}
        tables = [
            name
            for name in connection.introspection.django_table_names(only_existing=True)
            if name not in kept
        ]
        if connection.vendor != "postgresql":
            return connection.ops.sql_flush(style, tables)
        # Foreign keys are looked at when all is done.
        return [f'DELETE FROM "{name}"' for name in full(connection, tables)]

    def signal(verbosity, interactive, db, **kwargs):
        if there() != before:
            make_anew(verbosity, interactive, db, **kwargs)

    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(flush, "sql_flush", statements))
        stack.enter_context(mock.patch.object(flush, "emit_post_migrate_signal", signal))
        yield


def full(connection, tables):
    """Those that hold something, by one question."""
    asked = " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [name for (name,) in cursor.fetchall()]
