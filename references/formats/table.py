"""Tables of works, CSV or separated by tabs: what Scopus, Web of Science, Embase, PubMed, IEEE
Xplore, EBSCO and Zotero export, what this library writes itself, and what somebody made by hand.

Read only; `csvfile` writes.
"""

import functools
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from . import columns, csvfile, isi, names, tablevalues, unplaced
from .keywords import keyword
from .records import Notice, Record, Warned, attempt, note
from .rows import cells, rows, sniffed
from .source import Source, head_of, numbered_lines
from .text import excerpt, one_line, unmarked

# Embase's other table has a row for each field: “"TITLE","Back mice"”.
_BY_ROW = re.compile(r'\A\s*"(?:TITLE|ORIGINAL \(NON-ENGLISH\) TITLE)","')
_FORMULA = re.compile(r'="(.*)"', re.S)
_WHOLE_NUMBER = re.compile(r"(\d{1,9})\.0+")
MOST_COLUMNS = 500
_NUMBERS = ("year", "month", "day", "season", "sample_size")


def detect(text: str) -> bool:
    """Whether the text begins as a table of works."""
    return sniffed(text) is not None or _BY_ROW.match(text) is not None


def read(text: str | Source) -> Iterator[Record | Notice]:
    """Give every record, and what is wrong, one after the other."""
    yield from records(_works(text))


def records(works: Iterable[tuple[int, list[tuple[str, str]], str]]) -> Iterator[Record | Notice]:
    """The records of `(line, [(heading, value)], what is wrong with the row)`, and what is wrong
    with them."""
    unknown: Counter[str] = Counter()
    for number, (line, fields, told) in enumerate(works, 1):
        about = excerpt(" ".join(value for _heading, value in fields if value)[:300])
        if told:
            yield Warned(number, told, line=line, excerpt=about)
        notes: list[str] = []
        record = attempt(
            functools.partial(_record, fields, number, line, notes), number, line, about
        )
        yield from (Warned(number, reason, line=line, excerpt=about) for reason in notes)
        yield record
        unknown.update(dict.fromkeys(_nobody_knows(fields), 1))
    yield from unplaced.columns(unknown)


def _works(text):
    """`(line, [(heading, value)], what is wrong with the row)` of every work."""
    if _BY_ROW.match(head_of(text)):
        yield from _by_row(text)
        return
    separator, skipped = sniffed(head_of(text))
    lines = numbered_lines(text)
    for _skipped in range(skipped):
        next(lines)
    _number, head = next(lines)
    headings = [one_line(each) for each in cells(head, separator)[:MOST_COLUMNS]]
    # Web of Science puts no quotation marks around values, and leaves those in them alone.
    quoted = not (separator == "\t" and isi.are_tags(headings))
    for line, values, closed in rows(lines, separator, len(headings), quoted=quoted):
        told = ""
        if not closed:
            told = _("A quotation mark of this row is not closed; please check where it ends.")
        elif len(values) > len(headings) and any(map(str.strip, values[len(headings) :])):
            told = _("The row has more values than the table has columns; the rest was left out.")
        yield line, list(zip(headings, map(value, values), strict=False)), told


def _by_row(text):
    begin, fields = 0, []
    for line, row in numbered_lines(text):
        heading, *values = cells(row, ",") or [""]
        if heading == "TITLE" and any(name == "TITLE" for name, _value in fields):
            yield begin, fields, ""
            fields = []
        begin = begin if fields else line
        if values and heading.strip():
            fields.append((heading, "; ".join(map(value, values))))
    if fields:
        yield begin, fields, ""


def value(cell: str) -> str:
    """Without what spreadsheets put around it: “="0036"”, “2019.0”, “'=sum”."""
    cell = cell.strip()
    if found := _FORMULA.fullmatch(cell) or _WHOLE_NUMBER.fullmatch(cell):
        cell = found[1]
    elif cell.startswith("'") and cell[1:2] in csvfile.FORMULA:
        cell = cell[1:]
    return cell


def _nobody_knows(fields):
    headings = [heading for heading, _value in fields]
    if isi.are_tags(headings) or _is_own(headings):
        return []
    return [
        heading or _("without a heading")
        for heading, value in fields
        if value and columns.meaning(heading) is None
    ]


def _is_own(headings):
    return "citekey" in headings and "container_short" in headings


def _record(fields, number, line, told):
    headings = [heading for heading, _value in fields]
    if isi.are_tags(headings):
        return _of_web_of_science(fields, number, line, told)
    if _is_own(headings):
        return _own(dict(fields), number, line)
    record = Record(number=number, line=line)
    found = {}
    for heading, value in fields:
        meaning = columns.meaning(heading)
        if meaning and value:
            if meaning == "aside":
                note(record, f"{heading}: {unmarked(value)}"[:2000])
            else:
                found.setdefault(meaning, []).append(value)
    tablevalues.fill(record, found, told)
    return record


def _of_web_of_science(fields, number, line, told):
    """Two letters above each column: the same record as in the tagged files, lists in one cell."""
    lines = [
        (tag, re.split(r";\s*", value) if tag in isi.LISTS else [value])
        for tag, value in fields
        if value
    ]
    warned = []
    record = isi.record_of(lines, number, line, warned)
    told += [each.reason for each in warned]
    return record


def _own(values, number, line):
    """As `csvfile` writes it."""
    record = Record(number=number, line=line)
    for name in csvfile.COLUMNS:
        value = values.get(name, "")
        if name.removesuffix("s") in csvfile.ROLES:
            role = name.removesuffix("s")
            written = [each.strip() for each in value.split(";") if each.strip()]
            # Who has no given name there is an organisation.
            found = [names.person(each if "," in each else f"{each},", role) for each in written]
            record.names += filter(None, found)
        elif name in ("tags", "keywords"):
            words = [one_line(word) for word in value.split(";") if word.strip()]
            if name == "tags":
                record.tags = words
            else:
                record.keywords = [word for word in map(keyword, words) if word]
        elif name in _NUMBERS:
            number_in_it = value if value.isascii() and value.isdigit() else ""
            setattr(record, name, int(number_in_it[:9]) if number_in_it else None)
        elif name == "year_approximate":
            record.year_approximate = value == "yes"
        elif name != "status":
            setattr(record, name, one_line(value))
    return record
