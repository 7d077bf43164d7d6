"""XML cut into its records before it is parsed: one broken record spoils no other, and no file is
held as a tree or as a text."""

import re
from collections.abc import Iterator
from html.entities import html5
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from publishing.richtext.sanitise import strip_control

from .records import Refused
from .source import Source, head_of, pieces_of
from .text import SUB, SUPER, excerpt, one_line, raised

_UNSAFE = re.compile(r"<!ENTITY|<!DOCTYPE[^>\[]*\[")
# No tag or declaration that counts here is longer.
_LONGEST = 2000
_REFERENCE = re.compile(r"&(#x?[0-9a-f]{1,7}|\w{1,32});", re.I)


def unsafe(text: str | Source) -> bool:
    """Whether a file defines entities of its own, as attacks do and bibliographies never."""
    before = ""
    for piece in pieces_of(text):
        if _UNSAFE.search(before + piece):
            return True
        before = piece[-_LONGEST:]
    return False


def elements(text: str | Source, *tags: str) -> Iterator[tuple[int, Element | Refused]]:
    """`(line, element)` of every `<tag>…</tag>`, or `(line, Refused)`."""
    if unsafe(text):
        reason = _(
            "The file defines XML entities of its own. Such files can do harm; none of it was read."
        )
        yield 1, Refused(1, reason, line=1, excerpt=excerpt(head_of(text)))
        return
    for number, (line, piece, complete) in enumerate(_cut(text, tags), 1):
        yield line, _element(piece, number, line, complete=complete)


def _cut(text, tags):
    """`(line, text, whether it is closed)` of every record. `window` is what was read and is not
    cut yet, `line` the line it begins in."""
    marks = re.compile(rf"<(/?)({'|'.join(tags)})(?=[\s>])[^<>]*>")
    window, line, opened = "", 1, ""
    for piece in pieces_of(text):
        done = 0  # of the window, the record that is open begins there
        search = max(len(window) - _LONGEST, 1) if opened else 0
        window += piece
        for found in marks.finditer(window, search):
            closing = found[1] == "/"
            if opened and (not closing or found[2] == opened):
                end = found.end() if closing else found.start()
                yield line, window[done:end], closing
                line += window.count("\n", done, end)
                done, opened = end, ""
            if not closing:
                line += window.count("\n", done, found.start())
                done, opened = found.start(), found[2]
        if not opened:  # a tag that goes on in the next line may be cut in two
            end = max(done, len(window) - _LONGEST)
            line += window.count("\n", done, end)
            done = end
        window = window[done:]
    if opened:
        yield line, window, False


def _element(piece: str, number: int, line: int, *, complete: bool) -> Element | Refused:
    if not complete:
        return Refused(
            number,
            _("The record is not closed; perhaps the file is cut off here."),
            line=line,
            excerpt=excerpt(piece),
        )
    try:
        return fromstring(_REFERENCE.sub(_character, strip_control(piece)))
    except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
        where = getattr(error, "position", (1, 0))[0] + line - 1
        reason = _(
            "The XML of the record is broken: a tag is not closed, or a sign such as & stands"
            " alone."
        )
        return Refused(number, reason, line=where, excerpt=excerpt(piece))


def _character(found: re.Match[str]) -> str:
    """XML knows five names for characters; files have HTML's others too, and numbers of what no
    text may hold."""
    name = found[1]
    if name.startswith("#"):
        code = (
            int(name[2:], 16) if name[1:2] in "xX" else int(name[1:]) if name[1:].isdecimal() else 0
        )
        return found[0] if code <= 0x10FFFF and strip_control(chr(code)) else ""
    return (
        found[0] if name in ("amp", "lt", "gt", "quot", "apos") else html5.get(name + ";", found[0])
    )


def text_of(element: Element | None, path: str = "") -> str:
    """The text inside the first element at `path`, its marks (italics, style runs) dropped; raised
    and lowered signs that Unicode has stay so: “cm²”."""
    found = element.find(path) if path and element is not None else element
    if found is None:
        return ""
    for tag, table in (("sup", SUPER), ("sub", SUB)):
        for each in found.iter(tag):
            each.text = raised(each.text or "", table)
    return one_line("".join(found.itertext()))


def texts_of(element: Element | None, path: str) -> list[str]:
    return (
        []
        if element is None
        else list(filter(None, (text_of(found) for found in element.iterfind(path))))
    )
