"""Which static files there are, and whether the collected ones are still those of the source."""

import hashlib
import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder, get_finders
from django.contrib.staticfiles.utils import matches_patterns

from publishing.richtext.editor_parts import UNUSED

STAMP = "static.stamp"
# Words of CKEditor and Django's admin: two thirds of all files, of which the desk speaks a few.
WORDS = re.compile(r"/(?:lang|i18n)/([A-Za-z-]+)\.js$")


def fingerprint():
    """Changes whenever a static file comes, goes or is written."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = Path(storage.path(name)).stat()
            digest.update(f"{name} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def is_collected(folder):
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    return manifest.exists() and (folder / STAMP).exists() and not is_behind(folder)


def is_behind(folder):
    """Whether the source has changed since `prepare` collected them; not where it never did."""
    stamp = folder / STAMP
    return stamp.exists() and stamp.read_text() != fingerprint()


def remember(folder):
    folder.mkdir(mode=0o750, exist_ok=True)
    (folder / STAMP).write_text(fingerprint())


class AppFinder(AppDirectoriesFinder):
    """Without what no page of ours asks for: less to serve is less to attack."""

    def list(self, ignore_patterns):
        for path, storage in super().list([*(ignore_patterns or ()), *UNUSED]):
            if not _is_foreign(path):
                yield path, storage

    def find(self, path, **options):
        unused = matches_patterns(path, UNUSED) or _is_foreign(path)
        return [] if unused else super().find(path, **options)


def _is_foreign(path):
    """Whether it is words in a language the desk does not speak."""
    words = WORDS.search(path)
    return bool(words) and words[1] not in dict(settings.LANGUAGES)
