"""What does not fit on paper as it stands: tables wider than the page, lists that begin elsewhere,
spaces WeasyPrint loses its place at."""

from copy import deepcopy

from publishing.later import later

builder = later("lxml.builder")


# Columns that stand beside each other on a page, set as usual, smaller, and with the page turned.
USUAL, SMALL, TURNED = 6, 8, 12
INLINE = ("a", "abbr", "cite", "em", "q", "s", "span", "strong", "sub", "sup")


def fit_tables(root):
    """Each table as it can be read on a page: smaller, with the page turned, or in parts that all
    begin with its first column. Nothing is left out."""
    for table in list(root.iter("table")):
        columns = max((_width(row) for row in table.iter("tr")), default=0)
        if columns <= USUAL:
            continue
        if columns <= SMALL:
            _mark(table, "small")
        elif columns <= TURNED or _spans(table):
            _mark(table, "turned")
        else:
            _split(table, columns)


def _width(row):
    return sum(_number(cell.get("colspan")) for cell in row)


def _number(text):
    return int(text) if (text or "").isdigit() else 1


def _spans(table):
    return any(cell.get("colspan") or cell.get("rowspan") for cell in table.iter("td", "th"))


def _mark(table, kind):
    table.set("class", " ".join(filter(None, [table.get("class"), kind])))


def _split(table, columns):
    """Parts with the first column and as many of the others as fit; each has the caption."""
    for start in range(1, columns, SMALL - 1):
        part = deepcopy(table)
        part.tail = None
        _mark(part, "small")
        for row in part.iter("tr"):
            for index, cell in enumerate(list(row)):
                if index and not start <= index < start + SMALL - 1:
                    row.remove(cell)
        table.addprevious(part)
    table.getparent().remove(table)


def keep_numbers(root):
    """A list that goes on from another keeps its numbers."""
    for each in root.iter("ol"):
        start = each.get("start") or ""
        if start.removeprefix("-").isdigit():
            each.set("style", f"counter-reset: list-item {int(start) - 1}")


def loosen(root):
    """The space before an element within a line, as an element of its own: without it WeasyPrint
    breaks some lines after their first word."""
    for node in list(root.iter(*INLINE)):
        before, parent = node.getprevious(), node.getparent()
        text = (parent.text if before is None else before.tail) or ""
        if len(text) < 2 or not text.endswith(" "):
            continue
        space = builder.E.span(" ")
        if before is None:
            parent.text = text[:-1]
        else:
            before.tail = text[:-1]
        node.addprevious(space)
