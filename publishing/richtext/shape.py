"""The one form in which every text is kept: each element where HTML allows it, white space as a
browser shows it.

`shape()` writes a new tree. Nothing here recurses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from publishing.later import later

from .elements import (
    BLOCKS,
    CAPTIONS,
    CELLS,
    FILLED,
    INLINE_ELEMENTS,
    LINES,
    PARENTS,
    VOID,
)  # fmt: skip
from .finishing import EDGES, finish, is_bare, trim
from .tree import add_text, adder, is_cite, is_linked, last_of, make, single_spaces

if TYPE_CHECKING:
    from lxml.html import HtmlElement

etree = later("lxml.etree")

DEEPEST = 40


def shape(source: HtmlElement) -> HtmlElement:
    """A new tree with everything `source` says, each thing in its place."""
    writer = _Writer()
    depths = []
    skip = None
    for event, node in etree.iterwalk(source, events=("start", "end")):
        if event == "start":
            if skip is None:
                depths.append(writer.depth)
                if is_cite(node):
                    skip = node
                    writer.atom(node)
                elif node is not source:
                    writer.start(node, depths[-2] if len(depths) > 1 else 0)
                if skip is None:
                    depths[-1] = writer.depth
                    writer.text(node.text)
            continue
        if skip is not None and node is not skip:
            continue
        depths.pop()
        if skip is None and node is not source:
            writer.end(node, depths[-1] if depths else 0)
        skip = None
        if node is not source:
            writer.text(node.tail)
    writer.close_to(0)
    return writer.root


class _Writer:
    """Writes one tree. `boxes` are the open blocks, `line` is what takes text now, `marks` the
    inline elements wanted around it, `open` those of them that are written so far."""

    def __init__(self) -> None:
        self.root = make("div")
        self.boxes = [self.root]
        self.line: HtmlElement | None = None
        self.marks: list[HtmlElement] = []
        self.open: list[HtmlElement] = []
        self.fresh = True  # nothing but white space so far: more of it does not show
        # Line breaks met and not yet written: one at an edge of an inline element stands outside
        # it.
        self.breaks = 0

    @property
    def depth(self) -> int:
        return len(self.boxes) - 1

    @property
    def box(self) -> HtmlElement:
        return self.boxes[-1]

    # what is met

    def start(self, node: HtmlElement, around: int) -> None:
        if node.tag in INLINE_ELEMENTS:
            if len(self.marks) < DEEPEST:
                self.marks.append(node)
            if node.tag == "small" and self.line is not None:
                trim(self.line)
                self.open, self.fresh = [], True
        elif node.tag in ("img", "br"):
            self.atom(node)
        elif self.line is not None and self.line.tag in CAPTIONS:
            self.breaks = int(not self.fresh or self.breaks > 0)
        else:
            self.close_to(around)
            self._start_block(node)

    def _start_block(self, node: HtmlElement) -> None:
        tag = node.tag
        if (tag == "div" and not node.get("class")) or (
            len(self.boxes) > DEEPEST and tag not in LINES
        ):
            return
        if tag in PARENTS and self.box.tag not in PARENTS[tag]:
            if tag != "tr" or self.box.tag != "table":
                return
            self.boxes.append(self._add("tbody"))
        if tag in CAPTIONS and self.box.find(tag) is not None:
            return
        if tag not in PARENTS:
            self._make_room()
        element = self._add(tag, node)
        if tag in LINES:
            self.line, self.fresh = element, True
        elif tag != "hr":
            self.boxes.append(element)

    def end(self, node: HtmlElement, around: int) -> None:
        if node.tag in INLINE_ELEMENTS:
            if self.marks and self.marks[-1] is node:
                self.marks.pop()
            self._settle()
        elif node.tag in VOID:
            return
        elif self.line is not None and self.line.tag in CAPTIONS and node.tag != self.line.tag:
            self.breaks = int(not self.fresh or self.breaks > 0)
        else:
            self.close_to(around)

    def text(self, text: str | None) -> None:
        text = single_spaces(text or "")
        if self.fresh:
            text = text.lstrip(EDGES)
        if not text:
            return
        if text == " " and len(self.open) < len(self.marks):
            # A blank opens no em, and no paragraph either.
            add_text(self.open[-1] if self.open else self.line, " ")
        else:
            add_text(self._place(), text)
        self.fresh = text.endswith(" ")

    def atom(self, node: HtmlElement) -> None:
        # Of a video one picture, before its link.
        first = not is_linked(self.box) or last_of(self.box) is None
        if node.tag == "img" and self.line is None and self.box.tag == "figure" and first:
            self._add("img", node)
            return
        if node.tag == "br":
            self.breaks += self.line is not None
            self.fresh = True
        else:
            copy_of(node, self._place())
            self.fresh = False

    # where it goes

    def _place(self) -> HtmlElement:
        """The innermost element for text: in a line, inside the marks."""
        if self.line is None:
            self._make_room()
            holds_text = (self.box.tag in CELLS and ends_bare(self.box)) or is_linked(self.box)
            self.line = self.box if holds_text else self._add("p")
            self.open = []
        self._settle()
        self._write_breaks()
        for mark in self.marks[len(self.open) :]:
            self.open.append(copy_of(mark, self.open[-1] if self.open else self.line))
        return self.open[-1] if self.open else self.line

    def _write_breaks(self) -> None:
        breaks, self.breaks = self.breaks, 0
        if self.line is None:
            return
        if breaks:
            trim(self.line)
            self.open = [node for node in self.open if node.getparent() is not None]
        if breaks and not ends_bare(self.line):
            for _ in range(breaks):
                adder()(self.open[-1] if self.open else self.line, "br")

    def _settle(self) -> None:
        same = 0
        while same < min(len(self.open), len(self.marks)) and self._opens(same):
            same += 1
        del self.open[same:]

    def _opens(self, index: int) -> bool:
        written, wanted = self.open[index], self.marks[index]
        return written.tag == wanted.tag and dict(written.attrib) == dict(wanted.attrib)

    def _make_room(self) -> None:
        """Inside a list or a table, what is no item and no cell gets one."""
        while self.box.tag in FILLED:
            self.boxes.append(self._add(FILLED[self.box.tag]))

    def _add(self, tag: str, like: HtmlElement | None = None) -> HtmlElement:
        self.end_line()
        element = adder()(self.box, tag, dict(like.attrib) if like is not None else {})
        if tag == "caption":
            self.box.insert(0, element)
        return element

    # what is finished

    def close_to(self, depth: int) -> None:
        self.end_line()
        while self.depth > depth:
            finish(self.boxes.pop())

    def end_line(self) -> None:
        line, self.line, self.open = self.line, None, []
        self.fresh, self.breaks = True, 0
        if line is None:
            return
        trim(line)
        if line.tag in LINES and is_bare(line):
            line.getparent().remove(line)


def copy_of(node: HtmlElement, parent: HtmlElement) -> HtmlElement:
    """A fresh element like `node` at the end of `parent`; a citation comes with its text."""
    copy = adder()(parent, node.tag, dict(node.attrib))
    if is_cite(node):
        copy.text = node.text
    return copy


def ends_bare(line: HtmlElement) -> bool:
    """Whether the run of text at the end of `line` has nothing yet."""
    last = last_of(line)
    return not line.text if last is None else last.tag in BLOCKS and not last.tail
