"""The process beside the web server: it works off the queue, and does what recurs."""

import logging
import os
import signal
import sys
import threading
import time
from contextlib import contextmanager

from django.conf import settings
from django.db import (
    DatabaseError,
    InterfaceError,
    OperationalError,
    close_old_connections,
    connections,
)
from django.utils import timezone
from django.utils.autoreload import iter_all_python_module_files
from django.utils.crypto import get_random_string

from . import tasks
from .clock import LEASE
from .models import TaskWorker

log = logging.getLogger(__name__)

BEAT = 5  # seconds
POLL = 1
RECURRING = 60
HUNG = (
    30 * 60
)  # a task that takes so long without a pause is taken for lost, and the process restarts


class Stopped(BaseException):
    """Somebody wants the process to end."""


class Worker:
    """`recurring`, if given, is called every minute. `parent`: a process it does not outlive."""

    def __init__(self, *, stays=True, recurring=None, parent=None):
        self.key, self.stays, self.recurring, self.parent = (
            get_random_string(16),
            stays,
            recurring,
            parent,
        )
        self.since = None  # when the task it is at was begun
        self.stopping = False
        self._over, self._last = threading.Event(), {}

    def run(self):
        """Until somebody stops it."""
        modified = _modified() if settings.DEBUG else None
        with self.beating():
            while not self.stopping:
                try:
                    idle = not self._take_turn()
                except (OperationalError, InterfaceError) as error:
                    self._lost_database(error)
                    continue
                if idle:
                    time.sleep(POLL)
                if idle and modified and _modified() != modified:
                    _start_anew()

    def _take_turn(self):
        """Whether there was something to do."""
        close_old_connections()
        if self._is_time("take back", BEAT):
            tasks.take_back()
        if self.recurring and self._is_time("recurring", RECURRING):
            self.recurring()
        return self.do_next()

    def _is_time(self, what, seconds):
        now = time.monotonic()
        if now - self._last.get(what, -seconds) < seconds:
            return False
        self._last[what] = now
        return True

    def _lost_database(self, error):
        """Under another name, so that what the old one had claimed is given back."""
        log.warning("The task worker waits for the database: %s", error)
        connections.close_all()
        self.key = get_random_string(16)
        time.sleep(BEAT)

    def work_off(self, seconds):
        """What waits, for so long; the number of turns taken."""
        turns, end = 0, time.monotonic() + seconds
        with self.beating():
            tasks.take_back()
            while time.monotonic() < end and self.do_next():
                turns += 1
        return turns

    def do_next(self):
        row = tasks.claim(self.key)
        if row is None:
            return False
        self.since = time.monotonic()
        try:
            tasks.do(row)
        finally:
            self.since = None
        return True

    def stop(self, *_signal):
        """A task is stopped at once, for it can be done again; what recurs may be sending a
        mail."""
        again, self.stopping = self.stopping, True
        if again or self.since is not None:
            raise Stopped

    @contextmanager
    def beating(self):
        """Alive for others to see as long as the block lasts."""
        self._say_alive()
        thread = threading.Thread(target=self._beat, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()
            TaskWorker.objects.filter(key=self.key).delete()

    def _beat(self):
        last = time.monotonic()
        try:
            while not self._over.wait(POLL):
                if self.parent and os.getppid() != self.parent:
                    os.kill(os.getpid(), signal.SIGTERM)
                    self.parent = None
                if self.since is not None and time.monotonic() - self.since > HUNG:
                    log.error(
                        "A task takes more than %s minutes; the worker starts anew", HUNG // 60
                    )
                    _start_anew()
                if time.monotonic() - last >= BEAT:
                    self._try_to_say_alive()
                    last = time.monotonic()
        finally:
            connections.close_all()

    def _try_to_say_alive(self):
        try:
            self._say_alive()
        except DatabaseError as error:  # the next beat says it
            log.warning("The task worker cannot say that it is there: %s", error)
            connections.close_all()

    def _say_alive(self):
        values = {"until": timezone.now() + LEASE, "stays": self.stays}
        TaskWorker.objects.update_or_create(key=self.key, defaults=values)


def _modified():
    """When our own code was changed, for `make dev`."""
    files = (path for path in iter_all_python_module_files() if settings.BASE_DIR in path.parents)
    return max((path.stat().st_mtime for path in files if path.exists()), default=0)


def _start_anew():
    os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606
