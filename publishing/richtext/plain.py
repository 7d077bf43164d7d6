"""The plain text of rich text."""

from __future__ import annotations

import re
from copy import deepcopy
from html import unescape
from typing import TYPE_CHECKING

from .elements import BLOCKS, CELLS, TEXT_BLOCKS
from .tree import add_text, parse, single_spaces

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_CITED = "\ufdd0"  # stands where a citation stood; no text holds it
_BLOCK, _HEADING = "\ufdd1", "\ufdd2"  # where one begins; no text holds them
_LINK = re.compile(r'</?(?:a(?: [a-z-]+="[^"<>]*")*|[bi]|em|strong|su[bp])>')
_APART = (*BLOCKS, *TEXT_BLOCKS, "small", "br")
_LINES = {*BLOCKS, *TEXT_BLOCKS, "tr"} - set(CELLS)
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
# Before a heading in `lines_of_tree`: white space to whoever counts words.
HEADING = "\x1f"


def text_of(html: str) -> str:
    """Plain text for search, feeds and word counts; blocks apart, citations gone."""
    if not html:
        return ""
    inline = _LINK.sub("", html)
    if "<" not in inline:  # an entry of the library: nothing to be read by lxml, which weighs 6 MB
        return single_spaces(unescape(inline)).strip()
    return _text(parse(html))


def text_of_tree(root: HtmlElement) -> str:
    """The same of a tree, which stays as it is."""
    return _text(deepcopy(root))


def lines_of(html: str) -> str:
    """Plain text with a line for every block; a heading begins with `HEADING`."""
    return _lines(parse(html)) if html else ""


def lines_of_tree(root: HtmlElement) -> str:
    """The same of a tree, which stays as it is."""
    return _lines(deepcopy(root))


def _lines(root: HtmlElement) -> str:
    for node in root.iter(*_LINES):
        node.text = f"{_BLOCK}{_HEADING if node.tag in _HEADINGS else ''}{node.text or ''}"
        node.tail = f"{_BLOCK}{node.tail or ''}"
    lines = (line.replace(_HEADING, HEADING).strip(" ") for line in _text(root).split(_BLOCK))
    return "\n".join(line for line in lines if line.strip(HEADING))


def _text(root: HtmlElement) -> str:
    for node in list(root.iter("span")):
        if node.get("data-cite"):
            node.text = _CITED
            node.drop_tag()
        elif node.get("class") == "fn":
            node.text = f" ({node.text or ''}"
            add_text(node, ")")
    for node in root.iter(*_APART):
        node.text = " " + (node.text or "")
        node.tail = " " + (node.tail or "")
    *before, last = "".join(root.itertext()).split(_CITED)
    return single_spaces("".join([*(part.rstrip() for part in before), last])).strip()
