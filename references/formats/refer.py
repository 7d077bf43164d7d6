"""Refer, as EndNote's .enw files and Google Scholar have it: “%A Smith, John”, a tag of one sign a
line."""

import functools
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from . import ris
from .endnotexml import TYPE_NAMES
from .records import Notice, Record, Refused, Warned, attempt
from .source import Source, numbered_lines
from .text import excerpt, one_line

# The same things by their names in RIS.
_TAGS = {
    "A": "AU", "B": "T2", "C": "CY", "D": "PY", "E": "ED", "F": "ID", "G": "LA", "I": "PB",
    "J": "JF", "K": "KW", "L": "C1", "M": "AN", "N": "IS", "O": "N1", "P": "SP", "Q": "TT",
    "R": "DO", "S": "T3", "T": "TI", "U": "UR", "V": "VL", "W": "DP", "X": "AB", "Y": "A3",
    "Z": "N1", "7": "ET", "8": "DA", "9": "M3", "@": "SN", "!": "ST", "+": "AD", "?": "A4",
    "2": "C2", "6": "NV", "^": "N1", "~": "DB",
}  # fmt: skip
_LINE = re.compile(r"%([0-9A-Z@!+?^~*$#&()<>\[\]=:-])(?: (.*)|\s*$)")
_RIS = {
    "article-journal": "JOUR", "book": "BOOK", "chapter": "CHAP", "paper-conference": "CONF",
    "thesis": "THES", "report": "RPRT", "webpage": "ELEC", "post-weblog": "BLOG",
    "article-newspaper": "NEWS", "article-magazine": "MGZN", "dataset": "DATA",
    "motion_picture": "VIDEO", "patent": "PAT", "manuscript": "MANSCPT",
    "personal_communication": "PCOMM",
}  # fmt: skip


def read(text: str | Source) -> Iterator[Record | Notice]:
    """Give every record, and what is wrong, one after the other."""
    for number, (line, fields) in enumerate(_pieces(text), 1):
        if fields[0][0] != "0":
            reason = _("The record does not begin with the line of its kind.")
            yield Refused(number, reason, line=line, excerpt=excerpt(" ".join(fields[0][1])))
            continue
        told: list[Warned] = []
        record = attempt(
            functools.partial(_record, fields, number, line, told),
            number,
            line,
            " ".join(fields[0][1]),
        )
        yield from told
        yield record


def _pieces(text):
    """`(line, [(tag, [lines])])` of every record; %0 begins one."""
    begin, fields = 0, []
    for number, line in numbered_lines(text):
        found = _LINE.match(line)
        if found and found[1] == "0" and fields:
            yield begin, fields
            fields = []
        if found:
            begin = begin if fields else number
            fields.append((found[1], [found[2] or ""]))
        elif fields and line.strip():
            fields[-1][1].append(line)
    if fields:
        yield begin, fields


def _record(fields, number, line, told):
    record, tags = Record(number=number, line=line), {}
    for tag, lines in fields[1:]:
        values = lines if tag == "K" else [" ".join(lines)]
        tags.setdefault(_TAGS.get(tag, "U5"), []).extend(filter(None, map(one_line, values)))
    kind = " ".join(fields[0][1]).strip().casefold()
    tags["TY"] = ["EDBOOK" if kind == "edited book" else _RIS.get(TYPE_NAMES.get(kind, ""), "GEN")]
    told += ris.fill(record, tags)
    return record
