"""The files of a folder, or of a zip of one. A zip is read where it lies: nothing of it is written
out, so no name in it leads anywhere, and it takes no second place on the disk."""

import re
import stat
import time
import unicodedata
import zipfile
import zlib
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext, gettext_noop

MOST_FILES = 50_000
MOST_BYTES = 4_000_000_000  # of all its files, unpacked
LONGEST_LIST = 16 * 1024**2  # bytes a zip may spend on the names of its files
PIECE = 1 << 20
_CLUTTER = re.compile(r"(?:^|/)(?:__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$)")
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x06"


class Unreadable(ValueError):
    """Why nothing can be read of what was given; its text is in the reader's language."""

    def __str__(self):
        return gettext(self.args[0])


class TooLarge(Exception):
    """More bytes than were asked for."""


class Folder:
    """Names are those below it, with “/”. A link is followed where it leads to a file inside."""

    def __init__(self, path):
        self.root, self.refused = path.resolve(), []
        self.name = self.root.name

    def names(self):
        for path in self.root.rglob("*"):
            if not path.is_symlink() and path.is_file():
                yield path.relative_to(self.root).as_posix()

    def path(self, name):
        """Of a file, or None where there is none inside."""
        try:
            found = (self.root / name).resolve()
            return found if found.is_relative_to(self.root) and found.is_file() else None
        except (OSError, ValueError):
            return None

    def has(self, name):
        return self.path(name) is not None

    def below(self, name):
        return Folder(self.root / name)

    def size_and_time(self, name):
        """What changes with a file."""
        found = self.path(name).stat()
        return found.st_size, int(found.st_mtime)

    def read(self, name, most):
        """Its bytes; raises `TooLarge` and `OSError`."""
        path = self.path(name)
        if path is None:
            raise FileNotFoundError(name)
        if path.stat().st_size > most:
            raise TooLarge
        return path.read_bytes()


class Zip:
    """A zip of a folder, with or without the folder itself around its files. `refused`:
    `[(name, why)]` of what is in it and not taken."""

    def __init__(self, path, name=""):
        _check_end(path)
        try:
            self.archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, ValueError):
            raise Unreadable(DAMAGED) from None
        self.refused, self.files = [], {}
        for info in self.archive.infolist():
            self._note(info)
        if len(self.files) > MOST_FILES:
            raise Unreadable(MANY)
        if sum(info.file_size for info in self.files.values()) > MOST_BYTES:
            raise Unreadable(gettext_noop("It is larger than 4 GB once it is unpacked."))
        self.name = Path(name or path.name).stem
        tops = {each.partition("/")[::2] for each in self.files}
        if self.files and len({top for top, _rest in tops}) == 1 and all(r for _t, r in tops):
            self.name = next(iter(tops))[0]
            self.files = {each.partition("/")[2]: info for each, info in self.files.items()}

    def _note(self, info):
        name = unicodedata.normalize("NFC", info.filename.replace("\\", "/"))
        if info.is_dir() or _CLUTTER.search(name):
            return
        parts = name.split("/")
        if name.startswith("/") or ".." in parts or ":" in parts[0]:
            why = gettext_noop("its name leads out of the zip")
        elif stat.S_ISLNK(info.external_attr >> 16):
            why = gettext_noop("it is a link to another file")
        elif info.flag_bits & 1:
            why = gettext_noop("it is behind a password")
        else:
            self.files["/".join(part for part in parts if part not in ("", "."))] = info
            return
        self.refused.append((name[:300], why))

    def names(self):
        return list(self.files)

    def has(self, name):
        return unicodedata.normalize("NFC", name) in self.files

    def below(self, name):
        """Its files in a folder of it, by the names they have there."""
        found = object.__new__(Zip)
        found.archive, found.refused, found.name = self.archive, [], name
        start = f"{name}/" if name else ""
        found.files = {each.removeprefix(start): info for each, info in self.files.items()
                       if each.startswith(start)}  # fmt: skip
        return found

    def size_and_time(self, name):
        """As of the folder it was made of, to two seconds."""
        info = self._info(name)
        try:
            return info.file_size, int(time.mktime((*info.date_time, 0, 0, -1)))
        except (ValueError, OverflowError):
            return info.file_size, 0

    def _info(self, name):
        return self.files[unicodedata.normalize("NFC", name)]

    def read(self, name, most):
        if not self.has(name):
            raise FileNotFoundError(name)
        return b"".join(self.pieces(name, most))

    def pieces(self, name, most):
        """No more bytes come out than the zip says that there are."""
        info = self._info(name)
        if info.file_size > most:
            raise TooLarge
        try:
            with self.archive.open(info) as file:
                while data := file.read(PIECE):
                    yield data
        except (RuntimeError, NotImplementedError, EOFError, zlib.error, zipfile.BadZipFile,
                ValueError) as error:  # fmt: skip
            raise OSError(str(error)) from None


class Nothing:
    """No files at all."""

    def has(self, name):
        return False


DAMAGED = gettext_noop("The packed file is damaged or cut off.")
MANY = gettext_noop("There are more than 50,000 files in this zip.")


@contextmanager
def opened(path, name=""):
    """The `Zip` of a file that was given under a name; raises `Unreadable`."""
    tree = Zip(path, name)
    with tree.archive:
        yield tree


def _check_end(path):
    """Before its list of files is read: that there is one, and of what length."""
    with path.open("rb") as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - 70_000))
        tail = file.read()
        file.seek(0)
        zipped = file.read(4) == b"PK\x03\x04"
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 22:
        raise Unreadable(DAMAGED if zipped else gettext_noop("This is no zip."))
    length = int.from_bytes(tail[at + 12 : at + 16], "little")
    large = tail.rfind(_END_64, 0, at)
    if length == 0xFFFFFFFF and large >= 0:
        length = int.from_bytes(tail[large + 40 : large + 48], "little")
    if length > LONGEST_LIST:
        raise Unreadable(MANY)
