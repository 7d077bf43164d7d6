"""An export cut into its head and its items, without reading it as XML: what is broken in one item
harms no other, and no more than one is in memory."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_noop

from .packed import Unreadable

LONGEST = 32_000_000  # characters of one item
_MARK = re.compile(r"<!\[CDATA\[|<item(?=[\s>])|</item\s*>")
_LONGEST_MARK = 12
_END = "]]>"


@dataclass
class Part:
    """The head (`kind` "head") or an item. `broken` says in words what is wrong with its form."""

    kind: str
    line: int
    text: str
    broken: str = ""


def parts(pieces):
    """The head, then every item."""
    return _Splitter(iter(pieces)).parts()


class _Splitter:
    def __init__(self, pieces):
        self.pieces, self.text, self.line = pieces, "", 1
        self.wrong = None

    def _more(self):
        """A file that is cut off ends there; what is wrong is said once all of it was given."""
        try:
            piece = next(self.pieces, None)
        except Unreadable as error:
            self.wrong, piece = error, None
        if piece is None:
            return False
        self.text += piece
        return True

    def _take(self, end):
        taken, self.text = self.text[:end], self.text[end:]
        line, self.line = self.line, self.line + taken.count("\n")
        return line, taken

    def parts(self):
        end, mark = self._next_mark("<item")
        yield Part("head", *self._take(end))
        while mark:
            yield self._item()
            end, mark = self._next_mark("<item")
            self._take(end)
        if self.wrong:
            raise self.wrong

    def _item(self):
        at, broken = 1, ""
        while True:
            end, mark = self._find(at)
            if end > LONGEST or (not mark and len(self.text) > LONGEST):
                return self._too_long()
            if mark == "<![CDATA[":
                at, ended = self._cdata(end)
                if not ended:
                    line, text = self._take(at)
                    return Part("item", line, text, gettext_noop("A part of it is never closed."))
            elif mark == "":
                line, text = self._take(len(self.text))
                return Part("item", line, text, gettext_noop("The file ends in the middle of it."))
            elif mark == "<item":
                broken = gettext_noop("It does not end before the next one begins.")
                line, text = self._take(end)
                return Part("item", line, text, broken)
            else:
                end = self.text.index(">", end) + 1
                line, text = self._take(end)
                return Part("item", line, text)

    def _too_long(self):
        line, _text = self._take(6)
        return Part("item", line, "", gettext_noop("It is longer than any text could be."))

    def _next_mark(self, wanted):
        """Where the next item begins, past CDATA; what lies before it need not be kept."""
        at = 0
        while True:
            end, mark = self._find(at)
            if mark == "<![CDATA[":
                at, _ended = self._cdata(end)
            elif mark in ("", wanted):
                return end, mark
            else:
                at = end + len(mark)

    def _find(self, at):
        """`(place, mark)` of the next mark; `(end of the file, "")`."""
        while True:
            found = _MARK.search(self.text, at)
            if found:
                return found.start(), "</item" if found[0].startswith("</") else found[0]
            at = max(at, len(self.text) - _LONGEST_MARK)
            if len(self.text) > LONGEST or not self._more():
                return len(self.text), ""

    def _cdata(self, begin):
        """`(place behind it, whether it ends)`. One that holds the end of its item and the
        beginning of another was never closed."""
        at = begin
        while (end := self.text.find(_END, at)) < 0:
            at = max(at, len(self.text) - 2)
            if len(self.text) > LONGEST or not self._more():
                return len(self.text), False
        inside = self.text.find("</item>", begin, end)
        if inside >= 0 and self.text.find("<![CDATA[", inside, end) >= 0:
            return inside + len("</item>"), False
        return end + len(_END), True
