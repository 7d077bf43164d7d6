"""The entries of a BibTeX file: split by bibtexparser some at a time, abbreviations put in,
crossrefs followed."""

import itertools
import logging
import re
from collections import Counter
from typing import NamedTuple

from bibtexparser.model import (
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    Entry,
    ImplicitComment,
    ParsingFailedBlock,
    String,
)
from bibtexparser.splitter import Splitter
from django.utils.translation import gettext as _

from . import dates, unplaced
from .bibwords import IN_BOOK, OWN, TAKEN, TYPES
from .records import Refused, Warned
from .source import pieces_of
from .text import excerpt

# The splitter also logs what it could not read; here that is told in the report.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)

CHUNK = 100
# Abbreviations made of abbreviations double as fast as one likes; no name of a journal is longer
# than this.
LONGEST = 10_000
MOST_FIELDS = 100
_START = re.compile(r"^[ \t]*@[ \t]*(\w+)[ \t\n]*[{(][ \t\n]*([^\s,{}()=\"]*)", re.M)
_NEXT_FIELD = re.compile(r"\s*\b([A-Za-z][\w-]*)\s*=(?=\s*[\w{\"])")
_PARENT = re.compile(r"\b(?:crossref|xdata)\s*=\s*[{\"]?\s*([^{}\"\n]+)", re.I)


class Found(NamedTuple):
    """An entry with its fields as LaTeX, nothing left to look up."""

    number: int
    line: int
    kind: str
    key: str
    fields: dict


class Entries:
    """One file while it is read: its @string definitions and the parents of its crossrefs, before
    any of its entries."""

    def __init__(self, text):
        self.text = text
        self.strings = {name.casefold(): name for name in dates.MONTHS}
        self.parents, self.keys, self.unknown = {}, set(), Counter()
        wanted = set()
        for _line, chunk in _chunks(text):
            wanted |= {
                key.strip().lower()
                for found in _PARENT.finditer(chunk)
                for key in found[1].split(",")
            }
            for kind, _key, piece in _each(chunk):
                if kind == "string":
                    self._define(piece)
        if wanted:
            self._read_parents(wanted)

    def _define(self, piece):
        for _line, block in _blocks(piece, 1):
            if isinstance(block, String):
                value, _missing = self._value(str(block.value))
                self.strings[block.key.lower()] = value[:LONGEST]

    def _read_parents(self, wanted):
        for _line, chunk in _chunks(self.text):
            for kind, key, piece in _each(chunk):
                if key in wanted and kind != "string":
                    found = (_entry_of(block) for _line, block in _blocks(piece, 1))
                    entry = next(filter(None, found), None)
                    self.parents[key] = self._fields(entry)[0] if entry else {}

    def __iter__(self):
        """Give `Found` for every entry, and what is wrong as `Refused` and `Warned`, in the order
        of the file."""
        number = 0
        for line, chunk in _chunks(self.text):
            for at, block in _blocks(chunk, line) if chunk.strip() else ():
                found = list(self._items(block, at, number + 1))
                number += any(not isinstance(item, Warned) for item in found)
                yield from found
        yield from unplaced.fields(self.unknown)

    def _items(self, block, line, number):
        """The record of one block, with what is to be said about it."""
        if isinstance(block, String):
            return
        if isinstance(block, ImplicitComment):
            if re.search(r"=|@[ \t]*\w+[ \t]*[{(]", block.comment):
                reason = _("This text stands outside of the entries and was passed over.")
                yield Warned(number, reason, line=line, excerpt=excerpt(block.comment))
            return
        entry = _entry_of(block)
        if entry is None:
            if isinstance(block, ParsingFailedBlock) and not re.match(
                r"\s*@(?:string|comment|preamble)\b", block.raw, re.I
            ):
                yield Refused(number, _reason(block), _key_in(block.raw), line, excerpt(block.raw))
            elif isinstance(block, ParsingFailedBlock):
                yield Warned(number, _reason(block), line=line, excerpt=excerpt(block.raw))
            return
        if isinstance(block, DuplicateFieldKeyBlock):
            reason = _("The entry has a field twice (%(names)s); the first was taken.")
            names_twice = ", ".join(sorted(block.duplicate_keys))
            yield Warned(
                number, reason % {"names": names_twice}, entry.key, line, excerpt(names_twice)
            )
        yield from self._entry(entry, line, number)

    def _entry(self, entry, line, number):
        def warned(reason, about=""):
            return Warned(number, reason, entry.key, line, excerpt(about))

        if entry.key and entry.key.lower() in self.keys:
            yield warned(
                _("The citekey “%(key)s” stands twice in this file.") % {"key": entry.key},
                entry.key,
            )
        self.keys.add(entry.key.lower())
        fields, undefined, commas = self._fields(entry)
        for name in commas:
            reason = _("A comma is missing before “%(name)s”; it was read as if it were there.")
            yield warned(reason % {"name": name}, name)
        for name in undefined:
            reason = _(
                "The abbreviation “%(name)s” is not defined in this file; it was taken as it"
                " stands."
            )
            yield warned(reason % {"name": name}, name)
        for name in fields:
            if name not in TAKEN and not name.startswith(("bdsk-", "opt", "x-")):
                self.unknown[name] += 1
        if re.match(r"10\.\d{4,9}/", fields.get("crossref", "")):
            fields.setdefault("doi", fields.pop("crossref"))  # SciELO
        missing = self._inherit(entry.entry_type.lower(), fields)
        if missing:
            reason = _("The work “%(key)s”, which it is part of, is not in this file.")
            yield warned(reason % {"key": missing}, missing)
        yield Found(number, line, entry.entry_type.lower(), entry.key, fields)

    def _fields(self, entry):
        """`({name: value}, [abbreviations without a definition], [fields without a comma before
        them])`.

        Of a field that stands twice the first is taken.
        """
        fields, undefined, commas = {}, [], []
        for field in entry.fields:
            found = _without_comma(field.key, str(field.value))
            commas += [name for name, _value in found[1:]]
            for name, value in found:
                if name.lower() not in fields:
                    fields[name.lower()], missing = self._value(value)
                    undefined += missing
        return fields, undefined, commas

    def _value(self, expression):
        """`("text" # macro # {text} joined, [macros that are not defined])`."""
        expression = expression.strip()
        if is_one_group(expression):
            return expression[1:-1], []
        parts, missing = [], []
        for part in _concatenated(expression):
            if part[:1] in '{"' and len(part) > 1:
                parts.append(part[1:-1])
            elif part.lower() in self.strings:
                parts.append(self.strings[part.lower()] if len(parts) < LONGEST // 100 else "")
            else:
                parts.append(part)
                if part and not part.isdigit():
                    missing.append(part)
        return "".join(parts), missing

    def _inherit(self, kind, fields):
        """Take over what is missing from the parents; gives the key of a parent that is not
        there."""
        in_book = TYPES.get(kind) in IN_BOOK
        waiting = [
            (name, key)
            for name in ("xdata", "crossref")
            for key in fields.get(name, "").split(",")
            if key.strip()
        ]
        seen = set()
        while waiting:
            how, key = waiting.pop(0)
            parent = self.parents.get(key.strip().lower())
            if not parent:
                return key.strip()
            if key.strip().lower() in seen:
                continue
            seen.add(key.strip().lower())
            for name, value in parent.items():
                if how == "xdata" or (name not in OWN and not (in_book and name == "author")):
                    fields.setdefault(name, value)
            if how == "crossref":
                for name in ("title", "subtitle") if "title" in parent else ():
                    target = ("book" if in_book else "journal") + name
                    if name in parent and (in_book or kind == "article"):
                        fields.setdefault(target, parent[name])
            waiting += [
                (name, key)
                for name in ("xdata", "crossref")
                for key in parent.get(name, "").split(",")
                if key.strip()
            ]
        return ""


def _chunks(text):
    """`(line of its beginning, text)` of some entries at a time; what stands before the first is a
    chunk of its own."""
    window, line, starts = "", 1, []

    def cut(end):
        nonlocal window, line, starts
        chunk, window = window[:end], window[end:]
        found = line, chunk
        line, starts = line + chunk.count("\n"), [each - end for each in starts if each >= end]
        return found

    for piece in pieces_of(text):
        # The last sign of an entry that was seen may go on in this piece.
        search = window.rfind("\n", 0, max(window.rfind("@"), 0)) + 1
        window += piece
        starts = [each for each in starts if each < search]
        starts += [found.start() for found in _START.finditer(window, search)]
        if len(starts) > 1 and starts[0]:
            yield cut(starts[0])
        while len(starts) > CHUNK:
            yield cut(starts[CHUNK])
    if starts and starts[0]:
        yield cut(starts[0])
    if window:
        yield cut(len(window))


def _each(chunk):
    """`(kind, key, text)` of every entry in it."""
    found = list(_START.finditer(chunk))
    for start, following in itertools.zip_longest(found, found[1:]):
        end = following.start() if following else len(chunk)
        yield start[1].lower(), start[2].lower(), chunk[start.start() : end]


def _blocks(piece, line):
    """`(line, block)` for every block of some entries; if the splitter gives up, one entry at a
    time."""
    try:
        blocks = Splitter(piece).split().blocks
    except Exception as error:
        starts = [found.start() for found in _START.finditer(piece)]
        if len(starts) < 2:
            yield line, ParsingFailedBlock(error, 0, piece)
            return
        for start, end in zip(starts, [*starts[1:], len(piece)], strict=True):
            yield from _blocks(piece[start:end], line + piece.count("\n", 0, start))
        return
    for block in blocks:
        yield line + max(block.start_line or 0, 0), block


def _entry_of(block):
    if isinstance(block, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock):
        block = block.ignore_error_block
    return block if isinstance(block, Entry) else None


def _key_in(raw):
    found = _START.search(raw)
    return found[2] if found else ""


def _reason(block):
    text = str(getattr(block.error, "abort_reason", ""))
    if "end of file" in text:
        return _("The entry is not closed: the file ends inside it.")
    if "Unexpected block start" in text:
        return _(
            "The entry is not closed: another begins inside it. A brace or a quotation mark is"
            " missing."
        )
    if "Expected a `=`" in text:
        return _("A field of the entry has no “=”; perhaps a comma is missing before it.")
    return _("The entry cannot be read. Look for a missing brace, comma or quotation mark.")


def _without_comma(name, value):
    """`[(name, value)]` of one field, and of those that follow it without a comma between."""
    found = []
    while len(found) < MOST_FIELDS and not is_one_group(value.strip()):
        value = value.strip()
        end = _end_of_value(value)
        following = _NEXT_FIELD.match(value, end)
        if not following:
            break
        found.append((name, value[:end]))
        name, value = following[1], value[following.end() :]
    return [*found, (name, value)]


def _end_of_value(value):
    """Where the first `{…}`, `"…"` or word of an expression ends."""
    if value[:1] not in '{"':
        return re.match(r"[\w.-]*", value).end()
    depth = 0
    for found in re.finditer(r"(?<!\\)[{}\"]", value):
        depth += (found[0] == "{") - (found[0] == "}")
        if depth == 0 and (
            found[0] == "}" if value[0] == "{" else found[0] == '"' and found.start()
        ):
            return found.end()
    return len(value)


def is_one_group(expression: str) -> bool:
    """Whether `{…}` is one pair of braces, the usual case."""
    if not (expression.startswith("{") and expression.endswith("}")):
        return False
    inner = expression[1:-1]
    if "{" not in inner and "}" not in inner:
        return True
    depth = 0
    for found in re.finditer(r"(?<!\\)[{}]", inner):
        depth += 1 if found[0] == "{" else -1
        if depth < 0:
            return False
    return True


def _concatenated(expression):
    """The parts of `a # {b} # "c"`, not split inside of braces or quotation marks."""
    parts, depth, quoted, begin = [], 0, False, 0
    for found in re.finditer(r"(?<!\\)[{}\"#]", expression):
        char = found[0]
        if char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
        elif char == '"' and depth == 0:
            quoted = not quoted
        elif char == "#" and depth == 0 and not quoted:
            parts.append(expression[begin : found.start()].strip())
            begin = found.end()
    return [*parts, expression[begin:].strip()]
