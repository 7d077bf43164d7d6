"""What is done to a line or a block of rich text once it is complete."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from publishing.later import later

from .elements import CELLS, INLINE_ELEMENTS
from .tree import is_cite, last_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

etree = later("lxml.etree")

EDGES = " \xa0"
_NBSP_RUN = re.compile("(?:\xa0[ \xa0]|[ \xa0]\xa0)[ \xa0]*")


def is_bare(node: HtmlElement) -> bool:
    """Whether it holds nothing."""
    return not node.text and last_of(node) is None


def trim(line: HtmlElement) -> None:
    """Takes away the blanks and line breaks at the end of a line, which do not show, and elements
    they leave empty."""
    while True:
        node = _innermost_last(line)
        last = last_of(node)
        if last is not None:
            if last.tail:
                last.tail = last.tail.rstrip(EDGES) or None
                if last.tail:
                    return
            elif last.tag == "br":
                node.remove(last)
            else:
                return
        else:
            node.text = (node.text or "").rstrip(EDGES) or None
            if node.text or node is line:
                return
            node.getparent().remove(node)


def _innermost_last(line: HtmlElement) -> HtmlElement:
    """The inline element in which the line's end stands; the line itself if it stands in none."""
    node, last = line, last_of(line)
    while last is not None and not last.tail and last.tag in INLINE_ELEMENTS and not is_cite(last):
        node, last = last, last_of(last)
    return node


def finish(box: HtmlElement) -> None:
    """A block that is complete: empty ones go, a lone paragraph in a cell is the cell's text."""
    if box.tag == "figure":
        _finish_figure(box)
    elif box.tag in CELLS and _is_lone_paragraph(box):
        box[0].drop_tag()
    elif is_bare(box) and box.tag not in ("td", "th"):
        box.getparent().remove(box)


def _is_lone_paragraph(box: HtmlElement) -> bool:
    """Whether all a block holds is one paragraph that says nothing by its attributes."""
    if len(box) != 1 or box.text:
        return False
    child = box[0]
    return child.tag == "p" and not (child.attrib or child.tail)


def _finish_figure(box: HtmlElement) -> None:
    """Pictures stand in it bare, the caption comes last, the credit at the caption's end."""
    _bare_pictures(box)
    captions = box.findall("figcaption")
    if len(captions) == len(box):
        for caption in captions:
            caption.tag = "p"
        box.drop_tag()
        return
    for caption in captions:
        _credits_last(caption)
        box.append(caption)


def _bare_pictures(box: HtmlElement) -> None:
    for child in list(box):
        if child.tag != "p" or child.text_content().strip():
            continue
        pictures = list(child.iter("img"))
        for picture in pictures:
            picture.tail = None
            child.addprevious(picture)
        if pictures:
            child.drop_tree()


def _credits_last(caption: HtmlElement) -> None:
    for credit in [node for node in caption.findall("small") if node.tail]:
        trailing, credit.tail = credit.tail, None
        before = credit.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + trailing
        else:
            caption.text = (caption.text or "") + trailing
        caption.append(credit)


def fold_spaces(root: HtmlElement) -> None:
    """Two blanks, one of which may not break, are a typing habit, not a meaning."""
    for node in root.iter(etree.Element):
        text, tail = node.text, node.tail
        if text and "\xa0" in text:
            node.text = _NBSP_RUN.sub(" ", text)
        if tail and "\xa0" in tail:
            node.tail = _NBSP_RUN.sub(" ", tail)
        if node.tag in _MARKS:
            _break_beside(node)


_MARKS = {"strong", "em", "a"}
_SIGNS = set("»:;!?%€°")  # that hold on to the word before them


def _break_beside(node: HtmlElement) -> None:
    """A blank typed beside a mark comes from the browser as one that may not break. It is meant
    beside a number and beside signs that hold on to a word."""
    before = node.getprevious()
    ahead = (node.getparent().text if before is None else before.tail) or ""
    if ahead.endswith("\xa0") and not _holds(ahead[-2:-1], "«"):
        plain = f"{ahead[:-1]} "
        if before is None:
            node.getparent().text = plain
        else:
            before.tail = plain
    tail, inside = node.tail or "", (node[-1].tail if len(node) else node.text) or ""
    if tail.startswith("\xa0") and not _holds(inside[-1:], "") and tail[1:2] not in _SIGNS:
        node.tail = f" {tail[1:]}"


def _holds(sign: str, signs: str) -> bool:
    return sign.isdigit() or (bool(sign) and sign in signs)
