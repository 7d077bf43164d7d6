"""Whether pages can be served, and what whoever hosts the site should look at: for /readyz and
`manage.py doctor`."""

import os
import shutil
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import DatabaseError, connection
from django.db.models import Max
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from comments.models import TaskLock
from publishing import backups, tasks
from publishing.backups import last_backup, unfinished

from . import schema
from .env import VAR_DIR
from .static import is_behind
from .unavailable import absence, why_away

LASTS = 5  # seconds an answer is good for, so that nobody keeps the site busy with asking
DISK_FREE = 300_000_000  # bytes
WAITS = timedelta(minutes=30)
SILENT = timedelta(minutes=15)


@dataclass(frozen=True)
class Finding:
    """`needed`: whether pages fail without it. `words`: for whoever hosts the site; what to do."""

    name: str
    is_good: bool
    needed: bool
    words: str


_kept = (0.0, [])


def findings(fresh=False):
    """A `Finding` each; at most a few seconds old."""
    global _kept
    until, found = _kept
    if fresh or time.monotonic() >= until:
        found = list(_look())
        _kept = (time.monotonic() + LASTS, found)
    return found


def _look():
    gone = database()
    yield Finding("database", not gone, True, gone or "It answers.")
    if gone:
        return
    missing = migrations()
    yield Finding("migrations", not missing, True, missing or "All have been run.")
    words = static()
    needed = bool(words)
    words = words or static_files_of_before()
    yield Finding("static files", not words, needed, words or "They are collected.")
    words = disk()
    yield Finding("disk", not words, False, words or "There is room.")
    if missing:
        return
    words = queue()
    yield Finding("long work", not words, False, words or "Nothing waits for long.")
    words = backup()
    yield Finding("backup", not words, False, words or f"The last one is of {last_backup():%c}.")


def database():
    """What is wrong, in words; empty when nothing is. So are those below."""
    if absence.lasts():
        return "It does not answer. Start it, or mend DATABASE_URL."
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return (
            f"The file {connection.settings_dict['NAME']} is not there. Is its disk mounted?"
            " Restore a backup, or `make setup` for a new site."
        )
    said = why_away()
    try:
        if not said:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
    except DatabaseError as error:
        said = " ".join(str(error).split())
    if said:
        absence.begin()
        return f"It does not answer ({said}). Start it, or mend DATABASE_URL."
    return schema.was_emptied()


def migrations():
    wrong = schema.migrations()
    return f"{'; '.join(wrong[:3])}. Run `make upgrade` (or `make setup`)." if wrong else ""


def static():
    if not hasattr(staticfiles_storage, "manifest_name") or settings.DEBUG:
        return ""
    if staticfiles_storage.manifest_storage.exists(staticfiles_storage.manifest_name):
        return ""
    return "They are not collected: `make setup`, then restart the site."


def static_files_of_before():
    if settings.DEBUG or not is_behind(VAR_DIR):
        return ""
    return "They are those of another version: `make setup`, then restart the site."


def disk():
    low, locked = [], []
    for folder in {settings.MEDIA_ROOT, settings.BACKUP_ROOT, *_database_folder()}:
        there = next(each for each in [Path(folder), *Path(folder).parents] if each.exists())
        free = shutil.disk_usage(there).free
        if free < DISK_FREE:
            low.append(f"{there} has {free // 1_000_000} MB left")
        if not os.access(there, os.W_OK):
            locked.append(str(there))
    said = f"{'; '.join(sorted(set(low)))}. Make room. " if low else ""
    if locked:
        said += (
            f"{', '.join(sorted(set(locked)))} cannot be written to: the disk is read-only"
            " (`mount`), or it belongs to somebody else (`ls -l`)."
        )
    return said.strip()


def _database_folder():
    return [Path(connection.settings_dict["NAME"]).parent] if connection.vendor == "sqlite" else []


def queue():
    now = timezone.now()
    waiting = DBTaskResult.objects.ready().filter(enqueued_at__lt=now - WAITS).count()
    last = TaskLock.objects.aggregate(last=Max("last_run"))["last"]
    if waiting:
        return f"{waiting} tasks wait for more than half an hour: is living-review-worker running?"
    if not tasks.has_worker() and (last is None or last < now - SILENT):
        return (
            "No task worker is there and `run_tasks` has not been run of late: no mail is sent."
            " Start living-review-worker."
        )
    return ""


def backup():
    if unfinished():
        return "A restore did not come to its end: `manage.py restore --finish`."
    last = last_backup()
    if last is None:
        return "There is none. `manage.py backup FOLDER --keep 14`, every night by its timer."
    if last < timezone.now() - backups.OLD:
        return f"The last one is of {last:%c}: look at `systemctl status living-review-backup`."
    return ""
