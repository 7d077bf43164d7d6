"""What differs between two texts: paragraph by paragraph, then word by word, with moved paragraphs
known as moved.

Pure functions of strings; nothing here asks the database. What no word shows (a citation, a link, a
figure, the level of a heading) is listed apart.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from .richtext import elements, tree

SAME, ADDED, REMOVED, CHANGED, MOVED = "same", "added", "removed", "changed", "moved"
# Below it two paragraphs are two paragraphs, above it one that was rewritten.
ALIKE = 0.4
# Fewer words than this stand anywhere: only longer ones are said to have moved.
MOVES_FROM = 4
# Longer runs of words that have nothing in common are shown one after the other.
MOST_WORDS = 2_500
# More lines than this between the first and the last that differ are not matched with each other.
MOST_LINES = 5_000
# The most of each kind of mark that are listed.
MOST_MARKS = 100

_WORD = re.compile(r"\s+|[^\W_]+|.", re.UNICODE | re.DOTALL)


@dataclass(frozen=True)
class Piece:
    """A run of words and what became of it: `same`, `added` or `removed`."""

    op: str
    text: str


@dataclass
class Block:
    """One paragraph, heading, cell … `op` is one of the five; `was` is the kind of block it was
    before, if another.
    """

    op: str
    kind: str
    pieces: list[Piece]
    was: str = ""


@dataclass
class Difference:
    """`blocks` in the order of the newer text; `marks` as `(kind, removed, added)`, each a list of
    words.
    """

    blocks: list[Block] = field(default_factory=list)
    marks: list[tuple[str, list[str], list[str]]] = field(default_factory=list)

    @property
    def any(self) -> bool:
        return bool(self.marks) or any(block.op != SAME for block in self.blocks)


@dataclass(frozen=True)
class _Line:
    kind: str
    text: str


def compare(before: str, after: str) -> Difference:
    """What differs between two pieces of clean rich text."""
    old, new = tree.parse(before or ""), tree.parse(after or "")
    return Difference(_compared(_lines(old), _lines(new)), _marks(old, new))


def words(before: str, after: str) -> list[Piece]:
    """What differs between two runs of plain words."""
    return _pieces(before or "", after or "")


# Blocks


def _lines(root):
    """The text as the lines a reader sees, each with its kind; walked without recursion."""
    lines, waiting = [], [(root, "p")]
    while waiting:
        node, kind = waiting.pop()
        if node.tag in elements.TEXT_BLOCKS:
            kind = node.tag
        text = _own_text(node)
        if text:
            lines.append(_Line(kind, text))
        waiting.extend((child, kind) for child in reversed(node) if _holds_lines(child))
    return lines


def _holds_lines(node):
    return any(
        node.tag in tags for tags in (elements.BLOCKS, elements.TEXT_BLOCKS, elements.PARENTS)
    )


def _own_text(node):
    """The words of a block without those of the blocks inside it."""
    parts, waiting = [], [(node, True)]
    while waiting:
        each, enter = waiting.pop()
        if not enter:
            parts.append(each)
            continue
        parts.append(each.text or "")
        if each.tag == "img":
            parts.append(f"[{each.get('alt') or each.get('src', '')}]")
        for child in reversed(each):
            waiting.append((child.tail or "", False))
            if not _holds_lines(child):
                waiting.append((child, True))
    return " ".join("".join(parts).split())


def _compared(old, new):
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    middle = _middle(old[start : len(old) - end], new[start : len(new) - end])
    return [*map(_same, new[:start]), *middle, *map(_same, new[len(new) - end :])]


def _same(line):
    return _all(SAME, line)


def _all(op, line):
    return Block(op, line.kind, [Piece(op, line.text)])


def _middle(old, new):
    if len(old) + len(new) > MOST_LINES:
        return [*(_all(REMOVED, line) for line in old), *(_all(ADDED, line) for line in new)]
    codes = SequenceMatcher(None, old, new).get_opcodes()
    gone = Counter(line.text for op, a, b, _c, _d in codes if op != "equal" for line in old[a:b])
    come = Counter(line.text for op, _a, _b, c, d in codes if op != "equal" for line in new[c:d])
    moved = {text for text in (gone & come) if len(text.split()) >= MOVES_FROM}
    blocks = []
    for op, a, b, c, d in codes:
        if op == "equal":
            blocks.extend(map(_same, new[c:d]))
        else:
            left = [line for line in old[a:b] if line.text not in moved]
            blocks.extend(_replaced(left, new[c:d], moved))
    return blocks


def _replaced(old, new, moved):
    blocks, waiting = [], list(old)
    for line in new:
        if line.text in moved:
            blocks.append(Block(MOVED, line.kind, [Piece(SAME, line.text)]))
            continue
        at = next(
            (index for index, other in enumerate(waiting[:20]) if _alike(other.text, line.text)),
            None,
        )
        if at is None:
            blocks.append(_all(ADDED, line))
            continue
        blocks.extend(_all(REMOVED, each) for each in waiting[:at])
        before = waiting[at]
        del waiting[: at + 1]
        was = before.kind if before.kind != line.kind else ""
        blocks.append(Block(CHANGED, line.kind, _pieces(before.text, line.text), was))
    blocks.extend(_all(REMOVED, each) for each in waiting)
    return blocks


def _alike(one, other):
    """Whether enough of their words are the same; counted, not matched, so that it costs little."""
    left, right = Counter(one.split()), Counter(other.split())
    total = left.total() + right.total()
    return total > 0 and 2 * (left & right).total() / total >= ALIKE


# Words


def _pieces(before, after):
    old, new = _WORD.findall(before), _WORD.findall(after)
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    pieces = [(SAME, old[:start])]
    old_middle, new_middle = old[start : len(old) - end], new[start : len(new) - end]
    if max(len(old_middle), len(new_middle)) > MOST_WORDS:
        pieces += [(REMOVED, old_middle), (ADDED, new_middle)]
    else:
        for op, a, b, c, d in SequenceMatcher(None, old_middle, new_middle).get_opcodes():
            if op == "equal":
                pieces.append((SAME, new_middle[c:d]))
            else:
                pieces += [(REMOVED, old_middle[a:b]), (ADDED, new_middle[c:d])]
    pieces.append((SAME, old[len(old) - end :]))
    return [Piece(op, "".join(text)) for op, text in pieces if text]


# Marks


def _marks(old, new):
    found = []
    for kind, of in (
        ("citation", _citations),
        ("link", _links),
        ("figure", _figures),
        ("heading", _headings),
    ):
        before, after = Counter(of(old)), Counter(of(new))
        removed, added = list((before - after).elements()), list((after - before).elements())
        if removed or added:
            found.append((kind, removed[:MOST_MARKS], added[:MOST_MARKS]))
    return found


def _citations(root):
    for node in root.iter("span"):
        if node.get("data-cite"):
            yield ", ".join(filter(None, (node.get("data-cite"), node.get("data-locator"))))


def _links(root):
    for node in root.iter("a"):
        yield f"{_own_text(node)} ({node.get('href', '')})"


def _figures(root):
    for node in root.iter("img"):
        yield node.get("src", "")


def _headings(root):
    for node in root.iter("h2", "h3", "h4"):
        yield f"{node.tag}: {_own_text(node)}"
