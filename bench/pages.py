"""`make bench`: what a reader's request costs inside this process, with the sample content.

Whole requests through every middleware, on a new SQLite file, settings as in production; no
network, no server, one reader at a time. Medians, because one slow request says nothing. Compare
runs of one machine only.
"""

import io
import os
import platform
import statistics
import tempfile
import time

import django
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

PAGES = {
    "home": "/",
    "contents": "/review/",
    "chapter": "/review/articles/late-century/",
    "library": "/references/",
    "reference": "/references/sutro1935/",
    "project, with its thread": "/review/the-project/",
    "search": "/search/?q=nodule",
}
ROUNDS = 60


def prepare(folder, **more):
    """The settings of production on a database of our own; `more`: settings that differ."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEBUG": "false",
        "SECRET_KEY": "only-to-measure-" + "x" * 50,
        "SITE_URL": "http://testserver",
        "ALLOWED_HOSTS": "testserver",
        "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
        "MEDIA_ROOT": f"{folder}/media",
        "STATIC_ROOT": f"{folder}/static",
        **more,
    }
    django.setup()


def fill():
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("migrate", verbosity=0, interactive=False)
    started = time.perf_counter()
    call_command("seed_demo", stdout=io.StringIO())
    return time.perf_counter() - started


def measure(client, address):
    """(milliseconds of the median, of the slowest in twenty, queries, bytes)"""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200, f"{address} answers {answer.status_code}"
    asked = len(queries)  # the log is emptied by the next request
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        client.get(address)
        times.append((time.perf_counter() - started) * 1000)
    return (
        statistics.median(times),
        statistics.quantiles(times, n=20)[-1],
        asked,
        len(answer.content),
    )


def main():
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        loading = fill()
        print(
            f"Python {platform.python_version()}, Django {django.get_version()}, {os.cpu_count()}"
            f" cores, {ROUNDS} requests"
        )
        print(f"sample content loaded in {loading:.1f} s\n")
        print(f"{'page':<28}{'median ms':>10}{'95 % ms':>10}{'queries':>9}{'kB':>8}")
        client = Client()
        for name, address in PAGES.items():
            median, slow, queries, size = measure(client, address)
            print(f"{name:<28}{median:>10.1f}{slow:>10.1f}{queries:>9}{size / 1024:>8.1f}")


if __name__ == "__main__":
    main()
