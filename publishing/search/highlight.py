"""The words found, marked in titles and in a sentence of the text."""

import re
from collections.abc import Iterable, Iterator
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString

from ..richtext.plain import HEADING
from ..richtext.sanitise import trusted
from ..text import nfc
from .query import Query, parse
from .words import (
    COMPOUND,
    STOPWORDS,
    WORD,
    compounds,
    evened,
    evened_in_place,
    joined,
    shortened,
    spans,
    written,
)
from .words import LONGEST as LONGEST_WORD

LENGTH = 220
# A sentence may be so much longer before it is cut.
LONGEST = 320
# A sentence ends here; not after “Dr.” or an initial, and not before a small letter. What stands
# before is looked at once a stop is found, which is sooner than at every letter.
_END = re.compile(r"[.!?…](?<![\s(.][A-Z].)(?<!\b[A-Z]r.)(?<!\bal.)[”’»\")\]]*\s+(?=[^a-z\s])")


class Snippet(NamedTuple):
    """What to show of a text: whole sentences where they are not too long, and the heading they
    stand under."""

    text: str
    heading: str = ""


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
            words |= {term.joined for term in terms if term.joined}
        else:
            self.whole = set(words)
        self.places: dict[str, list[tuple[int, int]]] = {}
        self.beginnings = tuple(word for word in words if len(word) >= 3)
        self.stems = tuple({stem for word in words if len(stem := shortened(word)) >= 4})
        starts = {*map(re.escape, {*self.whole, *self.beginnings})}
        starts |= {each for stem in self.stems for each in written(stem)}
        self._letters = {start[0] for start in starts}
        self._pattern = re.compile("|".join(sorted(starts))) if starts else None

    def __call__(self, folded: str) -> bool:
        return folded[:1] in self._letters and (
            folded in self.whole
            or folded.startswith(self.beginnings)
            or shortened(folded).startswith(self.stems)
        )

    def may_hold(self, folded: str) -> bool:
        """Of words written as one: whether any of them begins as one that is looked for."""
        return any(part[:1] in self._letters for part in WORD.findall(folded))

    def candidates(self, folded: str) -> Iterator[int]:
        """Where words of a folded text begin that may be looked for, each to be asked about with
        `self(word)`."""
        for match in self._pattern.finditer(folded) if self._pattern else ():
            start = match.start()
            if not (start and folded[start - 1].isalnum()):
                yield start


def mark(text: str, words: str | Query | Iterable[str] | Matcher) -> SafeString:
    """Escaped text with the words found in `<mark>`."""
    if not text:
        return trusted("")
    found = words if isinstance(words, Matcher) else Matcher(words)
    text = nfc(text)
    parts, last = [], 0
    for start, end in _marked(text, found):
        parts.append(f"{escape(text[last:start])}<mark>{escape(text[start:end])}</mark>")
        last = end
    return trusted("".join([*parts, escape(text[last:])]))


def _marked(text: str, found: Matcher) -> Iterator[tuple[int, int]]:
    """Where the words found stand."""
    matches: Iterator[re.Match[str] | None]
    if text.isascii() and "-" not in text and "'" not in text:  # nothing but single words
        matches = (WORD.match(text, start) for start in found.candidates(text.lower()))
    else:
        matches = COMPOUND.finditer(text)
    for match in filter(None, matches):
        if (places := found.places.get(match[0])) is None:
            places = found.places[match[0]] = _places(match[0], found)
        for start, end in places:
            yield start + match.start(), end + match.start()


def _places(compound: str, found: Matcher) -> list[tuple[int, int]]:
    """Where the words found stand in what is written as one; all of it if it is one as a whole."""
    if compound.isascii() and compound.isalnum() and len(compound) <= LONGEST_WORD:
        return [(0, len(compound))] if found(compound.lower()) else []  # nearly every word
    if compound.isascii() and not found.may_hold(compound.lower()):
        return []
    words = spans(compound)
    if len(words) > 1 and any(found(one) for one in map(joined, compounds(compound)) if one):
        return [(words[0][0], words[-1][1])]
    return [
        (start, end)
        for start, end in words
        if found(evened(compound[start:end]))
        or any(found(part) for (part, *_) in compounds(compound[start:end]))
    ]


def excerpt(
    text: str, words: str | Query | Iterable[str] | Matcher, length: int = LENGTH
) -> Snippet:
    """The sentences that hold most of the words found. A line of the text is a block of the page;
    one that begins with `HEADING` is a heading."""
    if not text:
        return Snippet("")
    found = words if isinstance(words, Matcher) else Matcher(words)
    text = nfc(text)
    place = _best(text, found, length)
    start, end = _line(text, place)
    heading = ""
    if text.startswith(HEADING, start):  # what is found is the heading: show how it goes on
        heading = text[start + 1 : end]
        start = place = min(end + 1, len(text))
        end = start if text.startswith(HEADING, start) else _line(text, start)[1]
    else:
        above = text.rfind(HEADING, 0, start)
        heading = text[above + 1 : text.find("\n", above)] if above >= 0 else ""
    return Snippet(_sentences(text[start:end], place - start, length), heading)


def _line(text: str, place: int) -> tuple[int, int]:
    start, end = text.rfind("\n", 0, place) + 1, text.find("\n", place)
    return start, end if end >= 0 else len(text)


def _sentences(line: str, place: int, length: int) -> str:
    """The sentence at `place`, the following ones while there is room, cut where one is too
    long."""
    ends = [match.end() for match in _END.finditer(line)]
    start = max((end for end in ends if end <= place), default=0)
    stops = [end for end in [*ends, len(line)] if end > place]
    end = max((stop for stop in stops if stop - start <= length), default=stops[0] if stops else 0)
    if end - start <= LONGEST:
        return line[start:end].strip()
    if place - start > length // 2:
        start = line.find(" ", max(start, place - length // 3), place) + 1 or place
        before = "… "
    else:
        before = ""
    if end - start > length:
        space = line.rfind(" ", start + length // 2, start + length)
        cut = space if space > 0 else start + length
        return before + line[start:cut] + " …"
    return before + line[start:end].strip()


def _best(text: str, found: Matcher, length: int) -> int:
    """Where the stretch with most different words begins; the first of equals."""
    places: list[tuple[int, str]] = []
    for start in found.candidates(evened_in_place(text)):
        word = WORD.match(text, start)
        if word and found(evened(word[0])):
            places.append((start, shortened(word[0])))
        if len(places) == 200:
            break
    best, most = 0, 0
    every = len({word for _, word in places})
    for index, (place, _) in enumerate(places):
        if most == every:
            break
        near = {
            word for other, word in places[index : index + 40] if other < place + length * 2 // 3
        }
        if len(near) > most:
            best, most = place, len(near)
    return best
