"""A site of its own in a scratch folder: the sample site of the first release brought up to date,
served by gunicorn as it is shipped, on a port of this machine.

The process that uses it has the same settings, so that it can look into the database itself.
"""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import traceback
from pathlib import Path
from urllib.parse import urlencode

import django
import psycopg

from tests.releases.site import releases, restore_postgresql, restore_sqlite
from tests.run import libpq

ROOT = Path(__file__).parents[2]
GUNICORN = ["-m", "gunicorn", "-c", "deploy/gunicorn.conf.py"]
CSRF = "c" * 32
PATIENCE = 300  # seconds, for what has an end of its own


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def database_on(url):
    """The address of a new database on this server."""
    with psycopg.connect(libpq(url), autocommit=True) as server:
        server.execute("CREATE DATABASE faults")
    return url.replace("/postgres?", "/faults?")


class Site:
    """`url`: of an empty database; "" for a new SQLite file in the folder. `keep`: environment that
    differs from what is shipped."""

    def __init__(self, folder: Path, url="", **keep):
        self.folder, self.port, self.server = folder, free_port(), None
        self.path = folder / "data/site.sqlite3"
        self.path.parent.mkdir(exist_ok=True)
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DEBUG": "false",
            "SECRET_KEY": "only-for-faults-" + "x" * 50,
            "SITE_URL": f"http://127.0.0.1:{self.port}",
            "ALLOWED_HOSTS": "127.0.0.1,testserver",
            "BEHIND_PROXY": "true",
            "DATABASE_URL": url or f"sqlite:///{self.path}",
            "MEDIA_ROOT": f"{folder}/media",
            "PRIVATE_ROOT": f"{folder}/private",
            "BACKUP_ROOT": f"{folder}/backup",
            "BOOKS_ROOT": f"{folder}/books",
            "STATIC_ROOT": f"{folder}/static",
            "EMAIL_USE_TLS": "false",
            "EMAIL_TIMEOUT": "1",
            "CHECK_LINKS": "false",
            "PORT": str(self.port),
            **keep,
        }
        for name in ("media", "private", "backup"):
            (folder / name).mkdir(exist_ok=True)
        self.restored = self._fill(url)
        django.setup()
        from django.test.utils import setup_test_environment

        setup_test_environment()

    def _fill(self, url):
        """The last release, and then everything since; gives which it was."""
        release = releases()[-1]
        if url:
            with psycopg.connect(libpq(url), autocommit=True) as empty:
                restore_postgresql(release, empty)
        else:
            restore_sqlite(release, self.path)
        for command in (["migrate", "-v", "0"], ["collectstatic", "-v", "0", "--noinput"]):
            self.manage(*command)
        return release

    def manage(self, *command, **options):
        return subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, check=True, **options
        )

    # The server

    def start(self, application="config.wsgi", **environment):
        """gunicorn, until it answers; a machine with other work has its time."""
        before = len(self.said())
        self.server = subprocess.Popen(
            [sys.executable, *GUNICORN, application],
            cwd=ROOT,
            env=os.environ | environment,
            stdout=(self.folder / "server.log").open("a"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        end = time.monotonic() + PATIENCE
        while self.server.poll() is None and time.monotonic() < end:
            with contextlib.suppress(OSError):
                if self.ask("/healthz")[0] == 200:
                    return self
            time.sleep(0.1)
        why = "no answer" if self.server.poll() is None else f"exit {self.server.returncode}"
        raise SystemExit(f"The site did not start ({why}): {self.said()[before:][-600:]}")

    def said(self):
        log = self.folder / "server.log"
        return log.read_text() if log.exists() else ""

    def workers(self):
        """Process numbers of the workers."""
        path = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children")
        return [int(each) for each in path.read_text().split()]

    def stop(self):
        if self.server and self.server.poll() is None:
            self.server.terminate()
            self.server.wait(PATIENCE)
        self.server = None

    def kill_master(self):
        """And wait until nobody listens any more: its workers notice that they are alone."""
        left = self.workers()
        self.server.kill()
        self.server.wait()
        while any(Path(f"/proc/{each}").exists() and _lives(each) for each in left):
            time.sleep(0.05)
        self.server = None

    # Readers and the author

    def ask(self, path, data=None, cookies=None, reader="10.0.0.1", timeout=PATIENCE, headers=()):
        """`(status, body, headers)` of one request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        sent = {"X-Forwarded-For": reader, "Connection": "close", **dict(headers)}
        cookies = dict(cookies or {})
        body, method = None, "GET"
        if data is not None:
            cookies["csrftoken"] = CSRF
            body, method = urlencode(data | {"csrfmiddlewaretoken": CSRF}, doseq=True), "POST"
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        if cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.headers
        finally:
            connection.close()

    def tried(self, *args, **options):
        """The same; the status is 0 where no answer came."""
        try:
            return self.ask(*args, **options)
        except (OSError, http.client.HTTPException):
            return 0, b"", {}


def _lives(pid):
    with contextlib.suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    return False


def author():
    """A client of this process that is logged in at the desk, and the cookie of its browser."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    users = get_user_model().objects
    client = Client()
    client.force_login(
        users.filter(username="faults").first()
        or users.create_superuser("faults", "faults@example.org", "x" * 30)
    )
    return client, {"sessionid": client.cookies["sessionid"].value}


def let_go():
    """Of the database: this process has no connection to it any more."""
    from django.db import connections

    for connection in connections.all():
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()


def fork(work):
    """The number of a process that does this and nothing else; no connection is shared with it."""
    let_go()
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        work()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def ended(pid, after, begun=lambda: True):
    """Kill -9 this process so many seconds after it has begun, unless it ends before; whether it
    was killed, by this or by itself."""
    end = None
    while end is None or time.monotonic() < end:
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            return os.WIFSIGNALED(status)
        if end is None and begun():
            end = time.monotonic() + after
        time.sleep(0.0005)
    os.kill(pid, signal.SIGKILL)
    _found, status = os.waitpid(pid, 0)
    return os.WIFSIGNALED(status)


@contextlib.contextmanager
def folder():
    path = Path("/dev/shm" if Path("/dev/shm").is_dir() else "/tmp") / f"faults-{os.getpid()}"
    path.mkdir(mode=0o755)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
