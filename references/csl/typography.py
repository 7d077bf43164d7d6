"""Text on its way to a citation: markup as private characters, quotes, punctuation where two pieces
meet, letter case.

Every piece of a citation is a plain `str`. The few tags a field may hold (`<i> <b> <sup> <sub>`,
small capitals, "leave my case alone") are turned into private-use characters on the way in and back
into tags on the way out; whatever else a field holds stays text and is escaped. So no field can
bring in a tag of its own.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from html import escape

# What stands before and after.
Tags = tuple[str, str]
NO_TAGS = ("", "")
TAGS = ("i", "b", "sup", "sub", "caps", "nocase", "roman", "title")
OPEN = {tag: chr(0xE000 + 2 * n) for n, tag in enumerate(TAGS)}
CLOSE = {tag: chr(0xE001 + 2 * n) for n, tag in enumerate(TAGS)}
TAG_OF = {OPEN[tag]: (tag, True) for tag in TAGS} | {CLOSE[tag]: (tag, False) for tag in TAGS}
HTML = {
    "i": ("<i>", "</i>"),
    "b": ("<b>", "</b>"),
    "sup": ("<sup>", "</sup>"),
    "sub": ("<sub>", "</sub>"),
    "caps": ('<span class="small-caps">', "</span>"),
    "nocase": ("", ""),
    "roman": ('<span class="roman">', "</span>"),
}
FIELD_TAG = re.compile(r"<(/?)(i|b|sup|sub|span)(\s[^<>]*)?>", re.IGNORECASE)
SPAN = {'class="nocase"': "nocase", "font-variant:small-caps": "caps"}
UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f\u200b\ue000-\uf8ff\ufeff\ufffe\uffff\ud800-\udfff]"
)
MARK = re.compile(r"[\ue000-\ue0ff]")
KEEPS_CASE = re.compile(
    "(" + "|".join(f"{OPEN[tag]}.*?{CLOSE[tag]}" for tag in ("nocase", "caps", "sup", "sub")) + ")"
)

# What happens where the end of one piece meets the beginning of the next.
SWALLOWS = {"!": ".:", "?": ".:", ":": ".", ";": ".:"}
GIVES_WAY = {":": "!?", ";": "!?"}
DOUBLED = ".,;:!? "
# The fields of a few works: every style in every language asks for each, one after the other.
MOST_KEPT = 256

SMALL_WORDS = frozenset(
    "a about above across afore after against al along alongside amid amidst among amongst an and"
    " apropos around as aside astride at atop barring before behind below beneath beside besides"
    " between beyond but by c ca circa d' de despite down during et except for from given in"
    " inside into lest like modulo near next nor notwithstanding of off on onto or out over"
    " past per plus pro qua sans since so than the through throughout till to toward towards"
    " under underneath until up upon van versus via von vs vs. v. with within without yet".split()
)


def visible(text: str) -> str:
    return MARK.sub("", text)


@lru_cache(maxsize=MOST_KEPT)
def printable(text: str) -> str:
    """Without control characters and without the private characters that stand for tags here; white
    space folded."""
    return " ".join(UNPRINTABLE.sub(" ", text).split())


@lru_cache(maxsize=MOST_KEPT)
def marked(text: str) -> str:
    """A field as text with marks: tags it may hold become marks when they close properly, the rest
    stays as written."""
    text = printable(text)
    pieces: list[str] = []
    waiting: list[tuple[str, int, str | None]] = []
    end = 0
    for match in FIELD_TAG.finditer(text):
        pieces.append(text[end : match.start()])
        end = match.end()
        closing, name, rest = match[1], match[2].lower(), (match[3] or "").strip().lower()
        if closing and waiting and waiting[-1][0] == name:
            _name, position, tag = waiting.pop()
            if tag:
                pieces[position] = OPEN[tag]
                pieces.append(CLOSE[tag])
                continue
        elif not closing:
            waiting.append((name, len(pieces), _tag(name, rest)))
        pieces.append(match[0])
    return "".join([*pieces, text[end:]])


def _tag(name: str, rest: str) -> str | None:
    if name != "span":
        return None if rest else name
    return next(
        (tag for sign, tag in SPAN.items() if sign in rest.replace("'", '"').replace(": ", ":")),
        None,
    )


def to_html(text: str, title: Tags = NO_TAGS) -> str:
    """Marks become tags, everything else is escaped. `title` is what stands around the title: a
    link, a `lang`."""
    tags = HTML | {"title": title}
    parts = []
    for piece in re.split(r"([\ue000-\ue0ff])", re.sub(r"\s+", " ", text).strip()):
        tag, opening = TAG_OF.get(piece, (None, None))
        parts.append(tags[tag][0 if opening else 1] if tag else escape(piece))
    return "".join(parts)


def to_text(html: str) -> str:
    """What a reader sees of a citation, for copying as plain text."""
    text = re.sub(r"</?(?:i|b|sup|sub|a|span)(?:\s[^<>]*)?>", "", html)
    for entity, sign in (
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", '"'),
        ("&#x27;", "'"),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ):
        text = text.replace(entity, sign)
    return text


class Typography:
    """The habits of one language: its quotation marks, and whether a full stop goes inside them."""

    def __init__(self, quotes: list[str], punctuation_inside: bool) -> None:
        self.outer, self.inner = quotes[:2], quotes[2:]
        self.inside = punctuation_inside

    def field(self, text: str) -> str:
        """A field with marks and with typographic quotes and apostrophes."""
        text = marked(text)
        if '"' not in text and "'" not in text:
            return text
        return self._quotes(text)

    def _quotes(self, text: str) -> str:
        signs, pending = list(text), list[tuple[str, int]]()
        befores, afters = _beside(text), _beside(text[::-1])[::-1]
        last = _last_closing(text, afters)
        for at, sign in enumerate(text):
            if sign not in "\"'":
                continue
            before, after = befores[at], afters[at]
            opens = (
                (not before or before.isspace() or before in "([{—–-/\"'“‘«¿¡")
                and bool(after)
                and not after.isspace()
            )
            if (
                pending
                and pending[-1][0] == sign
                and not opens
                and not (sign == "'" and after.isalnum())
            ):
                _sign, start = pending.pop()
                pair = self.inner if pending else self.outer
                signs[start], signs[at] = pair
            elif opens and not (sign == "'" and (after.isdigit() or last < at + 2)):
                pending.append((sign, at))
            elif sign == "'":
                signs[at] = "’"
        for sign, at in pending:
            if sign == "'":
                signs[at] = "’"
        return "".join(signs)

    def add(self, left: str, right: str) -> str:
        """`left + right`, with no doubled space or stop where they meet."""
        if not left or not right:
            return left + right
        i = len(left) - 1
        while i >= 0 and left[i] in TAG_OF:
            i -= 1
        if i < 0:
            return left + right
        last = left[i]
        right, j = self._without_swallowed(
            right, last, left[:i].rstrip()[-1:] if last == " " else ""
        )
        if j == len(right):
            return left + right
        first = right[j]
        if first in GIVES_WAY.get(last, ""):
            return left[:i] + left[i + 1 :] + right
        if first in ".," and self._is_closing(left, i):
            before = visible(left[:i]).rstrip("”»’")[-1:]
            if before == first or first in SWALLOWS.get(before, ""):
                return left + right[:j] + right[j + 1 :]
            if self.inside:
                while i > 0 and self._is_closing(left, i - 1):
                    i -= 1
                return left[:i] + first + left[i:] + right[:j] + right[j + 1 :]
        return left + right

    def _without_swallowed(self, right: str, last: str, before: str) -> tuple[str, int]:
        """`right` without the stops that do not show after `last` (a blank after `before`), and
        where it begins to show."""
        marks = []
        for at, first in enumerate(right):
            if first in TAG_OF:
                marks.append(first)
            elif not (
                (last == first and first in DOUBLED)
                or first in SWALLOWS.get(last, "")
                or (first == "." and last == " " and before in ".?!:;")
            ):
                return "".join(marks) + right[at:], len(marks)
        return "".join(marks), len(marks)

    def _is_closing(self, text: str, at: int) -> bool:
        sign = text[at]
        if sign == "’":
            return text.rfind("‘", 0, at) > text.rfind("’", 0, at)
        return sign in "”»"

    def join(self, pieces: Iterable[str], delimiter: str = "") -> str:
        text = ""
        for piece in pieces:
            if piece:
                text = self.add(self.add(text, delimiter), piece) if text else piece
        return text

    def quoted(self, text: str) -> str:
        return self.add(self.outer[0] + text, self.outer[1])


def _beside(text: str) -> list[str]:
    """For every place the visible sign before it, "" where there is none."""
    found, last = [], ""
    for sign in text:
        found.append(last)
        last = last if MARK.match(sign) else sign
    return found


def _last_closing(text: str, afters: list[str]) -> int:
    """The place of the last ' that can close a quotation; -1 where none can."""
    places = range(len(text) - 1, 0, -1)
    return next(
        (
            at
            for at in places
            if text[at] == "'" and not text[at - 1].isspace() and not afters[at].isalnum()
        ),
        -1,
    )


def styled(text: str, tag: str) -> str:
    """`text` inside a tag; the same tag within it is turned upright, as a title within an italic
    title is."""
    if tag == "i":
        text = text.replace(OPEN["i"], OPEN["roman"]).replace(CLOSE["i"], CLOSE["roman"])
    return OPEN[tag] + text + CLOSE[tag]


def _outside_nocase(text: str, change: Callable[[str, bool], str]) -> str:
    """Apply `change(part, is_first)` to the parts of a text whose case may be changed."""
    changed, is_first = [], True
    for index, part in enumerate(KEEPS_CASE.split(text)):
        changed.append(part if index % 2 else change(part, is_first))
        is_first = is_first and not visible(part)
    return "".join(changed)


def _capitalised(word: str) -> str:
    for at, sign in enumerate(word):
        if sign.isalpha():
            return word[:at] + sign.upper() + word[at + 1 :]
        if sign.isdigit():
            return word
    return word


def capitalise_first(text: str) -> str:
    """The first letter, unless its word has capitals of its own (arXiv)."""

    def change(part: str, is_first: bool) -> str:
        match = re.match(r"(\W*)(\S*)", part) if is_first else None
        if not match or not match[2] or any(sign.isupper() for sign in match[2]):
            return part
        return match[1] + match[2][0].upper() + part[match.start(2) + 1 :]

    return _outside_nocase(text, change)


def capitalise_all(text: str) -> str:
    return _outside_nocase(
        text, lambda part, _first: re.sub(r"\S+", lambda word: _capitalised(word[0]), part)
    )


def sentence_case(text: str) -> str:
    shout = visible(text).isupper()

    def change(part: str, is_first: bool) -> str:
        words = re.sub(
            r"\S+", lambda word: word[0].lower() if shout or word[0].istitle() else word[0], part
        )
        return capitalise_first(words) if is_first else words

    return _outside_nocase(text, change)


def title_case(text: str) -> str:
    """English headline case: small words and lone letters stay small unless they begin or end the
    title or begin a subtitle; JAMA stays JAMA."""
    end = visible(text).split()[-1:]

    def change(part: str, is_first: bool) -> str:
        words, begins = re.split(r"(\s+)", part), is_first
        for index in range(0, len(words), 2):
            plain = visible(words[index]).strip('()[]“”‘’«»",.:;!?')
            small = plain in SMALL_WORDS or len(plain) == 1 or plain == "d’"
            if plain and (begins or not small) and (plain.islower() or "-" in plain):
                words[index] = _headline(words[index])
            if visible(words[index]):
                begins = visible(words[index])[-1:] in (":", "?", "!")
        return "".join(words)

    text = _outside_nocase(text, change)
    return _last_capitalised(text) if end and end[0] in SMALL_WORDS else text


def _last_capitalised(text: str) -> str:
    start = text.rfind(" ") + 1
    return text[:start] + _outside_nocase(text[start:], lambda part, _first: _capitalised(part))


def _headline(word: str) -> str:
    """Each part of a hyphenated word, save a lone letter such as the e of e-mail and small words
    after the first."""
    parts = word.split("-")
    if len(parts) == 1:
        return _capitalised(word)
    return "-".join(
        (
            part
            if len(visible(part)) == 1 or (index and part in SMALL_WORDS) or not part.islower()
            else _capitalised(part)
        )
        for index, part in enumerate(parts)
    )


CASES: dict[str | None, Callable[[str], str]] = {
    "lowercase": lambda text: _outside_nocase(text, lambda part, _first: part.lower()),
    "uppercase": lambda text: _outside_nocase(text, lambda part, _first: part.upper()),
    "capitalize-first": capitalise_first,
    "capitalize-all": capitalise_all,
    "sentence": sentence_case,
    "title": title_case,
}
