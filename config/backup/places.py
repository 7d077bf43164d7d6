"""Which database and which folders make up the site, and where a backup is worked on."""

import fcntl
import os
import pwd
import shutil
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from publishing.backups import unfinished

from . import postgresql, sqlite
from .archive import BackupError

MOMENT = "%Y%m%dT%H%M%SZ"  # what the names of kept ones end with


def database():
    kinds = {"sqlite": sqlite.Database, "postgresql": postgresql.Database}
    return kinds[connection.vendor](connection.settings_dict)


def folders():
    """`{root in the archive: folder}`."""
    return {"media": Path(settings.MEDIA_ROOT), "private": Path(settings.PRIVATE_ROOT)}


def replaced():
    """`(moment, name)` of each database and folder that a restore replaced and kept."""
    names = [
        str(kept)
        for place in folders().values()
        for kept in place.parent.glob(f"{place.name}.before-*Z")
    ]
    for name in [*names, *database().kept()]:
        moment = datetime.strptime(name[-16:].upper(), MOMENT).replace(tzinfo=UTC)
        yield moment, name


def beside(folder):
    """Where its new content is put together: on the same disk, so that it takes the place in one
    step."""
    return folder.with_name(f".{folder.name}.restoring")


def root():
    return Path(settings.BACKUP_ROOT)


@contextmanager
def alone():
    """Gives an empty folder for one backup or restore at a time. What a killed one left goes first;
    a restore that has begun is left to `restore --finish`."""
    root().mkdir(mode=0o700, parents=True, exist_ok=True)
    owner = root().stat().st_uid
    if os.geteuid() == 0 and owner != 0:
        name = pwd.getpwuid(owner).pw_name
        raise BackupError(f"Run this as the user the site belongs to: runuser -u {name} -- …")
    scratch = root() / "scratch"
    with (root() / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError("Another backup or restore is at it.") from None
        if unfinished():
            yield scratch
            return
        for left in (scratch, *map(beside, folders().values())):
            shutil.rmtree(left, ignore_errors=True)
        scratch.mkdir(mode=0o700)
        try:
            yield scratch
        finally:
            if not unfinished():
                shutil.rmtree(scratch, ignore_errors=True)
