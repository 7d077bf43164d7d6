"""How much room is left on the disks where the site keeps its database and its files."""

import shutil
from pathlib import Path

from django.conf import settings

LOW = 1024**3  # bytes; below it the desk warns


def left() -> int | None:
    """Bytes free on the fullest of these disks; None where the system does not tell."""
    free = [_free(folder) for folder in _folders()]
    return min((each for each in free if each is not None), default=None)


def _folders():
    yield from (Path(settings.MEDIA_ROOT), Path(settings.PRIVATE_ROOT))
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        yield Path(database["NAME"]).parent


def _free(folder):
    """Of the folder, or of where it will be made."""
    there = next((each for each in (folder, *folder.parents) if each.exists()), None)
    try:
        return shutil.disk_usage(there).free if there else None
    except OSError:
        return None
