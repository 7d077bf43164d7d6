"""Whether the collected static files are still those of the source."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders

STAMP = "static.stamp"


def fingerprint():
    """Changes whenever a static file comes, goes or is written."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = Path(storage.path(name)).stat()
            digest.update(f"{name} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def is_collected(folder):
    stamp = folder / STAMP
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    return manifest.exists() and stamp.exists() and stamp.read_text() == fingerprint()


def remember(folder):
    folder.mkdir(mode=0o750, exist_ok=True)
    (folder / STAMP).write_text(fingerprint())
