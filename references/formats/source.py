"""The text of a file, read from the disk piece by piece and as often as a reader likes: nothing
here grows with the file."""

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO

from .text import BOM, CP1252, encoding_of

PIECE = 64 * 1024  # bytes read at a time
HEAD = 200_000  # what the format is known by


class Source:
    """A file's text in pieces that end with their line. `encoding` is what it was written in.

    The text has no BOM and ends its lines with a line feed alone.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.begin = self._read(0, 8192)
        self.encoding, self.skipped = encoding_of(self.begin)
        if not self.encoding:
            self.encoding = "utf-8" if self._is_utf8() else "windows-1252"
        self.head = self._head()

    def _read(self, at, size):
        self.file.seek(at)
        return self.file.read(size)

    def _is_utf8(self):
        decoder, at = codecs.getincrementaldecoder("utf-8")(), 0
        try:
            while data := self._read(at, PIECE):
                decoder.decode(data)
                at += len(data)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
        return True

    def _head(self):
        found: list[str] = []
        letters = 0
        for piece in self.pieces():
            found.append(piece)
            letters += len(piece)
            if letters >= HEAD:
                break
        return "".join(found)

    def pieces(self) -> Iterator[str]:
        """Each ends with a line feed, but for the last."""
        broken = self.encoding == "windows-1252"
        decoder = io.IncrementalNewlineDecoder(
            codecs.getincrementaldecoder("utf-8" if broken else self.encoding)(
                CP1252 if broken else "replace"
            ),
            translate=True,
        )
        at, data = self.skipped, b"-"
        held: list[str] = []
        while data:
            data = self._read(at, PIECE)
            at += len(data)
            text = decoder.decode(data, final=not data).replace(BOM, "")
            whole, feed, rest = text.rpartition("\n")
            if feed:
                yield "".join([*held, whole, feed])
                held = []
            held.append(rest)
        if rest := "".join(held):
            yield rest

    def whole(self) -> str:
        """All of it at once."""
        return "".join(self.pieces())


def pieces_of(text: str | Source) -> Iterator[str]:
    """Of a file piece by piece; a text is one piece."""
    if isinstance(text, Source):
        yield from text.pieces()
    elif text:
        yield text


def head_of(text: str | Source) -> str:
    """As much of the beginning as tells what it is."""
    return text.head if isinstance(text, Source) else text


def numbered_lines(text: str | Source) -> Iterator[tuple[int, str]]:
    """`(number, line)`, without a list of them all."""
    number, rest = 1, ""
    for piece in pieces_of(text):
        begin = 0
        while (end := piece.find("\n", begin)) >= 0:
            yield number, piece[begin:end]
            begin, number = end + 1, number + 1
        rest = piece[begin:]
    yield number, rest
