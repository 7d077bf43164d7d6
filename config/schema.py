"""Whether the database is the one the code was written for: its tables, their columns, its
migrations."""

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader


def differences():
    """What the code expects and the database lacks, in words for whoever hosts the site; empty when
    it fits."""
    return [*_migrations(), *_tables()]


def _migrations():
    """Migrations not run, and those that were run by a newer version of the code."""
    loader = MigrationLoader(connection)
    known = {key for key in loader.graph.nodes if key[0] in _own_labels()}
    applied = {key for key in loader.applied_migrations if key[0] in _own_labels()}
    yield from (
        f"the migration {app}.{name} has not been run" for app, name in sorted(known - applied)
    )
    gone = applied - set(loader.disk_migrations) - known
    yield from (
        f"the migration {app}.{name} was run by another version of the site"
        for app, name in sorted(gone)
    )


def _own_labels():
    return {config.label for config in apps.get_app_configs()}


def _tables():
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for model in apps.get_models(include_auto_created=True):
            if not model._meta.managed or model._meta.proxy:
                continue
            table = model._meta.db_table
            if table not in there:
                yield f"the table {table} is missing"
                continue
            columns = {
                row.name for row in connection.introspection.get_table_description(cursor, table)
            }
            for field in model._meta.local_concrete_fields:
                if field.column not in columns:
                    yield f"the table {table} has no column {field.column}"
