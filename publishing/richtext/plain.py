"""The plain text of rich text."""

import re
from copy import deepcopy

from lxml.html import HtmlElement

from .elements import BLOCKS, TEXT_BLOCKS
from .tree import add_text, parse

_CITED = "\ufdd0"  # stands where a citation stood; no text holds it
_BEFORE_CITED = re.compile(rf"\s*{_CITED}")
_SPACE = re.compile(r"[ \t\r\n\f]{2,}|[\t\r\n\f]")
_APART = (*BLOCKS, *TEXT_BLOCKS, "small", "br")


def text_of(html: str) -> str:
    """Plain text for search, feeds and word counts; blocks apart, citations gone."""
    return _text(parse(html)) if html else ""


def text_of_tree(root: HtmlElement) -> str:
    """The same of a tree, which stays as it is."""
    return _text(deepcopy(root))


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
    text = "".join(root.itertext())
    if _CITED in text:
        text = _BEFORE_CITED.sub("", text)
    return _SPACE.sub(" ", text).strip()
