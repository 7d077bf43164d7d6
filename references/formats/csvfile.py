"""CSV for spreadsheets: one row a record, the same columns always. Read again by `table`."""

import csv
import io
from collections.abc import Iterable, Iterator

from . import notices
from .keywords import heading
from .names import comma_form
from .records import FIELDS, Record
from .text import BOM

ROLES = ("author", "editor", "translator")
_PUBLIC = [name for name in FIELDS if name != "private_note"]
COLUMNS = [
    *_PUBLIC[:2],
    *(f"{role}s" for role in ROLES),
    *_PUBLIC[2:],
    "tags",
    "keywords",
    "status",
]
# A spreadsheet takes a cell that begins so for a formula, and runs it.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(records: Iterable[Record]) -> Iterator[str]:
    """The table, row by row, with the byte order mark by which spreadsheets know UTF-8."""
    yield BOM + _row(COLUMNS)
    for record in records:
        yield _row([_cell(record, column) for column in COLUMNS])


def _row(cells):
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()


def _cell(record, column):
    if column == "tags":
        value = "; ".join(record.tags)
    elif column == "keywords":
        value = "; ".join(map(heading, record.keywords))
    elif column == "status":
        value = "; ".join(record.status)
    elif column == "title":
        value = notices.marked(record, record.title)
    elif column.removesuffix("s") in ROLES:
        value = "; ".join(
            _name(name) for name in record.names if name.role == column.removesuffix("s")
        )
    else:
        value = getattr(record, column)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    return _safe(str(value))


def _name(name):
    return name.family if name.literal else comma_form(name)


def _safe(text):
    return "'" + text if text.startswith(FORMULA) else text
