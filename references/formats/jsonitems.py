"""The items of a list in JSON one after the other, in a window over the file; what follows a broken
one is found again."""

import json
import re
from collections.abc import Iterator
from itertools import islice

from django.utils.translation import gettext as _

from .source import Source, pieces_of

_OPENING = re.compile(
    r"\s*(?:\{\s*\"(?:items|references|records|results|works|articles|publications)\"\s*:\s*)?(\[?)\s*"
)
_BETWEEN = re.compile(r"[\s,]*")
# Each place where a text breaks off is searched for from its beginning: a file with more of them is
# none of works.
MOST_BROKEN = 200
_NEXT_ITEM = re.compile(r"[,\[]\s*(?=\{)")
# Nothing JSON names in a message about a text that ends too early is longer, but for strings.
_NEAR = 50
# Nor is what comes before the first item.
_OPENED = 1000


class _Window:
    """As much of the text as was read and is still needed; `line` is the one it begins in."""

    def __init__(self, text: str | Source) -> None:
        self.pieces = pieces_of(text)
        self.text, self.line = "", 1
        while len(self.text) < _OPENED and self.widen():
            continue
        self.text = self.text.removeprefix("\ufeff")

    def widen(self) -> bool:
        """Twice as much of the file; whether there was more."""
        found, letters = [self.text], len(self.text)
        for piece in self.pieces:
            found.append(piece)
            letters += len(piece)
            if letters >= 2 * len(self.text):
                break
        self.text = "".join(found)
        return len(found) > 1

    def read_all(self) -> None:
        while self.widen():
            continue

    def after(self, pattern: re.Pattern[str], at: int) -> int | None:
        """Where `pattern` ends, which matches anything; None at the end of the file."""
        at = _end(pattern.match(self.text, at), at)
        while at == len(self.text) and self.widen():
            at = _end(pattern.match(self.text, at), at)
        return at if at < len(self.text) else None

    def line_at(self, at: int) -> int:
        return self.line + self.text.count("\n", 0, at)

    def let_go(self, at: int) -> int:
        """Of what is before `at`, once it is the greater part; gives where `at` is now."""
        if at < len(self.text) // 2:
            return at
        self.line, self.text = self.line_at(at), self.text[at:]
        return 0


def _end(found, at):
    return found.end() if found else at


def items(text: str | Source) -> Iterator[tuple[int, object]]:
    """`(line, item)` one after the other; where the file is broken, the error, then whatever items
    follow."""
    window, decoder = _Window(text), json.JSONDecoder()
    opening = _OPENING.match(window.text)
    closing = "]" if opening and opening[1] else ""
    at: int | None = window.after(_OPENING, 0)
    broken = 0
    line, counted = window.line, 0
    while at is not None and window.text[at] != closing:
        line, counted = line + window.text.count("\n", counted, at), at
        try:
            item, at = decoder.raw_decode(window.text, at)
        except (ValueError, RecursionError) as error:
            if _goes_on(error, window) and window.widen():
                continue
            yield line, ValueError(_broken(error, window.line))
            window.read_all()
            at, broken = _next_item(decoder, window.text, at + 1), broken + 1
            if at is None or broken == MOST_BROKEN:
                return
        else:
            yield line, item
        at = window.after(_BETWEEN, at)
        if at is not None:
            line, counted = line + window.text.count("\n", counted, at), at
            counted = at = window.let_go(at)


def _goes_on(error, window):
    """Whether an item may be broken only because no more of the file was read yet."""
    if not isinstance(error, json.JSONDecodeError):
        return False
    return error.msg.startswith("Unterminated string") or len(window.text) - error.pos < _NEAR


def _broken(error, first):
    if isinstance(error, json.JSONDecodeError):
        line = first + error.lineno - 1
        return _("the text is cut off or not JSON from line %(line)d on") % {"line": line}
    return _("it is nested too deeply, or a number has too many digits")


def _next_item(decoder, text, at):
    """Where the next readable work begins; a name or a date inside the broken one is no work."""
    for match in islice(_NEXT_ITEM.finditer(text, at), MOST_BROKEN):
        try:
            item, _end = decoder.raw_decode(text, match.end())
        except (ValueError, RecursionError):
            continue
        if "type" in item or "id" in item:
            return match.end()
    return None
