"""What is wrong with the database when the server starts, before readers find out."""

from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connections
from django.template.loader import get_template
from django.urls import get_resolver
from django.utils import translation

from . import schema

TEMPLATES = ("home.html", "review/chapter.html", "references/reference.html", "search.html")
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


def warm():
    """What the first page would load, once for all processes: they share it."""
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            get_resolver().reverse_dict  # noqa: B018
    for name in TEMPLATES:
        get_template(name)


def _leave_nothing_open(connection):
    """The server forks after this; connections do not bear that."""
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()
