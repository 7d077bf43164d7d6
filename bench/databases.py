"""Databases for `bench.served`: new ones on a PostgreSQL server, dropped afterwards, and what their
server spends for them; MariaDB for WordPress."""

import contextlib
import os
import shutil
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench import processes
from tests import run as servers

PATIENCE = 60


class Backends:
    """The processes of a PostgreSQL server that answer for one database."""

    def __init__(self, server, name):
        self.server, self.name, self.seen = server, name, {}

    def spent(self):
        """Seconds of CPU so far."""
        with psycopg.connect(self.server, autocommit=True) as asked:
            rows = asked.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = %s", [self.name]
            ).fetchall()
        for (pid,) in rows:
            with contextlib.suppress(OSError):  # it has ended
                told = Path(f"/proc/{pid}/schedstat").read_text()
                self.seen[pid] = int(told.split()[0]) / 1e9
        return sum(self.seen.values())


def named():
    """The server that was asked for, if any."""
    url = os.environ.get("TEST_DATABASE_URL") or os.environ.get("DATABASE_URL", "")
    return url if url.startswith("postgres") else ""


@contextlib.contextmanager
def server(quick):
    """The address of a PostgreSQL server: the one named, or one started for this run; None: there
    is none, or SQLite will do."""
    programs = None if named() or quick else servers.server_programs()
    with servers.throw_away_server(programs) if programs else contextlib.nullcontext() as started:
        yield named() or started


@contextlib.contextmanager
def new(url, name):
    """`(DATABASE_URL, Backends)` of an empty database of that server."""
    name, where = f"bench_{name}_{os.getpid()}", servers.libpq(url)
    with psycopg.connect(where, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    parts = urlsplit(url)
    try:
        yield urlunsplit(parts._replace(path=f"/{name}")), Backends(where, name)
    finally:
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


class MariaDB:
    """A server of its own in a folder, reached by its socket there."""

    def __init__(self, folder):
        self.data, self.socket = folder / "mysql", folder / "mysql.sock"

    def __enter__(self):
        user = "mysql" if os.geteuid() == 0 else os.environ.get("USER", "mysql")
        self.data.mkdir()
        if os.geteuid() == 0:
            shutil.chown(self.data.parent, user)
            shutil.chown(self.data, user)
        common = ["--no-defaults", f"--datadir={self.data}", f"--user={user}"]
        open_to_all = "--auth-root-authentication-method=normal"
        subprocess.run(
            ["mariadb-install-db", *common, "--skip-test-db", open_to_all],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.process = subprocess.Popen(
            [program(), *common, f"--socket={self.socket}", "--skip-networking"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self.sql("CREATE DATABASE IF NOT EXISTS wordpress"):
                return self
            time.sleep(0.2)
        raise RuntimeError("MariaDB does not start")

    def sql(self, statement):
        told = [f"--socket={self.socket}", "-uroot", "-e", statement]
        return not subprocess.run(
            ["mariadb", "--no-defaults", *told], stderr=subprocess.DEVNULL, check=False
        ).returncode

    def __exit__(self, *_error):
        self.process.terminate()
        self.process.wait()

    def spent(self):
        """Seconds of CPU so far."""
        return processes.spent(self.process.pid)


def program():
    return shutil.which("mariadbd") or shutil.which("mariadbd", path="/usr/sbin")
