"""Words found in a text and put in the place of others: in what readers read, never in tags,
attributes or citations."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import sanitise
from .elements import BLOCKS, TEXT_BLOCKS
from .tree import is_cite

if TYPE_CHECKING:
    from lxml.html import HtmlElement

AROUND = 140
# Where one thing ends and the next begins; no words are found across it, and no text holds it.
_EDGE = "\ufdd1"
_BLOCKS = {*BLOCKS, *TEXT_BLOCKS, "br"}
_QUOTED = {"letter", "transcript"}
_SENTENCE = re.compile(r"[.!?…][”’»\")]?\s")


@dataclass(frozen=True)
class Search:
    """What is looked for, and what is put there."""

    find: str
    replace: str
    match_case: bool = False
    whole_words: bool = True

    def pattern(self) -> re.Pattern[str]:
        words = r"[ \u00a0]+".join(map(re.escape, self.find.split()))
        if self.whole_words:
            words = rf"(?<!\w){words}(?!\w)"
        return re.compile(words, 0 if self.match_case else re.IGNORECASE)

    def put(self, found: str) -> str:
        """The new words for what was found; a capital at the beginning stays one."""
        new = " ".join(self.replace.split())
        begins_a_sentence = found[:1].isupper() and not self.find.strip()[:1].isupper()
        return new[:1].upper() + new[1:] if begins_a_sentence and not self.match_case else new


@dataclass(frozen=True)
class Place:
    """One place: the words around it, and whether somebody else speaks there."""

    index: int
    before: str
    found: str
    new: str
    after: str
    quoted: bool = False


def find_in_text(text: str, search: Search) -> list[Place]:
    return [_place(index, match, text, search) for index, match in _matches(text, search)]


def find_in_html(html: str, search: Search) -> list[Place]:
    text, slots = _flat(sanitise.parse(html))
    found = []
    for index, match in _matches(text, search):
        slot = next(each for each in slots if each.end > match.start())
        found.append(_place(index, match, text, search, quoted=slot.quoted))
    return found


def replace_in_text(text: str, search: Search, places: Collection[int]) -> str:
    """The text with the words put at these places; what else stands there stays to the letter."""
    parts, last = [], 0
    for index, match in _matches(text, search):
        if index in places:
            parts += [text[last : match.start()], search.put(match[0])]
            last = match.end()
    return "".join([*parts, text[last:]])


def replace_in_html(html: str, search: Search, places: Collection[int]) -> str:
    root = sanitise.parse(html)
    text, slots = _flat(root)
    chosen = [match for index, match in _matches(text, search) if index in places]
    for match in reversed(chosen):  # from the end: what stands before keeps its place
        new = search.put(match[0])
        for slot in slots:
            start, end = max(match.start(), slot.start), min(match.end(), slot.end)
            if start < end:
                slot.put(start - slot.start, end - slot.start, new)
                new = ""  # what reaches over emphasis goes where it begins
    return sanitise.clean(sanitise.serialise(root))


def _matches(text: str, search: Search) -> Iterator[tuple[int, re.Match[str]]]:
    return enumerate(search.pattern().finditer(text))


def _place(
    index: int, match: re.Match[str], text: str, search: Search, quoted: bool = False
) -> Place:
    before = text[max(0, match.start() - AROUND) : match.start()].rpartition(_EDGE)[2]
    after = text[match.end() : match.end() + AROUND].partition(_EDGE)[0]
    ends = list(_SENTENCE.finditer(before))
    if ends:
        before = before[ends[-1].end() :]
    elif match.start() - len(before) > 0 and len(before) == AROUND:
        before = "… " + before.partition(" ")[2]
    if end := _SENTENCE.search(after):
        after = after[: end.end()].rstrip()
    elif len(after) == AROUND:
        after = after.rpartition(" ")[0] + " …"
    return Place(index, before, match[0], search.put(match[0]), after, quoted)


@dataclass
class _Slot:
    """A run of text of the tree: the `text` or the `tail` of a node."""

    node: HtmlElement
    name: str
    start: int
    end: int
    quoted: bool

    def put(self, start: int, end: int, new: str) -> None:
        kept = getattr(self.node, self.name)
        setattr(self.node, self.name, kept[:start] + new + kept[end:])


def _flat(root: HtmlElement) -> tuple[str, list[_Slot]]:
    """All text one after the other, with an edge wherever a block, a citation or a footnote begins
    or ends; and where each run of it stands in the tree."""
    parts: list[str] = []
    slots: list[_Slot] = []
    length = 0

    def add(node: HtmlElement, name: str, quoted: bool) -> None:
        nonlocal length
        text = getattr(node, name) or ""
        if text:
            slots.append(_Slot(node, name, length, length + len(text), quoted))
            parts.append(text)
            length += len(text)

    def edge() -> None:
        nonlocal length
        parts.append(_EDGE)
        length += 1

    add(root, "text", False)
    waiting, quoted = [(root, root.iterchildren(), False)], False
    while waiting:
        above, children, quoted = waiting[-1]
        node = next(children, None)
        if node is None:
            waiting.pop()
            if waiting:
                if _is_apart(above):
                    edge()
                add(above, "tail", waiting[-1][2])
            continue
        if _is_apart(node):
            edge()
        if is_cite(node):
            edge()
            add(node, "tail", quoted)
            continue
        inside = quoted or node.tag == "blockquote" or node.get("class") in _QUOTED
        add(node, "text", inside)
        waiting.append((node, node.iterchildren(), inside))
    return "".join(parts), slots


def _is_apart(node: HtmlElement) -> bool:
    return node.tag in _BLOCKS or node.get("class") == "fn" or is_cite(node)
