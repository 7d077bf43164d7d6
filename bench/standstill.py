"""What readers feel of a writer who holds the database, and what a web worker weighs:
`python -m bench.standstill [SECONDS]`, on SQLite or on DATABASE_URL.

The server of `make run` with the sample content on a port of its own; a median of the pages of
`bench.pages`, while nothing is written and while another connection holds every lock for so long
(60 seconds unless told). Linux alone: memory is read from /proc.
"""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, nullcontext, suppress

from .pages import PAGES, fill, prepare

WORKER = """
import config.wsgi
from django.test import Client
Client().post("/comments/preview/", {"text": "Bon dia, tinc un bony.", "language": ""})
%s
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmRSS")))
"""
# What a preview loaded when each web worker judged languages by itself.
MODEL = "from comments.text.language import detect; detect('Bon dia, tinc un bony aquí ' * 9)"


def weight(more=""):
    """Megabytes of a process that has answered a preview."""
    done = subprocess.run(
        [sys.executable, "-c", WORKER % more], capture_output=True, text=True, check=True
    )
    return int(done.stdout.split()[-1]) // 1024


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answered(address):
    """`(status, milliseconds)`"""
    started = time.perf_counter()
    try:
        response = urllib.request.urlopen(address, timeout=90)
    except urllib.error.HTTPError as error:
        response = error
    with response:
        response.read()
    return response.status, (time.perf_counter() - started) * 1000


@contextmanager
def server():
    port = free_port()
    root = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "PORT": str(port), "WEB_CONCURRENCY": "2"}
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "config.wsgi"],
        env=environment, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(100):
            with suppress(OSError):
                answered(f"{root}/healthz")
                break
            time.sleep(0.1)
        yield root
    finally:
        process.terminate()
        process.wait()


@contextmanager
def held():
    """Another connection has begun to write everywhere."""
    from django.apps import apps
    from django.db import connection

    other = connection.copy()
    cursor = other.cursor()
    if connection.vendor == "sqlite":
        cursor.execute("BEGIN IMMEDIATE")
    else:
        models = apps.get_models(include_auto_created=True)
        cursor.execute("BEGIN")
        tables = ", ".join(f'"{model._meta.db_table}"' for model in models)
        cursor.execute(f"LOCK TABLE {tables} IN EXCLUSIVE MODE")
    try:
        yield
    finally:
        cursor.execute("ROLLBACK")
        other.close()


def readers(root, seconds):
    """`(median, slowest)` in milliseconds, and how many pages; every one has to be answered."""
    times, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        for path in PAGES.values():
            status, took = answered(root + path)
            assert status == 200, f"{path} answers {status}"
            times.append(took)
    return statistics.median(times), max(times), len(times)


def main(seconds):
    with tempfile.TemporaryDirectory() as folder:
        url = os.environ.get("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
        hosts = "127.0.0.1,testserver"
        prepare(folder, DATABASE_URL=url, SITE_URL="http://127.0.0.1", ALLOWED_HOSTS=hosts)
        fill()
        from django.db import connection

        print(f"a web worker weighs {weight()} MB; with the model of languages, {weight(MODEL)} MB")
        with server() as root:
            readers(root, 2)
            for what in ("quiet", f"behind a writer, {seconds} s, {connection.vendor}"):
                with held() if what != "quiet" else nullcontext():
                    median, most, number = readers(root, seconds if what != "quiet" else 10)
                    print(f"{what}: median {median:.0f} ms, slowest {most:.0f} ms, {number} pages")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
