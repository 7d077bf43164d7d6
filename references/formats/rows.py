"""A text of separated values in rows: which sign separates them, rows over several lines, and a
quotation mark nobody closed."""

import csv
import io
from collections.abc import Iterator

from .columns import are_of_works

SEPARATORS = ",;\t|"
# A row that runs on for longer has lost its closing quotation mark.
MOST_LINES, MOST_LETTERS = 400, 400_000
MOST_BROKEN = 50
_HEAD = 20_000

csv.field_size_limit(max(csv.field_size_limit(), 60_000_000))


def sniffed(text: str) -> tuple[str, int] | None:
    """`(separator, lines before the headings)` where the text begins as a table of works."""
    for skipped, line in enumerate(text[:_HEAD].split("\n")[:3]):
        if not line.strip() or line.lower().startswith("sep="):
            continue  # spreadsheets write “sep=;” before the headings
        for separator in SEPARATORS:
            if separator in line and are_of_works(cells(line, separator)):
                return separator, skipped
        return None
    return None


def cells(row: str, separator: str, *, quoted: bool = True) -> list[str]:
    """The values of one row, which may have line breaks in quotation marks."""
    return (_read(row, separator) if quoted else None) or row.split(separator)


def _read(row, separator, *, strict=False):
    """None where it cannot be read; `strict` wants nothing behind a closing quotation mark."""
    try:
        lines = io.StringIO(row, newline="\n")
        found = list(csv.reader(lines, delimiter=separator, strict=strict))
    except csv.Error:
        return None
    return [cell for part in found for cell in part]


def rows(
    lines: Iterator[tuple[int, str]], separator: str, width: int, *, quoted: bool = True
) -> Iterator[tuple[int, list[str], bool]]:
    """`(line, values, whether its quotation marks are closed)`.

    A row that never closes, or runs on into the next ones, ends with its own line, and the next
    begins anew. `width` is how many columns there are.
    """
    broken = 0
    waiting: list[tuple[int, str]] = []
    while held := _row(lines, waiting, 1 if broken == MOST_BROKEN or not quoted else MOST_LINES):
        text = "\n".join(line for _number, line in held)
        found = cells(text, separator, quoted=quoted)
        closed = not quoted or text.count('"') % 2 == 0
        if len(held) > 1 and (
            not closed or len(found) > width or _read(text, separator, strict=True) is None
        ):
            broken, closed = broken + 1, False
            waiting += reversed(held[1:])
            found = cells(held[0][1], separator)
        if any(cell.strip() for cell in found):
            yield held[0][0], found, closed


def _row(lines, waiting, most):
    """The next line, and those it goes on in while a quotation mark is open."""
    held = []
    letters, is_open = 0, True
    while is_open and len(held) < most and letters <= MOST_LETTERS:
        piece = waiting.pop() if waiting else next(lines, None)
        if piece is None:
            break
        held.append(piece)
        letters += len(piece[1])
        is_open = (is_open if len(held) > 1 else False) ^ (piece[1].count('"') % 2 == 1)
    return held
