"""The words found, marked in titles and in a stretch of the text."""

import re
from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ..text import nfc
from .query import Query, parse
from .words import STOPWORDS, WORD, fold, fold_in_place, shortened

LENGTH = 220


class Matcher:
    """Whether a word of a text is one that was looked for: the word itself, another ending, or its
    beginning."""

    def __init__(self, words: str | Query | Iterable[str]) -> None:
        """`words`: folded words, or a query, as typed or read."""
        if isinstance(words, str):
            words = parse(words)
        if isinstance(words, Query):
            terms = words.marked
            every = {token for term in terms for token in term.tokens}
            # An “of” within a phrase would be marked wherever it stands.
            self.whole = every - STOPWORDS or every
            words = {term.tokens[0] for term in terms if term.is_word} | {
                token for term in terms if term.author for token in term.tokens
            }
        else:
            self.whole = set(words)
        stems = {stem for word in words if len(stem := shortened(word)) >= 4}
        self.beginnings = tuple({word for word in words if len(word) >= 3} | stems)

    def __call__(self, folded: str) -> bool:
        return folded in self.whole or (
            bool(self.beginnings) and folded.startswith(self.beginnings)
        )

    def pattern(self) -> re.Pattern[str] | None:
        """Finds candidates in folded text, each to be asked about with `self(word)`."""
        starts = sorted({*self.whole, *self.beginnings})
        return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, starts))})") if starts else None


def mark(text: str, words: str | Query | Iterable[str] | Matcher) -> SafeString:
    """Escaped text with the words found in `<mark>`."""
    found = words if isinstance(words, Matcher) else Matcher(words)
    text = nfc(text)
    parts, last = [], 0
    for match in WORD.finditer(text):
        if found(fold(match[0])):
            parts += [(text[last : match.start()],), (format_html("<mark>{}</mark>", match[0]),)]
            last = match.end()
    return format_html_join("", "{}", [*parts, (text[last:],)])


def excerpt(text: str, words: str | Query | Iterable[str] | Matcher, length: int = LENGTH) -> str:
    """The stretch of text that holds most of the words found."""
    found = words if isinstance(words, Matcher) else Matcher(words)
    text = nfc(text)
    start = max(0, _best(text, found, length) - length // 3)
    if start:
        space = text.find(" ", start, start + length // 2)
        start = space + 1 if space > 0 else start
    end = len(text)
    if end > start + length:
        space = text.rfind(" ", start + length // 2, start + length)
        end = space if space > 0 else start + length
    return ("… " if start else "") + text[start:end] + (" …" if end < len(text) else "")


def _best(text: str, found: Matcher, length: int) -> int:
    """Where the stretch with most different words begins; the first of equals."""
    pattern = found.pattern()
    if pattern is None:
        return 0
    places = []
    for match in pattern.finditer(fold_in_place(text)):
        word = WORD.match(text, match.start())
        if word and found(fold(word[0])):
            places.append((match.start(), match[0]))
        if len(places) == 200:
            break
    best, most = 0, 0
    for index, (place, _) in enumerate(places):
        near = {
            word for other, word in places[index : index + 40] if other < place + length * 2 // 3
        }
        if len(near) > most:
            best, most = place, len(near)
    return best
