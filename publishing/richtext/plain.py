"""The plain text of rich text."""

from copy import deepcopy

from lxml.html import HtmlElement

from .elements import BLOCKS, TEXT_BLOCKS
from .tree import add_text, parse, single_spaces

_CITED = "\ufdd0"  # stands where a citation stood; no text holds it
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
    *before, last = "".join(root.itertext()).split(_CITED)
    return single_spaces("".join([*(part.rstrip() for part in before), last])).strip()
