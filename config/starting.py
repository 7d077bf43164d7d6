"""What is wrong with the database when the server starts, before readers find out."""

from pathlib import Path

from django.db import DatabaseError, connections

from . import schema

FIRST = 3  # that are named


def wrong():
    """In one line, or empty. A server that does not answer yet may come: pages say so meanwhile."""
    connection = connections["default"]
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and not Path(name).exists():
        return f"{name} is not there. Is its disk mounted? `make setup` makes a new one."
    try:
        missing = schema.migrations()
    except DatabaseError:
        return ""
    finally:
        _leave_nothing_open(connection)
    more = f" and {len(missing) - FIRST} more" if len(missing) > FIRST else ""
    said = f"{'; '.join(missing[:FIRST])}{more}"
    return f"the database does not fit: {said}. Run `make setup`." if missing else ""


def _leave_nothing_open(connection):
    """The server forks after this; connections do not bear that."""
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()
