"""HTML to a tree and back. Nothing here recurses: pasted pages may be nested as deep as they
like."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from publishing.later import later

from .elements import VOID

if TYPE_CHECKING:
    from lxml.html import HtmlElement

html_of_lxml = later("lxml.html")
etree = later("lxml.etree")

# Of all elements together: what stands deeper is put beside. lxml goes the whole way up for every
# node it lets go.
DEEPEST_PARSED = 250
# HTML that is closed like XML is read by libxml2, fifteen times as fast as by Python. It refuses
# what is nested deeper than 256, which then is read below.


@cache
def _xml() -> Any:
    parser = etree.XMLParser(
        remove_comments=True, remove_pis=True, huge_tree=False, no_network=True
    )
    classes = {"element": html_of_lxml.HtmlElement, "comment": html_of_lxml.HtmlComment}
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(**classes))
    return parser


_SPACE = re.compile(r"[ \t\r\n\f]+")
# A page's HTML has one more than a text may hold.
_EMPTY = VOID | {"source"}
_OPEN = re.compile(rf'<((?:{"|".join(sorted(_EMPTY))})(?: [a-z-]+="[^"<]*")*)>')


@cache
def adder() -> Any:
    """lxml's `SubElement`: called for every node, when a module that came later answers slowly."""
    return etree.SubElement


def make(
    tag: str, text: str | None = None, attributes: dict[str, str] | None = None
) -> HtmlElement:
    """A new element that stands nowhere yet."""
    node = _xml().makeelement(tag, attributes)
    node.text = text
    return node


def parse(html: str) -> HtmlElement:
    """A tree under one `div`. The HTML must be well nested: ours, or nh3's."""
    closed = _OPEN.sub(r"<\1/>", html.replace("&nbsp;", "\xa0"))
    try:
        return etree.fromstring(f"<div>{closed}</div>", _xml())
    except (etree.XMLSyntaxError, UnicodeEncodeError):
        return _read(html)


def _read(html: str) -> HtmlElement:
    """The same of any HTML."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.open[0]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [make("div")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = adder()(self.open[-1], tag, {name: value or "" for name, value in attrs})
        if tag not in _EMPTY:
            self.open.append(node if len(self.open) < DEEPEST_PARSED else self.open[-1])

    def handle_endtag(self, tag: str) -> None:
        if tag not in _EMPTY and len(self.open) > 1:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        add_text(self.open[-1], data)


def serialise(root: HtmlElement) -> str:
    """The inside of `root` as HTML."""
    parts = [_escape(root.text or "")]
    for child in root:
        parts.append(html_of_lxml.tostring(child, encoding="unicode", with_tail=False))
        parts.append(_escape(child.tail or ""))
    # libxml2 does not know that this one has no end.
    return "".join(parts).replace("</source>", "")


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def single_spaces(text: str) -> str:
    """Text as a browser shows it: a run of white space is one blank; no-break spaces stay."""
    # In most texts there is nothing to do; asked one by one, the quickest way to know.
    if "  " in text or "\n" in text or "\t" in text or "\r" in text or "\f" in text:
        return _SPACE.sub(" ", text)
    return text


def last_of(node: HtmlElement) -> HtmlElement | None:
    """The last child; never by `len`, for which lxml counts all children each time."""
    return next(node.iterchildren(reversed=True), None)


def add_text(node: HtmlElement, text: str) -> None:
    """Text at the end of what `node` holds."""
    last = last_of(node)
    if last is not None:
        last.tail = (last.tail or "") + text
    else:
        node.text = (node.text or "") + text


def is_cite(node: HtmlElement) -> bool:
    """Whether it is a citation of the library."""
    return node.tag == "span" and node.get("data-cite") is not None


def is_linked(node: HtmlElement) -> bool:
    """Whether it is a figure that is a link in the text: a video, or a picture of the evidence."""
    return node.tag == "figure" and node.get("class") in ("video", "plot")
