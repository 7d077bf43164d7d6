"""A real browser. Set CHROMIUM to its program, or have it in PATH; without one these tests are
skipped."""

import os
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.network import is_here
from tests.run import find_chromium

PATIENCE = 60_000  # milliseconds, of a very busy machine: a test waits for what it means
expect.set_options(timeout=PATIENCE)
# Playwright's own loop runs in this thread; Django would refuse to touch the database beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    # Intercepting every request instead would cost a third of the time, and the browser's cache.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser():
    program = find_chromium()
    if not program:
        pytest.skip("there is no chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def problems():
    """What a page must not do. A test that provokes an error on purpose looks here, then clears
    it."""
    return []


@pytest.fixture
def new_page(browser, live_server, settings, problems):
    """`new_page(java_script_enabled=False, …)`: a page in a context of its own, watched; relative
    addresses work."""
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    contexts = []

    def make(**options):
        context = browser.new_context(**{"base_url": live_server.url, "locale": "en-GB", **options})
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        watch(context, problems)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def page(new_page):
    return new_page(viewport={"width": 1280, "height": 900})


@pytest.fixture
def phone(new_page):
    return new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)


def watch(context, problems):
    """Note errors on the console, script errors, and anything asked of another machine, whose name
    leads nowhere."""
    context.on("request", lambda request: _ask(request.url, problems))
    context.on(
        "console",
        lambda message: problems.append(message.text) if message.type == "error" else None,
    )
    context.on("weberror", lambda error: problems.append(str(error.error)))


def _ask(url, problems):
    address = urlsplit(url)
    if address.scheme not in ("data", "blob") and not is_here(address.hostname):
        problems.append(f"asked for {url}")
