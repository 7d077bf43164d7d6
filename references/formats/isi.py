"""Web of Science's own tagged files: two letters and a space, text that goes on in indented lines,
ER at the end."""

import functools
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from . import ris
from .keywords import keywords
from .records import Notice, Record, Refused, Warned, attempt, note
from .source import Source, numbered_lines
from .text import excerpt, one_line

_LINE = re.compile(r"([A-Z][A-Z0-9])(?: (.*)|\s*$)")
# The same things by their names in RIS; of these each line is a value of its own.
_LISTS = {"BE": "A2", "BA": "AU"}
_TEXTS = {
    "TI": "TI", "SO": "T2", "LA": "LA", "DT": "M3", "AB": "AB", "PU": "PB", "PI": "CY", "SN": "SN",
    "EI": "SN", "BN": "SN", "PY": "PY", "PD": "DA", "VL": "VL", "IS": "IS", "BP": "SP", "EP": "EP",
    "AR": "C7", "DI": "DO", "UT": "AN", "RP": "AD", "C1": "AD", "EM": "N1",
}  # fmt: skip
# In its tables these have several values in one cell.
LISTS = {"AU", "AF", "BA", "BF", "BE", "CA", "GP", "C1", "EM"}
_KINDS = {"J": "JOUR", "B": "BOOK", "S": "CHAP", "P": "PAT"}


def read(text: str | Source) -> Iterator[Record | Notice]:
    """Give every record, and what is wrong, one after the other."""
    for number, (line, fields, ended) in enumerate(_pieces(text), 1):
        if fields[0][0] != "PT":
            reason = _("The record does not begin with PT.")
            yield Refused(number, reason, line=line, excerpt=excerpt(" ".join(fields[0][1])))
            continue
        told: list[Warned] = []
        about = next((" ".join(lines) for tag, lines in fields if tag == "TI"), "")
        if not ended:
            reason = _("The record has no ER at its end; perhaps the file is cut off here.")
            yield Warned(number, reason, line=line, excerpt=excerpt(about))
        record = attempt(
            functools.partial(record_of, fields, number, line, told), number, line, about
        )
        yield from told
        yield record


def _pieces(text):
    """`(line, [(tag, [lines])], whether it was ended)` of every record; PT begins one."""
    begin, fields = 0, []
    for number, line in numbered_lines(text):
        found = _LINE.match(line)
        tag = found[1] if found else ""
        if tag in ("PT", "ER", "EF") and fields:
            yield begin, fields, tag == "ER"
            fields = []
        if tag in ("ER", "EF", "FN", "VR") and not fields:
            continue
        if found:
            begin = begin if fields else number
            fields.append((tag, [found[2] or ""]))
        elif fields and line.strip():
            fields[-1][1].append(line.strip())
    if fields:
        yield begin, fields, False


def are_tags(headings: list[str]) -> bool:
    """Whether the columns of a table are Web of Science's: “PT”, “AU”, “TI” …"""
    return headings[:1] == ["PT"] and "TI" in headings


def record_of(
    fields: list[tuple[str, list[str]]], number: int, line: int, told: list[Warned]
) -> Record:
    """The record of `(tag, lines)`; what is to be told goes into `told`."""
    record = Record(number=number, line=line)
    values: dict[str, list[str]] = {}
    for tag, lines in fields:
        values.setdefault(tag, []).extend(filter(None, map(one_line, lines)))
    tags = {
        "TY": [_type(values)],
        "AU": [*_authors(values), *values.get("CA", ()), *values.get("GP", ())],
    }
    for mine, theirs in (_LISTS | _TEXTS).items():
        found = values.get(mine, []) if mine in _LISTS else [" ".join(values.get(mine, []))]
        tags.setdefault(theirs, []).extend(filter(None, found))
    short = values.get("JI") or values.get("J9")
    tags["J2"] = [" ".join(short)] if short else []
    told += ris.fill(record, tags)
    record.event = " ".join(values.get("CT", ()))
    record.pmid = " ".join(values.get("PM", ()))
    authors, plus = (re.split(r";\s*", " ".join(values.get(tag, ()))) for tag in ("DE", "ID"))
    record.keywords = [*keywords(authors, "author"), *keywords(plus)]
    note(record, *(f"{tag} {' '.join(values[tag])}" for tag in ("TC", "Z9") if tag in values))
    return record


def _authors(values):
    """AF has the full names, in the same order; organisations stand apart."""
    full, short = values.get("AF", []), values.get("AU", [])
    return full if len(full) >= len(short) else short


def _type(values):
    said = " ".join(values.get("DT", ())).casefold()
    # What a journal printed of a congress (“Article; Proceedings Paper”) is cited as its article.
    printed = values.get("PT") == ["J"] and "article" in said
    if not printed and ("proceedings" in said or values.get("CT")):
        return "CPAPER"
    if "chapter" in said:
        return "CHAP"
    return _KINDS.get("".join(values.get("PT", ())), "JOUR")
