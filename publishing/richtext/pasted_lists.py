"""Lists of pasted text, which other programs write as paragraphs, as lists beside each other, or as
lists between items."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from publishing.later import later

from .tree import last_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

etree = later("lxml.etree")

_LEVEL = re.compile(r"mso-list:\s*l(\d+)\s+level(\d)", re.IGNORECASE)
_MARK = re.compile(r"mso-list:\s*ignore", re.IGNORECASE)
_NUMBER = re.compile(r"\(?(\d+|[a-z]|[ivxlc]+)[.)]", re.IGNORECASE)


def nest(root: HtmlElement) -> None:
    """Gives every list the form of ours: items in lists, lists in items."""
    _of_paragraphs(root)
    _beside_each_other(root)
    for node in list(root.iter("ul", "ol")):
        _into_item(node)
    for node in list(root.iter("li")):
        _unwrap(node)


def _unwrap(item: HtmlElement) -> None:
    """The one paragraph of an item, before its lists, is the item's text."""
    first, *rest = [*item] or [None]
    alone = first is not None and first.tag == "p" and not (item.text or "").strip()
    if alone and all(each.tag in ("ul", "ol") for each in rest):
        first.drop_tag()


def _into_item(node: HtmlElement) -> None:
    """A list between the items of another belongs to the item before it."""
    parent, before = node.getparent(), node.getprevious()
    stray = parent is not None and parent.tag in ("ul", "ol")
    if stray and before is not None and before.tag == "li":
        before.append(_without_tail(node))


def _without_tail(node: HtmlElement) -> HtmlElement:
    node.tail = None
    return node


def _of_paragraphs(root: HtmlElement) -> None:
    """Word's: paragraphs that name list and level by style."""
    builder = None
    for node in list(root.iter("p", "h1", "h2", "h3")):
        found = _LEVEL.search(node.get("style", "")) if node.tag == "p" else None
        if not found:
            builder = None
            continue
        mark = _take_mark(node)
        if builder is None or builder.last is not _element_before(node):
            builder = _Builder(node)
        builder.add(node, int(found[2]), "ol" if _NUMBER.fullmatch(mark) else "ul", found[1])


def _element_before(node: HtmlElement) -> HtmlElement | None:
    before = node.getprevious()
    return before if before is not None and not (before.tail or "").strip() else None


def _take_mark(node: HtmlElement) -> str:
    mark = ""
    for span in list(node.iter("span")):
        if _MARK.search(span.get("style", "")):
            mark = mark or " ".join(span.text_content().split())
            span.drop_tree()
    return mark


class _Builder:
    """One list of levels, growing; `last` is its outermost list."""

    def __init__(self, before: HtmlElement) -> None:
        self.place = before
        self.last: HtmlElement | None = None
        self.open: list[HtmlElement] = []
        self.name = ""

    def add(self, item: HtmlElement, level: int, tag: str, name: str) -> None:
        level = min(level, len(self.open) + 1)
        del self.open[level:]
        if level == 1 and self.open and (self.open[0].tag != tag or name != self.name):
            self.open = []
        if len(self.open) < level:
            self._start(item, tag)
        self.name = name
        self.last = self.open[0]
        target = self.open[-1]
        item.tag = "li"
        item.attrib.clear()
        item.tail = None
        target.append(item)

    def _start(self, item: HtmlElement, tag: str) -> None:
        new = etree.Element(tag)
        inside = last_of(self.open[-1]) if self.open else None
        if inside is not None:
            inside.append(new)
        else:
            item.addprevious(new)
        self.open.append(new)


def _beside_each_other(root: HtmlElement) -> None:
    """Word on the web: each item in a list of its own, which says its level in words."""
    open_lists: list[HtmlElement] = []
    previous = None
    for wrapper in list(root.iter("div")):
        if "ListContainerWrapper" not in wrapper.get("class", "").split():
            continue
        if previous is None or _element_before(wrapper) is not previous:
            open_lists = []
        for node in list(wrapper):
            if node.tag in ("ul", "ol"):
                _join(node, open_lists)
        if last_of(wrapper) is None:
            before = wrapper.getprevious()
            wrapper.drop_tree()
            previous = before
        else:
            previous = wrapper


def _join(node: HtmlElement, open_lists: list[HtmlElement]) -> None:
    """Puts a list into those that are open, or opens it."""
    item = node.find("li")
    level = item.get("aria-level", "1") if item is not None else "1"
    level = min(int(level) if level.isdecimal() else 1, len(open_lists) + 1, 9)
    level = max(level, 1)
    del open_lists[level:]
    if len(open_lists) == level and open_lists[-1].tag == node.tag:
        for each in list(node):
            open_lists[-1].append(each)
        node.getparent().remove(node)
    elif (
        level > 1
        and len(open_lists) == level - 1
        and (inside := last_of(open_lists[-1])) is not None
    ):
        inside.append(_without_tail(node))
        open_lists.append(node)
    else:
        open_lists[:] = [node]
