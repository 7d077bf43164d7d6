"""Tables of works in Excel's files (.xlsx), as Embase and Scopus export them too: the columns of
`table`, on the first sheet that has them."""

import datetime
import itertools
import warnings
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from . import columns, table
from .records import Notice, Record, Refused
from .source import Source
from .text import excerpt

MOST_ROWS, MOST_SHEETS, MOST_HEADS = 200_000, 20, 10
LONGEST = 60  # letters of the name of a sheet in a message
# Unpacked: texts that cells share are held in memory, sheets are read row by row.
MOST_SHARED, MOST_UNPACKED = 60_000_000, 400_000_000
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def is_workbook(file: BinaryIO) -> bool:
    """Whether a ZIP is one of Excel's."""
    try:
        with zipfile.ZipFile(file) as packed:
            return "xl/workbook.xml" in packed.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def read(source: Source) -> Iterator[Record | Notice]:
    """Give every record, and what is wrong, one after the other."""
    # It loads numpy where that is installed: not in every web worker.
    from openpyxl import load_workbook

    reason = _refusal(source.file)
    if reason:
        yield Refused(1, reason, line=1)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles nobody asks for
        book = load_workbook(source.file, read_only=True, data_only=True, keep_links=False)
    try:
        found = filter(None, map(_table, book.worksheets[:MOST_SHEETS]))
        title, headings, rows = next(found, ("", [], iter(())))
        if not headings:
            yield Refused(
                1, _("No sheet of this workbook has a row of headings with a title."), line=1
            )
            return
        yield from table.records(_works(rows, headings))
        yield from _not_read(title, rows, [other for other, _headings, _rows in found])
    finally:
        book.close()


def _table(sheet):
    """`(name, headings, the rows below them with their numbers)` of a sheet that has works."""
    sheet.reset_dimensions()  # which files state wrongly
    rows = enumerate(sheet.iter_rows(values_only=True, max_col=table.MOST_COLUMNS), 1)
    for _number, cells in itertools.islice(rows, MOST_HEADS):
        headings = [_text(cell, "") for cell in cells]
        if columns.are_of_works(headings):
            return sheet.title, headings, rows
    return None


def _not_read(title, rows, others):
    """What stays behind in the workbook: rows past the bound, and other sheets with works."""
    filled = (number for number, cells in rows if any(_text(cell, "").strip() for cell in cells))
    left = next(filled, 0)
    if left:
        words = _(
            "Of a sheet the first %(rows)s rows are read; from row %(left)s of “%(sheet)s” on"
            " nothing came in. Save the table as CSV, which is read to its end, and choose that."
        )
        most, begin = (number_format(n, force_grouping=True) for n in (MOST_ROWS, left))
        said = {"rows": most, "left": begin, "sheet": excerpt(title, LONGEST)}
        yield Refused(0, words % said, line=left)
    for other in others:
        words = _(
            "The sheet “%(other)s” has works too, and was not read: only “%(sheet)s” was. Save it"
            " as a file of its own and choose that."
        )
        said = {"other": excerpt(other, LONGEST), "sheet": excerpt(title, LONGEST)}
        yield Refused(0, words % said)


def _refusal(file):
    """Why a workbook is not opened at all: it was made to fill a memory."""
    with zipfile.ZipFile(file) as packed:
        sizes = {each.filename: each.file_size for each in packed.infolist()}
    shared = sum(size for name, size in sizes.items() if not name.startswith("xl/worksheets/"))
    if shared > MOST_SHARED or sum(sizes.values()) > MOST_UNPACKED:
        return _("Unpacked, this workbook is too large. Save the table as CSV and choose that.")
    return ""


def _works(rows, headings):
    for number, cells in itertools.islice(rows, MOST_ROWS):
        values = [
            table.value(_text(cell, heading))
            for cell, heading in zip(cells, headings, strict=False)
        ]
        if any(values):
            yield number, list(zip(headings, values, strict=False)), ""


def _text(cell, heading):
    """A cell as one would have typed it. What is a date where none belongs was pages once: “5-Mar”
    is asked about."""
    if isinstance(cell, datetime.datetime | datetime.date):
        if columns.meaning(heading) in ("DA", "PY", None, ""):
            return cell.strftime("%Y-%m-%d")
        return f"{cell.day}-{_MONTHS[cell.month - 1]}"
    return "" if cell is None else str(cell)
