"""When the site was last backed up: in a file beside the database, since a restored database would
say when the one before it was."""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

UNFINISHED = "restoring.json"
OLD = timedelta(days=2)  # after that the last one is too old


def last_backup() -> datetime | None:
    """When the last backup was begun that came to its end; None if there is none."""
    return _moment("backup")


def last_check() -> datetime | None:
    """When a backup was last restored into scratch and found whole."""
    return _moment("check")


def unfinished() -> Path | None:
    """What is written down of a restore that has begun to replace things, if it was killed."""
    path = Path(settings.BACKUP_ROOT) / UNFINISHED
    return path if path.exists() else None


def remember(what: str, moment: datetime) -> None:
    """`what`: "backup" or "check". An older moment does not take the place of a newer one."""
    kept = _read()
    if what in kept and datetime.fromisoformat(kept[what]) > moment:
        return
    path = Path(settings.BACKUP_ROOT) / "last.json"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".last.json.{os.getpid()}")
    fresh.write_text(json.dumps({**kept, what: moment.isoformat()}))
    fresh.replace(path)


def _moment(what):
    said = _read().get(what)
    return datetime.fromisoformat(said) if said else None


def _read():
    try:
        return json.loads((Path(settings.BACKUP_ROOT) / "last.json").read_text())
    except (OSError, ValueError):
        return {}
