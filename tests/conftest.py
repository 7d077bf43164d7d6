import os
from unittest import mock

import pytest
from django.conf import settings as site_settings
from django.core.cache import cache, caches
from django.template.base import Template
from django.test.utils import instrumented_test_render
from django.utils import translation

from config.translations import compile_changed

from . import factories
from .network import only_this_machine


def pytest_sessionstart():
    """Pages are tested in every language, so every catalogue must be there."""
    for folder in site_settings.LOCALE_PATHS:
        compile_changed(folder)


def pytest_terminal_summary(terminalreporter):
    """What `make test` could not run, said where it cannot be missed: just above the closing
    line."""
    for notice in filter(None, os.environ.get("NOTICES", "").split("\n")):
        terminalreporter.write_line(f"!!! {notice}", yellow=True, bold=True)


def pytest_addoption(parser):
    parser.addoption(
        "--again", action="store_true", help="only what another database may answer differently"
    )


def pytest_collection_modifyitems(config, items):
    """`--again`: what asks the database, unless it is marked as needing that only `once`."""
    if not config.getoption("again"):
        return
    again, once = [], []
    for item in items:
        (again if _asks_database(item) and not item.get_closest_marker("once") else once).append(
            item
        )
    items[:] = again
    config.hook.pytest_deselected(items=once)


def _asks_database(item):
    return bool(
        item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(item.fixturenames)
    )


@pytest.fixture(autouse=True, scope="session")
def _no_network():
    with only_this_machine():
        yield


@pytest.fixture(autouse=True, scope="session")
def _pages_remember_their_context(django_test_environment):
    """`response.context` is the page's own; a copy of it for each part costs a tenth of a page."""

    def render(template, context):
        if context.template is template:
            return instrumented_test_render(template, context)
        return template.nodelist.render(context)

    with mock.patch.object(Template, "_render", render):
        yield


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    """Uploads in a folder of the test, no memory of earlier tests nor of the language they asked
    in."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PRIVATE_ROOT = tmp_path / "private"
    settings.BACKUP_ROOT = tmp_path / "backup"
    cache.clear()
    caches["limits-here"].clear()
    translation.deactivate()


@pytest.fixture
def author(db):
    """The author's account."""
    return factories.AuthorUserFactory()


@pytest.fixture
def author_client(client, author):
    """A client logged in as the author."""
    client.force_login(author)
    return client
