"""The plain text of rich text."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from publishing.later import later

from .elements import BLOCKS, CELLS, TEXT_BLOCKS
from .tree import parse, single_spaces

if TYPE_CHECKING:
    from lxml.html import HtmlElement

etree = later("lxml.etree")

_LINK = re.compile(r'</?(?:a(?: [a-z-]+="[^"<>]*")*|[bi]|em|strong|su[bp])>')
_CITED = "\ufdd0"  # stands where a citation stood; no text holds it
_BLOCK, _HEADING = "\ufdd1", "\ufdd2"  # where one begins; no text holds them
_LINES = {*BLOCKS, *TEXT_BLOCKS, "tr"} - set(CELLS)
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
# What stands before the words of an element and after it: blocks apart, or each in a line.
_APART = dict.fromkeys((*BLOCKS, *TEXT_BLOCKS, "small", "br"), (" ", " "))
_IN_LINES = {
    tag: (f"{before}{_BLOCK}{_HEADING if tag in _HEADINGS else ''}", f"{after}{_BLOCK}")
    if tag in _LINES
    else (before, after)
    for tag, (before, after) in (dict.fromkeys(_LINES, ("", "")) | _APART).items()
}
# Before a heading in `lines_of_tree`: white space to whoever counts words.
HEADING = "\x1f"


def text_of(html: str) -> str:
    """Plain text for search, feeds and word counts; blocks apart, citations gone."""
    if not html:
        return ""
    inline = _LINK.sub("", html)
    if "<" not in inline:  # an entry of the library: nothing to be read by lxml, which weighs 6 MB
        return single_spaces(unescape(inline)).strip()
    return text_of_tree(parse(html))


def text_of_tree(root: HtmlElement) -> str:
    """The same of a tree, which stays as it is."""
    return _text(root, _APART)


def lines_of(html: str) -> str:
    """Plain text with a line for every block; a heading begins with `HEADING`."""
    return lines_of_tree(parse(html)) if html else ""


def lines_of_tree(root: HtmlElement) -> str:
    """The same of a tree, which stays as it is."""
    text = _text(root, _IN_LINES).replace(_HEADING, HEADING)
    lines = (line.strip(" ") for line in text.split(_BLOCK))
    return "\n".join(line for line in lines if line.strip(HEADING))


def _text(root: HtmlElement, around: dict[str, tuple[str, str]]) -> str:
    *before, last = "".join(_pieces(root, around)).split(_CITED)
    text = "".join([*(part.rstrip() for part in before), last])
    for space in "\t\r\n\f":
        text = text.replace(space, " ")
    # As `single_spaces`, of a text that is long and full of them.
    return " ".join(filter(None, text.split(" "))).strip()


def _pieces(root: HtmlElement, around: dict[str, tuple[str, str]]) -> list[str]:
    """The words of a tree in order, with what stands around each element."""
    pieces: list[str] = []
    for event, node in etree.iterwalk(root, events=("start", "end")):
        before, after = _of_span(node) if node.tag == "span" else around.get(node.tag, ("", ""))
        if event == "start":
            text = node.text
            pieces.append(before)
            if text and before != _CITED:
                pieces.append(text)
            continue
        if node is not root:
            pieces.append(after)
            pieces.append(node.tail or "")
    return pieces


def _of_span(node: HtmlElement) -> tuple[str, str]:
    if node.get("data-cite"):
        return _CITED, ""
    return (" (", ")") if node.get("class") == "fn" else ("", "")
