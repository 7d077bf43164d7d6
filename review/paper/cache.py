"""Books once made are kept until what is in them changes, and one of a kind is made at a time.

A kept book is named after its address and its fingerprint, so a change anywhere in it asks for a
new file and nobody has to be told. A book takes seconds to make: who comes meanwhile is asked to
come again instead of waiting, so that no number of readers can keep all of the server's hands busy.
"""

import fcntl
import hashlib
import os
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from . import epub, pdf

MAKERS = {"pdf": pdf.build, "epub": epub.build}


class Busy(Exception):
    """Another book of this kind is being made just now."""


def fetch(book, kind):
    """The path of the file, made now if it is not there."""
    folder = Path(settings.BOOKS_ROOT)
    name = hashlib.sha256(f"{book.address} {book.alone} {book.language}".encode()).hexdigest()[:16]
    path = folder / f"{name}-{book.fingerprint}.{kind}"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    with _turn(folder / f"{kind}.lock"):
        if not path.exists():
            _write(path, MAKERS[kind](book))
            for outdated in folder.glob(f"{name}-*.{kind}"):
                if outdated != path:
                    outdated.unlink(missing_ok=True)
    return path


@contextmanager
def _turn(path):
    """Held by one thread of one process at a time; let go by the system even if that process is
    killed."""
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy from error
        yield


def _write(path, content):
    """Whole or not at all."""
    half = path.with_suffix(f".{os.getpid()}.tmp")
    half.write_bytes(content)
    half.replace(path)
