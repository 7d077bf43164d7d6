"""The author's own footnotes: `<span class="fn">` where it stands, a lettered note beside the line,
a list at the end.

The list is what a feed, a printed page and a reader without style sheets get.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from publishing.later import later

from .elements import TEXT_BLOCKS
from .tree import make

if TYPE_CHECKING:
    from lxml.html import HtmlElement

html = later("lxml.html")


def letter(index: int) -> str:
    """1 → a, 26 → z, 27 → aa."""
    text = ""
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(97 + rest) + text
    return text


def place(root: HtmlElement) -> None:
    """Turns every footnote of a tree into its mark and its note, and adds the list of them."""
    spans = [span for span in root.iter("span") if span.get("class") == "fn"]
    items: list[HtmlElement] = []
    for span in spans:
        if span.text_content().strip() and not _stands_in_another(span):
            items.append(_place(span, letter(len(items) + 1)))
        else:
            span.drop_tag()
    if items:
        section = make(
            "section", attributes={"class": "footnotes", "aria-label": gettext("Footnotes")}
        )
        section.append(make("p", gettext("Footnotes"), {"class": "kind"}))
        section.append(make("ol", attributes={"class": "fns"}))
        section[-1].extend(items)
        root.append(section)


def to_the_end_of_their_blocks(root: HtmlElement) -> None:
    """Notes follow the paragraph they belong to: in its midst they would be read out in the middle
    of a sentence, or stand there where no style sheet is."""
    for note in [node for node in root.iter("span") if "note" in node.get("class", "").split()]:
        block = next((above for above in note.iterancestors() if above.tag in TEXT_BLOCKS), None)
        if block is None:
            continue
        before, parent, tail = note.getprevious(), note.getparent(), note.tail or ""
        note.tail = None
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
        block.append(note)


def _stands_in_another(span: HtmlElement) -> bool:
    return any(above.get("class") == "fn" for above in span.iterancestors("span"))


def _place(span: HtmlElement, mark: str) -> HtmlElement:
    """Turn one footnote into its mark and its note; gives its item for the list."""
    _shorten_citations(span)
    item, note = _item(span, mark), _note(span, mark)
    label = gettext("Footnote %(mark)s") % {"mark": mark}
    words = {"class": "cite fn", "id": f"fnref-{mark}", "href": f"#fn-{mark}", "aria-label": label}
    link = make("a", mark, words)
    # for `unrender`, where a passage is copied without the end of its paragraph
    link.set("data-fn", (span.text or "") + "".join(map(_markup, span)))
    note.tail, span.tail = span.tail, None
    span.addprevious(link)
    link.addnext(note)
    span.getparent().remove(span)
    return item


def _item(span: HtmlElement, mark: str) -> HtmlElement:
    item = make("li", attributes={"id": f"fnote-{mark}"})
    back = gettext("Back to the text of footnote %(mark)s") % {"mark": mark}
    words = {"class": "back", "href": f"#fnref-{mark}", "aria-label": back}
    _fill(item, mark, span, make("a", gettext("Back"), words))
    return item


def _note(span: HtmlElement, mark: str) -> HtmlElement:
    label = gettext("Footnote %(mark)s") % {"mark": mark}
    words = {"class": "note", "id": f"fn-{mark}", "role": "note", "aria-label": label}
    note = make("span", attributes=words)
    close = gettext("Close footnote %(mark)s") % {"mark": mark}
    words = {"class": "close", "href": f"#fnref-{mark}", "aria-label": close}
    _fill(note, mark, span, make("a", gettext("Close"), words))
    for node in note.iter("a"):
        node.attrib.pop("id", None)
    return note


def _markup(node: HtmlElement) -> str:
    return html.tostring(node, encoding="unicode")


def _fill(target: HtmlElement, mark: str, span: HtmlElement, last: HtmlElement) -> None:
    """The mark, the words of the footnote, a link at the end."""
    target.append(make("span", mark, {"class": "n"}))
    target[-1].tail = " " + (span.text or "")
    for child in span:
        target.append(deepcopy(child))
    target[-1].tail = (target[-1].tail or "") + " "
    target.append(last)


def _shorten_citations(span: HtmlElement) -> None:
    """A note cannot stand in a note: there a citation leads to the list of what is cited."""
    for note in [node for node in span.iter("span") if "note" in node.get("class", "").split()]:
        numbers = [node.text for node in note.iter("span") if node.get("class") == "n"]
        link = note.getprevious()
        if link is not None and numbers:
            link.set("href", f"#ref-{numbers[0]}")
        for node in list(note):
            note.remove(node)
        note.text = None
        note.drop_tag()
