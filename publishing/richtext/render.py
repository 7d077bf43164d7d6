"""From stored rich text to the HTML a reader gets, once, when a page is written.

`render()` takes clean text and gives HTML with anchored headings, numbered figures, scrolling
tables, click-to-load videos, labelled voices, footnotes and resolved links, with the list of
headings. Citations are the business of `references.citing.rendering`, which joins in through
`passes`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import override

from . import figures, footnotes, headings, links, plain, sanitise, videos, voices

if TYPE_CHECKING:
    from lxml.html import HtmlElement

WORDS_A_MINUTE = 220


@dataclass
class Rendered:
    """What one rendering gives: HTML, headings as dicts `{level, id, text, number}`, the plain text
    and how many words it has, stored links found."""

    html: str = ""
    contents: list[dict] = field(default_factory=list)
    text: str = ""
    words: int = 0
    targets: set[tuple[str, int]] = field(default_factory=set)


def render(
    body: str,
    *,
    language: str,
    numbered_parts: bool = False,
    passes: Iterable[Callable[[HtmlElement], None]] = (),
) -> Rendered:
    """Render clean rich text. `passes` are functions of the tree, run before anything else."""
    if not body:
        return Rendered()
    root = sanitise.parse(body)
    return render_tree(root, language=language, numbered_parts=numbered_parts, passes=passes)


def render_tree(
    root: HtmlElement,
    *,
    language: str,
    numbered_parts: bool = False,
    passes: Iterable[Callable[[HtmlElement], None]] = (),
) -> Rendered:
    """The same of the tree of a clean text, which is used up."""
    text = plain.lines_of_tree(root)
    with override(language):
        for each in passes:
            each(root)
        footnotes.place(root)
        targets = _resolve_links(root)
        contents = headings.anchor(root, numbered_parts)
        figures.place(root)
        videos.place(root)
        figures.place_tables(root)
        voices.mark(root)
        footnotes.to_the_end_of_their_blocks(root)
    return Rendered(sanitise.serialise(root), contents, text, len(text.split()), targets)


def _resolve_links(root: HtmlElement) -> set[tuple[str, int]]:
    """Stored links become addresses, or no more than their words where no public page is behind
    them. Gives what they name."""
    pages = links.targets(root)
    addresses = {key: links.canonical_url(page) for key, page in pages.items() if page.is_public()}
    found = set()
    for node in list(root.iter("a")):
        parsed = links.parse(node.get("href", ""))
        if not parsed:
            continue
        found.add(parsed[:2])
        if parsed[:2] in addresses:
            node.set("href", addresses[parsed[:2]] + parsed[2])
        else:
            node.drop_tag()
    return found


def for_elsewhere(root: HtmlElement) -> None:
    """Take out of a page's HTML what works only on the page itself: buttons, notes in the margin,
    headings as links."""
    notes = [node for node in root.iter("span") if "note" in node.get("class", "").split()]
    for node in [*root.iter("button", "source"), *notes]:
        node.drop_tree()
    for picture in list(root.iter("picture")):
        picture.drop_tag()
    for link in list(root.iter("a")):
        link.attrib.pop("data-fn", None)
        classes = link.get("class", "").split()
        if "term" in classes:
            link.drop_tag()
        elif "sign" in classes:
            link.drop_tree()
        elif "here" in classes:
            link.drop_tag()
        elif "fn" in classes:
            link.set("href", link.get("href").replace("#fn-", "#fnote-"))
            link.text = f"[{link.text}]"
