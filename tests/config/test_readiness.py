"""Whether pages can be served: for whatever watches the site, and for whoever hosts it."""

import os
import select
import socket
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from comments.models import TaskLock
from config import readiness, static, unavailable
from config.env import database
from publishing import backups
from publishing.models import TaskWorker
from tests.factories import PostFactory

BACKEND = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture(autouse=True)
def _asked_anew(monkeypatch):
    monkeypatch.setattr(readiness, "_kept", (0.0, []))


@pytest.fixture
def good(db, monkeypatch, tmp_path):
    """A site with nothing to look after."""
    monkeypatch.setattr(readiness, "VAR_DIR", tmp_path)
    TaskLock.objects.create(name="run_tasks", until=timezone.now(), last_run=timezone.now())
    backups.remember("backup", datetime.now(UTC))


def wrong():
    return {each.name: each.words for each in readiness.findings(fresh=True) if not each.is_good}


def test_a_site_with_nothing_wrong_is_ready(client, good):
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ready\n")
    assert response["Cache-Control"] == "no-store"


def test_strangers_get_no_detail_and_the_administrator_does(client, author):
    assert client.get("/readyz").content == b"ready, look after it\n"
    client.force_login(author)
    assert b"backup: There is none." in client.get("/readyz").content


def test_a_site_whose_migrations_are_missing_is_not_ready(client, good):
    MigrationRecorder.Migration.objects.filter(app="blog", name="0002_what_changed").delete()
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"not ready\n")
    assert "blog.0002_what_changed has not been run" in wrong()["migrations"]
    assert client.get("/healthz").status_code == 200


def test_what_waits_for_long_and_what_was_given_up_is_told(good, settings):
    settings.TASKS = BACKEND
    TaskWorker.objects.create(key="here", until=timezone.now() + timedelta(seconds=30))
    row = DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}}, task_path="x", backend_name="default",
        queue_name="default", traceback="", exception_class_path="",
    )  # fmt: skip
    assert wrong() == {}
    DBTaskResult.objects.filter(pk=row.pk).update(enqueued_at=timezone.now() - timedelta(hours=1))
    assert "1 tasks wait" in wrong()["long work"]


def test_without_a_worker_and_without_run_tasks_it_is_told(good, settings):
    settings.TASKS = BACKEND
    assert wrong() == {}
    TaskLock.objects.update(last_run=timezone.now() - timedelta(hours=1))
    assert "no mail is sent" in wrong()["long work"]


def test_an_old_backup_and_a_full_disk_are_told(good, settings, monkeypatch):
    monkeypatch.setattr(backups, "OLD", timedelta(0))
    monkeypatch.setattr(readiness, "DISK_FREE", 10**18)
    assert set(wrong()) == {"backup", "disk"}
    assert "MB left" in wrong()["disk"]


def test_a_disk_that_cannot_be_written_to_is_told(good, monkeypatch):
    """Root may write whatever the mode says, and only root can mount."""
    monkeypatch.setattr(readiness.os, "access", lambda path, mode: mode != os.W_OK)
    assert "cannot be written to" in wrong()["disk"]


@pytest.fixture
def no_static_files(settings, tmp_path):
    """As on a site whose static files nobody collected."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "publishing.storage.StaticFilesStorage"},
    }
    settings.STATIC_ROOT = tmp_path / "static"


def test_without_static_files_it_is_not_ready_and_pages_stand(client, good, no_static_files):
    PostFactory(slug="post")
    assert client.get("/readyz").status_code == 503
    assert client.get("/blog/post/").status_code == 200
    assert client.get("/nowhere/").status_code == 404


def test_style_sheets_of_another_version_are_told(client, good, monkeypatch, tmp_path):
    assert client.get("/readyz").content == b"ready\n"
    (tmp_path / static.STAMP).write_text("of another version")
    assert "another version" in wrong()["static files"]
    monkeypatch.setattr(readiness, "_kept", (0.0, []))
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ready, look after it\n")


def test_the_page_for_a_mistake_of_ours_needs_no_static_files(
    client, db, no_static_files, monkeypatch
):
    def broken(*args, **kwargs):
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr("blog.models.Post.objects.published", broken)
    client.raise_request_exception = False
    response = client.get("/blog/")
    assert response.status_code == 500
    assert "Something went wrong here" in response.content.decode()


class Line:
    """A wire to the server of the database, which can be cut."""

    def __init__(self, server):
        """`server`: what libpq says of a connection; its host may be the folder of a socket."""
        self.server = server.host, server.port
        self.ends, self.listener, self.port = [], None, 0
        self.mend()

    def mend(self):
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", self.port))
        self.port = self.listener.getsockname()[1]
        self.listener.listen()
        threading.Thread(target=self._accept, args=[self.listener], daemon=True).start()

    def cut(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for end in self.ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self.ends = []

    def _accept(self, listener):
        while True:
            try:
                near, _address = listener.accept()
            except OSError:
                return
            far = self._reach()
            self.ends += [near, far]
            threading.Thread(target=self._pass_on, args=[near, far], daemon=True).start()

    def _reach(self):
        host, port = self.server
        if not host.startswith("/"):
            return socket.create_connection((host, port))
        far = socket.socket(socket.AF_UNIX)
        far.connect(f"{host}/.s.PGSQL.{port}")
        return far

    def _pass_on(self, near, far):
        # Whoever hangs up in the middle of a word is gone too.
        with near, far, suppress(OSError):
            while True:
                for end in select.select([near, far], [], [])[0]:
                    data = end.recv(65536)
                    if not data:
                        return
                    (far if end is near else near).sendall(data)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_is_said_at_once_and_back_when_it_is(client, monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("PostgreSQL only")
    PostFactory(slug="post")
    before = dict(connection.settings_dict)
    line = Line(connection.connection.info)
    url = f"postgres://{before['USER']}:{before['PASSWORD']}@127.0.0.1:{line.port}/{before['NAME']}"
    connection.close_pool()
    connection.settings_dict.update(database(url, lock_seconds=4))
    connection.close()
    try:
        assert client.get("/blog/post/").status_code == 200
        line.cut()
        for _ in range(3):
            response = client.get("/blog/post/")
            assert response.status_code == 503
            assert int(response["Retry-After"]) <= 30
        assert unavailable.absence.is_known
        monkeypatch.setattr(unavailable.Absence, "_answers", lambda self: pytest.fail("asked"))
        unavailable.absence.next = time.monotonic() + 60
        assert client.get("/").status_code == 503, "nobody asks the server again for a second"
        monkeypatch.undo()
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503
        line.mend()
        unavailable.absence.next = 0
        assert client.get("/blog/post/").status_code == 200
        line.cut()
    finally:
        connections["default"].close()
        connection.close_pool()
        connection.settings_dict.clear()
        connection.settings_dict.update(before)
        unavailable.absence.is_known = False
