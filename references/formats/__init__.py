"""Every format a library of references comes in and goes out: bytes in, plain records out, and
back. No ORM here.

`parse(data)` for a whole file, `read(file)` for a long one record by record, `write(records,
format)`, `detect(data)`.
"""

import io
import logging
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from publishing.later import later

from .finish import finish
from .records import Keyword, Name, Notice, Parsed, Record, Refused, Warned, WorkNotice
from .source import Source
from .text import excerpt

__all__ = [
    "READERS",
    "WRITERS",
    "Keyword",
    "Name",
    "Notice",
    "Parsed",
    "Record",
    "Refused",
    "Warned",
    "WorkNotice",
    "detect",
    "parse",
    "read",
    "write",
]

logger = logging.getLogger(__name__)

# Who reads the library needs none of them.
bibtex, csljson, csvfile, endnotexml, isi, nbib, ovid, pubmedxml, refer, ris, table, workbook = (
    later(f"{__name__}.{name}")
    for name in (
        "bibtex", "csljson", "csvfile", "endnotexml", "isi", "nbib", "ovid", "pubmedxml", "refer",
        "ris", "table", "xlsx",
    )
)  # fmt: skip

READERS = {
    "bibtex": bibtex, "ris": ris, "nbib": nbib, "pubmedxml": pubmedxml, "csljson": csljson,
    "endnotexml": endnotexml,
    "refer": refer, "isi": isi, "ovid": ovid, "table": table, "xlsx": workbook,
}  # fmt: skip
# By the ending of the file's name, as addresses have it.
WRITERS = {"bib": bibtex, "ris": ris, "nbib": nbib, "csl.json": csljson, "csv": csvfile}
CONTENT_TYPES = {
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "nbib": "application/nbib",
    "csl.json": "application/vnd.citationstyles.csl+json",
    "csv": "text/csv",
}

# Files people take for a list of references, by their first bytes.
_NO_LIST = [
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "ZIP, DOCX"),
    (b"\x1f\x8b", "GZIP"),
    (b"\xd0\xcf\x11\xe0", "DOC, XLS"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"SQLite format 3\x00", "SQLite"),
]
_SIGNS = {
    "bibtex": re.compile(r"^[ \t]*@[ \t]*[A-Za-z]+[ \t\n]*[{(]", re.M),
    "ris": re.compile(r"^ {0,3}TY {1,2}-(?: |$)", re.M),
    "nbib": re.compile(r"^(?:PMID|OWN |STAT|FAU |JT  )- ", re.M),
    "refer": re.compile(r"^%0 \w", re.M),
    "isi": re.compile(r"^PT [A-Z]\n(?=[A-Z][A-Z0-9] )", re.M),
    "ovid": re.compile(r"^<\d{1,6}\.? ?>[ \t]*\n(?=[A-Z]{2}  ?- )|^VN  ?- Ovid", re.M),
    "pubmedxml": re.compile(r"<Pubmed(?:Book)?Article(?:Set)?[\s>]"),
    "endnotexml": re.compile(
        r"<records?>\s*<(?:record|database|source-app|rec-number|ref-type|foreign-keys)[\s>]"
    ),
    "csljson": re.compile(r"\A\s*(?:\[\s*(?:\{|\])|\{\s*\"[\w-]+\"\s*:)"),
}
# These are known by the first bytes alone.
_AT_THE_BEGINNING = {"table", "csljson"}


def detect(data: bytes) -> str:
    """The name of the format, known from the content; empty if it is none of ours."""
    return _detect(Source(io.BytesIO(data)))


def _detect(source):
    """By the first sign of one; where the head has none, by the first piece that has."""
    if source.begin.startswith(b"PK") and workbook.is_workbook(source.file):
        return "xlsx"
    if table.detect(source.head):
        return "table"
    name = _signed(source.head)
    before = ""
    for piece in source.pieces() if not name else ():
        if (name := _signed(before + piece)) and name not in _AT_THE_BEGINNING:
            return name
        before = piece
    return name


def _signed(text):
    found = {name: match.start() for name, sign in _SIGNS.items() if (match := sign.search(text))}
    return min(found, key=found.get, default="")


def parse(data: bytes | str) -> Parsed:
    """`Parsed` for a whole file: the records that came in, what was refused and why, what was lost
    on the way."""
    parsed = Parsed()
    for item in read(data):
        parsed.add(item)
    return parsed


def read(data: bytes | str | BinaryIO) -> Iterator[Record | Notice]:
    """Give each record as soon as it is read, and a `Refused` or a `Warned` where something is to
    be told. Of an open file no more is held than one record needs.

    Never raises for what is in the file.
    """
    if isinstance(data, str):
        data = data.encode("utf-8", errors="replace")
    source = Source(io.BytesIO(data) if isinstance(data, bytes) else data)
    kind = next((kind for start, kind in _NO_LIST if source.begin.startswith(start)), "")
    name = "" if kind and not kind.startswith("ZIP") else _detect(source)
    if not name:
        text = "" if kind else source.head
        yield Refused(1, _no_format(kind, text), line=1, excerpt=excerpt(text))
        return
    if source.encoding == "windows-1252" and name != "xlsx":
        yield Warned(
            0, _("The file is not UTF-8; its accents were read as Windows-1252 (Western European).")
        )
    empty = True
    for item in _guarded(READERS[name].read(source)):
        if isinstance(item, Record):
            notices = finish(item)
            yield from notices
            if notices and isinstance(notices[-1], Refused):
                empty = False
                continue
        empty = empty and isinstance(item, Warned)
        yield item
    if empty:
        yield Refused(
            1, _("There is no record in this file."), line=1, excerpt=excerpt(source.head)
        )


def _guarded(items):
    """A fault of ours in one file is told like a fault of the file, and logged."""
    number = 0
    try:
        for item in items:
            number = getattr(item, "number", number) or number
            yield item
    except Exception:
        logger.exception("A reader of references failed after record %d", number)
        yield Refused(number + 1, _("The file cannot be read from here on."))


def _no_format(kind, text):
    if kind:
        words = _("This is a file of another kind (%(kind)s), not a list of references.")
        if "XLS" in kind:
            words += " " + _("From a spreadsheet, save the table as XLSX or CSV and choose that.")
        return words % {"kind": kind}
    if not text.strip():
        return _("The file is empty.")
    if re.search(r"<!ENTITY|<!DOCTYPE[^>\[]*\[", text):
        return _(
            "The file defines XML entities of its own. Such files can do harm; none of it was read."
        )
    return _(
        "No format is known here: it is none of BibTeX, RIS, NBIB, PubMed XML, CSL-JSON, EndNote,"
        " Web of Science, Ovid and tables (CSV, XLSX) with a column of titles."
    )


def write(records: Iterable[Record], format: str) -> Iterator[str]:
    """The records in a format of `WRITERS`, as pieces of text to be sent one after the other."""
    return WRITERS[format].write(records)
