"""The text of an export, piece by piece, whether it is packed by gzip, xz or zip, or not at all."""

import codecs
import gzip
import lzma
import re
import zipfile
import zlib

from django.utils.translation import gettext, gettext_noop

PIECE = 1 << 18
MOST = 2_000_000_000  # bytes, unpacked
_NAMED = re.compile(rb"<\?xml[^>]{0,80}?encoding\s*=\s*[\"']([\w-]{1,40})[\"']")


class Unreadable(ValueError):
    """The file as a whole cannot be read: why, and what exactly."""

    def __init__(self, why, what=""):
        super().__init__(why, what)
        self.why, self.what = why, str(what)[:300]

    def __str__(self):
        return gettext(self.why) + (f" ({self.what})" if self.what else "")


def pieces(path):
    """Pieces of text; raises `Unreadable`, also in the middle, where a packed file is cut."""
    total, decoder = 0, None
    for data in _bytes(path):
        total += len(data)
        if total > MOST:
            raise Unreadable(gettext_noop("It is longer than two gigabytes once it is unpacked."))
        if decoder is None:
            decoder = codecs.getincrementaldecoder(_encoding(data))("replace")
        yield decoder.decode(data)
    if decoder is not None:
        yield decoder.decode(b"", True)


def _encoding(data):
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    named = _NAMED.match(data)
    try:
        name = codecs.lookup(named[1].decode("ascii") if named else "utf-8").name
    except (LookupError, UnicodeDecodeError):
        name = "utf-8"
    return "utf-8-sig" if name == "utf-8" else name


def _bytes(path):
    with path.open("rb") as file:
        head = file.read(6)
    try:
        if head[:4] == b"PK\x03\x04":
            yield from _zipped(path)
            return
        with _opened(path, head) as file:
            while data := file.read1(PIECE):
                yield data
    except (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile, zipfile.BadZipFile) as error:
        raise Unreadable(gettext_noop("The packed file is damaged or cut off."), error) from None


def _opened(path, head):
    if head[:2] == b"\x1f\x8b":
        return gzip.open(path)
    return lzma.open(path) if head == b"\xfd7zXZ\0" else path.open("rb")


def _zipped(path):
    """The XML files of a zip, one after the other; their names lead nowhere."""
    with zipfile.ZipFile(path) as archive:
        names = sorted(
            each.filename
            for each in archive.infolist()
            if each.filename.lower().endswith((".xml", ".wxr")) and not each.is_dir()
        )
        if not names:
            raise Unreadable(gettext_noop("There is no XML file in this zip."))
        for name in names:
            try:
                with archive.open(name) as file:
                    while data := file.read(PIECE):
                        yield data
            except (RuntimeError, NotImplementedError) as error:
                raise Unreadable(
                    gettext_noop("The packed file is damaged or cut off."), name
                ) from error
