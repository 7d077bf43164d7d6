"""Footnotes of pasted text: whatever program wrote them, the mark leads to the note and the note
back to the mark."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from publishing.later import later

if TYPE_CHECKING:
    from lxml.html import HtmlElement

etree = later("lxml.etree")


_MARK = re.compile(
    r"(_(ftn|edn)\d+|sdfootnote\d+sym|ftnt\d+|(user-content-)?fn[-:]?\w{1,40}|footnote-?\w{1,40})"
)
MOST_LINKS = 2_000  # within the text; more are no footnotes of one text
_BLOCKS = {"p", "div", "li", "dd", "aside"}
_LISTS = re.compile(r"footnote", re.IGNORECASE)


def place(root: HtmlElement, ours: set[HtmlElement]) -> int:
    """Puts the words of every footnote where its mark is, and adds it to `ours`; how many marks
    came without words."""
    named = _named(root)
    links = [(node, _fragment(node)) for node in root.iter("a") if _fragment(node)]
    if len(links) > MOST_LINKS:
        return 0
    by_target = {fragment: node for node, fragment in reversed(links)}
    lost = 0
    pairs = []
    seen: set[HtmlElement] = set()
    for mark, fragment in links:
        target = named.get(fragment)
        if mark in seen:
            continue
        back = _way_back(mark, target, by_target) if target is not None else None
        if back is not None and back not in seen:
            seen.update((mark, back))
            pairs.append((mark, back, _block(target, back)))
        elif target is None and _MARK.fullmatch(fragment):
            seen.add(mark)
            _whole_mark(mark).drop_tree()
            lost += 1
    for mark, back, block in pairs:
        _move(mark, back, block, ours)
    if pairs:
        _drop_empty_lists(root)
    return lost


def _named(root: HtmlElement) -> dict[str, HtmlElement]:
    names: dict[str, HtmlElement] = {}
    for node in root.iter(etree.Element):
        for name in (node.get("id"), node.get("name")):
            if name:
                names.setdefault(name, node)
    return names


def _fragment(node: HtmlElement) -> str:
    try:
        return urlsplit(node.get("href") or "").fragment
    except ValueError:
        return ""


def _names_of(node: HtmlElement) -> set[str]:
    """Its own names, and those of what holds nothing else."""
    around = [node, *node.iterancestors("sup", "span")][:3] + list(node.iter("sup"))[:2]
    return {name for each in around for name in (each.get("id"), each.get("name")) if name}


def _way_back(
    mark: HtmlElement, target: HtmlElement, by_target: dict[str, HtmlElement]
) -> HtmlElement | None:
    """The link back to `mark`, if it stands in the block of its target."""
    for name in _names_of(mark):
        back = by_target.get(name)
        if back is not None and back is not mark:
            block = _block(target, back)
            inside = any(above is block for above in back.iterancestors())
            if inside and _has_more(block, back):
                return back
    return None


def _has_more(block: HtmlElement, back: HtmlElement) -> bool:
    """Whether the block has words beside the link back; reads no further than it must."""
    least = len("".join(back.itertext()).split())
    words = (word for text in block.itertext() for word in text.split())
    return next(islice(words, least, None), None) is not None


def _block(target: HtmlElement, back: HtmlElement) -> HtmlElement:
    """The block that holds the note."""
    node = target
    while node.tag not in _BLOCKS and node.getparent() is not None:
        node = node.getparent()
    around = node.getparent()
    only = around is not None and around.tag == "div" and around.get("id")
    only = only and node.getprevious() is None and node.getnext() is None
    return around if only else node


def _whole_mark(mark: HtmlElement) -> HtmlElement:
    """The mark with the raised element it stands alone in."""
    node = mark
    while True:
        around = node.getparent()
        alone = around is not None and around.tag in ("sup", "span")
        alone = alone and node.getprevious() is None and node.getnext() is None
        if not alone or (around.text or "").strip() or (node.tail or "").strip():
            return node
        node = around


def _move(mark: HtmlElement, back: HtmlElement, block: HtmlElement, ours: set[HtmlElement]) -> None:
    whole = _whole_mark(mark)
    if any(each.getparent() is None for each in (whole, back, block)):
        return  # it went with another
    if any(above is block for above in whole.iterancestors()):
        return
    _whole_mark(back).drop_tree()
    block.drop_tree()
    block.tail = None
    note = etree.Element("span", {"class": "fn"})
    _fill(note, block)
    ours.add(note)
    note.tail = whole.tail
    whole.tail = None
    whole.addprevious(note)
    whole.getparent().remove(whole)


def _fill(note: HtmlElement, block: HtmlElement) -> None:
    """The words of the block in one line."""
    for node in list(block.iter(etree.Element)):
        if node is not block and node.tag in _BLOCKS | {"ul", "ol", "br", "blockquote"}:
            node.tail = " " + (node.tail or "")
            node.drop_tag()
    note.text = block.text
    for child in list(block):
        note.append(child)
    _trim_start(note)
    last = note[-1] if len(note) else None
    if last is not None:
        last.tail = (last.tail or "").rstrip(" \xa0\n\t") or None
    else:
        note.text = (note.text or "").rstrip(" \xa0\n\t")


def _trim_start(note: HtmlElement) -> None:
    """What parts the mark from the words goes."""
    for node in note.iter(etree.Element):
        node.text = (node.text or "").lstrip(" \xa0\n\t.:") or None
        if node.text:
            return
        if node is not note and not len(node):
            node.tail = (node.tail or "").lstrip(" \xa0\n\t.:") or None
            if node.tail:
                return


def _drop_empty_lists(root: HtmlElement) -> None:
    """What held the footnotes: its rule, its heading, nothing else any more."""
    for node in list(root.iter("div", "section", "ol", "ul", "aside")):
        names = f"{node.get('class', '')} {node.get('style', '')} {node.get('id', '')}"
        if node.getparent() is None or not (_LISTS.search(names) or node.get("data-footnotes")):
            continue
        if next(node.iter("li", "p", "table", "img"), None) is None:
            node.drop_tree()
    _drop_last_rule(root)


def _drop_last_rule(root: HtmlElement) -> None:
    """Documents part their footnotes from the text by a rule, which now ends nothing."""
    for rule in reversed(list(root.iter("hr"))):
        words = rule.xpath("string(following::text()[normalize-space()][1])")
        if words.strip() or rule.xpath("boolean(following::*[self::img or self::table])"):
            return
        rule.drop_tree()
