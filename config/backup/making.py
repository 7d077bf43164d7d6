"""`manage.py backup FILE`: everything as it was at one moment, while the site is in use."""

import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db.migrations.recorder import MigrationRecorder

from publishing import backups
from publishing.storage import all_at_hand

from . import archive, places, since
from .archive import BackupError

FORMAT = 1
NAME = re.compile(r"living-review-\d{8}T\d{6}Z\.tar\.zst(\.age)?")
ERASURES = "erasures.json"


def make(target: Path, recipients=(), keep=0):
    """Write a backup; gives its path. A folder gets a new name in it, and keeps the last `keep`."""
    begun = datetime.now(UTC).replace(microsecond=0)
    path = target
    if target.is_dir():
        ending = ".tar.zst.age" if recipients else ".tar.zst"
        path = target / f"living-review-{begun:%Y%m%dT%H%M%SZ}{ending}"
    elif keep:
        raise BackupError(
            f"{path} is no folder, and --keep needs one: the older backups in it go. Make it first:"
            f" install -d -m 700 {path}"
        )
    if path.exists():
        raise BackupError(f"{path} is there already; nothing was written.")
    if not path.parent.is_dir():
        raise BackupError(f"{path.parent} is no folder.")
    with places.alone() as scratch:
        if backups.unfinished():
            raise BackupError("A restore did not come to its end: `manage.py restore --finish`.")
        _clear(path.parent)
        with archive.writing(path, recipients) as writer:
            _write(writer, scratch, begun)
        _remember_erasures(path.parent)
    backups.remember("backup", begun)
    for old in sorted(every(path.parent), reverse=True)[keep:] if keep else ():
        old.unlink()
    return path


def newest(path):
    """The file, or the newest backup in the folder."""
    if not path.is_dir():
        return path
    if not (found := every(path)):
        raise BackupError(f"There is no backup in {path}.")
    return max(found)


def every(folder):
    return [path for path in folder.iterdir() if NAME.fullmatch(path.name)]


def _clear(folder):
    """What a killed one left half-written."""
    for path in folder.glob(".living-review-*.partial"):
        path.unlink(missing_ok=True)


def _write(writer, scratch, begun):
    """The files, then the database, then what came to the files meanwhile: so each file that the
    database names is there, whichever moment it came or went."""
    _add_files(writer)
    database = places.database()
    tables = database.dump(scratch)
    for path in scratch.iterdir():
        writer.add(f"database/{path.name}", path)
    _add_files(writer)
    writer.finish(
        {
            "format": FORMAT,
            "made": begun.isoformat(),
            "site": settings.SITE_URL,
            "engine": database.engine,
            "migrations": sorted(
                map(list, MigrationRecorder.Migration.objects.values_list("app", "name"))
            ),
            "tables": tables,
        }
    )


def _add_files(writer):
    all_at_hand()
    for root, folder in places.folders().items():
        for here, _folders, names in os.walk(folder):
            for name in sorted(names):
                path = Path(here, name)
                if path.is_file() and not path.is_symlink():
                    writer.add(f"{root}/{path.relative_to(folder)}", path)


def _remember_erasures(folder):
    """Beside the backups, so that an older one brings nothing back on another machine either."""
    fresh = folder / f".{ERASURES}.{os.getpid()}"
    fresh.write_text(json.dumps(since.erasures()))
    fresh.replace(folder / ERASURES)
