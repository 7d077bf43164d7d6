import gc
from itertools import count
from unittest import mock

import pytest
from django.conf import settings as site_settings
from django.core.cache import cache, caches
from django.template.base import Template
from django.test.utils import instrumented_test_render
from django.utils import translation
from hypothesis import settings as chance

from config.translations import compile_changed
from publishing.machines import sitemaps

from . import again, emptying, factories, journeys, made_once
from .network import only_this_machine
from .told import pytest_terminal_summary

__all__ = ["pytest_terminal_summary"]  # pytest's hook

# The same texts every time: a run that fails can be run again, and none is made up twice.
chance.register_profile("suite", derandomize=True, deadline=None)
chance.load_profile("suite")


def pytest_sessionstart():
    """Pages are tested in every language, so every catalogue must be there."""
    for folder in site_settings.LOCALE_PATHS:
        compile_changed(folder)


def pytest_addoption(parser):
    parser.addoption(
        "--again", action="store_true", help="only what another database may answer differently"
    )
    parser.addoption(
        "--likely", action="store_true", help="with --again: only what it is likely to"
    )


@pytest.hookimpl(tryfirst=True)  # before `-m` looks at the markers
def pytest_collection_modifyitems(config, items):
    """Which are journeys; `--again`: what another database may answer differently."""
    for item in items:
        if why := journeys.reason(item):
            item.add_marker(pytest.mark.journey(why))
    if config.getoption("again"):
        items[:], once = again.chosen(items, config.getoption("likely"))
        config.hook.pytest_deselected(items=once)


def pytest_collection_finish():
    """What is loaded by now stays: nobody need look for garbage among it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb, django_db_blocker):
    """`make test` migrates one database for all its lanes."""
    with django_db_blocker.unblock():
        return made_once.empty_database() or django_db_keepdb


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), emptying.only_what_was_touched():
        yield


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


@pytest.fixture(autouse=True, scope="session")
def _one_part_of_a_sitemap():
    """PostgreSQL numbers its rows on from test to test: without this the first part may end any
    time."""
    with mock.patch.object(sitemaps, "PART", 1_000_000):
        yield


@pytest.fixture(scope="session")
def _folders(tmp_path_factory):
    """Names of folders, each made by what first writes into it: few tests do."""
    files = tmp_path_factory.mktemp("files")
    return (files / str(number) for number in count())


@pytest.fixture(autouse=True)
def _own_files(settings, _folders):
    """Uploads in a folder of the test, no memory of earlier tests nor of the language they asked
    in."""
    folder = next(_folders)
    settings.MEDIA_ROOT = folder / "media"
    settings.PRIVATE_ROOT = folder / "private"
    settings.BACKUP_ROOT = folder / "backup"
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
