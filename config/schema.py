"""Whether the database is the one the code was written for: its tables, their columns, its
migrations."""

import hashlib
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

EMPTIED = (
    "The database {name} is empty, and it was not when this site was last made ready. Is its disk"
    " mounted, is DATABASE_URL right? `manage.py restore FILE` puts a backup there. If all of it is"
    " to begin anew, delete {mark} first."
)


def was_emptied():
    """What to say of a database that was filled once and is not; empty when all is well."""
    mark = _mark()
    if mark.exists() and not connection.introspection.table_names():
        return EMPTIED.format(name=connection.settings_dict["NAME"], mark=mark)
    return ""


def remember_filled():
    _mark().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _mark().touch()


def _mark():
    """A file of this database's own, away from it: who loses the disk of one keeps the other."""
    given = connection.settings_dict
    name = "-".join(str(given[key]) for key in ("HOST", "PORT", "NAME") if given[key])
    digest = hashlib.sha256(name.encode()).hexdigest()[:12]
    return Path(settings.BACKUP_ROOT) / f"filled-{digest}"


def differences():
    """What the code expects and the database lacks, in words for whoever hosts the site; empty when
    it fits."""
    return [*migrations(), *_tables()]


def migrations():
    """The part of it that is told by the migrations that were run."""
    return list(_migrations())


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
