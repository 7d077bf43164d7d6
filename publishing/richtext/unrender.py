"""From what a reader gets back to what the author wrote: a passage copied from one of our pages
brings its citations, figures, footnotes, headings and voices whole.

The opposite of `render` and of the citations' rendering, which name in `data-cites` what they
cite. What is copied from another window's editor is known too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from publishing.later import later

if TYPE_CHECKING:
    from lxml.html import HtmlElement

etree = later("lxml.etree")
html_of_lxml = later("lxml.html")


def undo(root: HtmlElement) -> set[HtmlElement]:
    """Changes what was rendered back; the elements whose class and data are ours."""
    ours: set[HtmlElement] = set()
    _footnotes(root, ours)
    _citations(root, ours)
    _drop(root, "span", lambda node: _has(node, "note"))
    for link in list(root.iter("a")):
        if _has(link, "term"):
            link.drop_tag()
    _headings(root)
    _figures(root, ours)
    _tables(root)
    _voices(root, ours)
    _written(root, ours)
    return ours


def _has(node: HtmlElement, *names: str) -> bool:
    return set(names) <= set(node.get("class", "").split())


def _drop(root: HtmlElement, tag: str, wanted: Callable[[HtmlElement], bool]) -> None:
    for node in list(root.iter(tag)):
        if node.getparent() is not None and wanted(node):
            node.drop_tree()


def _set(node: HtmlElement, tag: str, name: str, ours: set[HtmlElement], **data: str) -> None:
    node.tag = tag
    node.attrib.clear()
    node.set("class", name)
    for key, value in data.items():
        node.set(key.replace("_", "-"), value)
    ours.add(node)


def _footnotes(root: HtmlElement, ours: set[HtmlElement]) -> None:
    """The words stand in the note at the end of the paragraph, else in the mark itself; the list at
    the end says them again."""
    notes = {node.get("id"): node for node in root.iter("span") if _has(node, "note")}
    for mark in list(root.iter("a")):
        if not _has(mark, "cite", "fn"):
            continue
        note = notes.pop((mark.get("href") or "").rpartition("#")[2], None)
        if note is not None:
            for node in list(note):
                if _has(node, "n") or _has(node, "close"):
                    node.drop_tree()
            note.drop_tree()
            note.tail = None
        elif mark.get("data-fn"):
            note = html_of_lxml.fragment_fromstring(mark.get("data-fn"), create_parent="span")
        if note is not None:
            _trim(note)
            _set(note, "span", "fn", ours)
            mark.addprevious(note)
        mark.drop_tree()
    _drop(root, "section", lambda node: _has(node, "footnotes") and node.find(".//ol") is not None
          and _has(node.find(".//ol"), "fns"))  # fmt: skip


def _trim(note: HtmlElement) -> None:
    note.text = (note.text or "").lstrip()
    last = note[-1] if len(note) else None
    if last is not None:
        last.tail = (last.tail or "").rstrip() or None
    else:
        note.text = note.text.rstrip()


def _citations(root: HtmlElement, ours: set[HtmlElement]) -> None:
    for mark in list(root.iter("a", "span")):
        if not mark.get("data-cites"):
            continue
        _unglue(mark)
        for key, place in _cited(mark.get("data-cites")):
            span = etree.Element("span")
            data = {"data_cite": key} | ({"data_locator": place} if place else {})
            _set(span, "span", "cite", ours, **data)
            span.text = f"[{key}]"
            mark.addprevious(span)
        mark.drop_tree()


def _unglue(mark: HtmlElement) -> None:
    """The blank before a citation may break again where it is written."""
    before, around = mark.getprevious(), mark.getparent()
    if before is not None:
        before.tail = re.sub("\xa0$", " ", before.tail or "") or None
    else:
        around.text = re.sub("\xa0$", " ", around.text or "") or None


def _cited(value: str) -> list[tuple[str, str]]:
    """`[(citekey, place)]`, at most fifty."""
    try:
        pairs = json.loads(value)
        return [(str(key), str(place)) for key, place in pairs[:50]]
    except (ValueError, TypeError):
        return []


def _headings(root: HtmlElement) -> None:
    for node in root.iter("h2", "h3", "h4"):
        for child in list(node.iter("span", "a")):
            if (child.tag == "span" and _has(child, "part")) or _has(child, "here", "sign"):
                child.drop_tree()
            elif _has(child, "here"):
                child.drop_tag()


def _figures(root: HtmlElement, ours: set[HtmlElement]) -> None:
    for figure in list(root.iter("figure")):
        kind = next((name for name in ("figure", "video", "plot") if _has(figure, name)), None)
        if kind is None:
            continue
        for node in list(figure.iter("button", "div", "p")):
            if _has(node, "row") or node.tag == "button":
                node.drop_tree()
            elif _has(node, "plate") or _has(node, "what"):
                node.drop_tag()
        for link in list(figure.iter("a")):
            if link.get("data-zoom") is not None:
                link.drop_tag()
        caption = figure.find("figcaption")
        if caption is not None:
            _unlabel(caption)
            for credit in caption.iter("small"):
                _set(credit, "small", "credit", ours)
            caption.attrib.clear()
            ours.add(caption)
            caption.tail = None
            figure.append(caption)
        _set(figure, "figure", kind, ours)


def _unlabel(caption: HtmlElement) -> None:
    """Takes the number away: it is counted again."""
    first = caption[0] if len(caption) else None
    if first is not None and first.tag == "b" and not (caption.text or "").strip():
        first.drop_tree()
        caption.text = (caption.text or "").lstrip()


def _tables(root: HtmlElement) -> None:
    for scroller in list(root.iter("div")):
        table = scroller.find("table")
        if _has(scroller, "scroll") and table is not None:
            caption = table.find("caption")
            if caption is not None:
                _unlabel(caption)
            scroller.drop_tag()


def _voices(root: HtmlElement, ours: set[HtmlElement]) -> None:
    for box in list(root.iter("blockquote", "div", "aside", "details")):
        name = next((each for each in _VOICES if _has(box, each)), None)
        if name is None:
            continue
        for node in list(box):
            if _has(node, "kind") or _has(node, "consent") or node.tag == "summary":
                node.drop_tree()
            elif node.tag == "header":
                for line in node.findall("p"):
                    if _has(line, "kind"):
                        line.drop_tree()
                    else:
                        _set(line, "p", "source", ours)
                node.drop_tag()
            elif node.tag == "footer" or (node.tag == "p" and _has(node, "source")):
                _set(node, "p", "source", ours)
        _drop(box, "span", lambda node: _has(node, "by"))
        if name == "quote":
            box.attrib.clear()
        else:
            _set(box, "div", name, ours)


_VOICES = ("quote", "claim", "own", "letter", "transcript")


def _written(root: HtmlElement, ours: set[HtmlElement]) -> None:
    """What is as the author wrote it: out of another window's editor."""
    for node in root.iter("span"):
        if node.get("data-cite"):
            place = node.get("data-locator")
            data = {"data_cite": node.get("data-cite")} | ({"data_locator": place} if place else {})
            _set(node, "span", "cite", ours, **data)
        elif node.get("class") == "fn":
            ours.add(node)
