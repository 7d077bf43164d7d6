"""What is wrong with the database when the server starts, before readers find out."""

import gc
from pathlib import Path
from urllib.parse import urlsplit
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.db import DatabaseError, connections
from django.template.loader import get_template

from . import schema
from .unavailable import why_away

FIRST = 3  # that are named
DESK = {"admin", "reversion"}  # folders of templates
WARMING = ("/", "/references/", "/search/", "/questions/", "/feed.atom")


def wrong():
    """In one line, or empty. A server that does not answer yet may come: pages say so meanwhile."""
    connection = connections["default"]
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and not Path(name).exists():
        return f"{name} is not there. Is its disk mounted? `make setup` makes a new one."
    if why_away(seconds=5):
        return ""
    try:
        if words := schema.was_emptied():
            return words
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


def warm_up(application):
    """Load once what each worker would load for itself with its readers' first pages - addresses,
    templates, words, names of languages - so that they share that memory: forks copy what they
    change. What the desk alone uses, twice as much, is left to the worker that serves it.
    """
    folder = settings.BASE_DIR / "templates"
    for path in sorted(folder.rglob("*.html")):
        if (name := path.relative_to(folder)).parts[0] not in DESK:
            get_template(str(name))
    for language, _name in settings.LANGUAGES:
        prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
        for path in WARMING:
            _ask(application, prefix + path)
    for connection in connections.all(initialized_only=True):
        _leave_nothing_open(connection)
    gc.collect()
    # Else its next collection writes into all that is shared.
    gc.freeze()


def _ask(application, path):
    """Whatever it answers: where the database is away there is less to share."""
    address = urlsplit(settings.SITE_URL)
    environ = {
        "PATH_INFO": path,
        "HTTP_HOST": address.netloc,
        "HTTP_X_FORWARDED_PROTO": address.scheme,
        "REMOTE_ADDR": "127.0.0.1",
    }
    setup_testing_defaults(environ)
    environ["wsgi.url_scheme"] = address.scheme
    parts = application(environ, lambda *args: None)
    b"".join(parts)
    getattr(parts, "close", lambda: None)()
