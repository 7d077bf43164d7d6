"""Many plain rows written at once, without making an object of each."""

from django.db import connection


def insert(model, names, rows):
    """Insert `rows`, tuples of the values of the fields `names`, in one statement: by COPY on
    PostgreSQL. Defaults and `save()` are the caller's business."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(model._meta.get_field(name).column) for name in names)
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(names))
            statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608
            cursor.executemany(statement, list(rows))
