"""One search over everything public: one index row a page, two backends behind the same few
functions.

`index` and `remove` keep the rows, in the page's own transaction (`rows.py`). `run` answers what
somebody typed: it reads the query (`query.py`), asks the backend of the database (`postgresql.py`,
`sqlite.py`), first for the words and their endings, then, if little is found, for their beginnings,
then for words spelt nearly alike (`spelling.py`), then for pages that hold most of the words.
`ranking.py` says what comes first. `hits` makes results ready to show (`highlight.py`). `suggest`
gives titles that begin like what is being typed.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import log2
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

from . import alike as alike_words
from . import ranking, spelling
from .backends import backend
from .highlight import Matcher, Snippet, excerpt, mark
from .public import published, seen
from .query import Query, Term, parse
from .rows import (
    BATCH,
    index,
    index_all,
    rebuild,
    refresh,
    register_follower,
    remove,
    store,
    together,
)
from .tables import Document, IndexEntry, Ranked
from .words import COMPOUND, STOPWORDS, cut, evened, fold, tokens

__all__ = [
    "BATCH",
    "PER_PAGE",
    "Document",
    "Expansion",
    "Results",
    "Snippet",
    "alike",
    "excerpt",
    "find",
    "fold",
    "forget_words",
    "hits",
    "holding",
    "index",
    "index_all",
    "mark",
    "matching",
    "parse",
    "rebuild",
    "refresh",
    "register_follower",
    "remove",
    "run",
    "store",
    "suggest",
    "together",
    "tokens",
]

PER_PAGE = 20
# With fewer results than this, beginnings of words count and spelling is looked at.
FEW = 3
MAX_CORRECTED = 3
MAX_ASKED = 12
MAX_ALTERNATIVES = 40
# Nobody needs to know of a word how much more than this it finds.
MOST_COUNTED = 200
SUGGESTIONS = 8
CONVERSATION = ("comment", "question")
NOTHING = Ranked(0, lambda start, stop: [])


@dataclass(frozen=True)
class Expansion:
    """That a search for `phrase` (folded) also looks for `also`, and why, in words for the
    reader. `far`: how far that is from what was typed, 1, 2 …; the nearest is shown first."""

    phrase: str
    also: str
    reason: str = ""
    far: int = 1


@cache
def _expanders() -> list[Callable[[list[str]], list[Expansion]]]:
    """What adds other words to a query: functions from folded phrases to `Expansion`s."""
    return [import_string(path) for path in settings.SEARCH_EXPANDERS]


@dataclass
class Results:
    """What a search found and how it was understood."""

    query: Query
    entries: Ranked
    counts: dict[str, int] = field(default_factory=dict)
    # The most that is counted of a kind, if there was too much to count.
    cap: int = 0
    # The words searched for instead of those typed, of which nothing was found.
    corrected: str = ""
    # Words that would find more.
    suggestion: str = ""
    expansions: list[Expansion] = field(default_factory=list)
    # Words typed that stand nowhere, where pages with most of the others are shown.
    nowhere: list[str] = field(default_factory=list)
    # Whether the results hold most of the words, not all.
    partly: bool = False
    # When nothing is found: each word typed and how much it finds alone.
    alone: list[tuple[str, int]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def capped(self) -> bool:
        return self.cap > 0

    @property
    def unanswered(self) -> list[str]:
        """The words of the query that were looked for in vain."""
        words = self.nowhere or ([] if self.total else [word for word, _ in self.alone])
        return [token for word in words for token in cut(word)]

    @property
    def more(self) -> list[str]:
        """The kinds of which there is more than their number says."""
        return [kind for kind, number in self.counts.items() if self.cap and number >= self.cap]


def run(text: str, kind: str = "", *, as_typed: bool = False) -> Results:
    """Search for what was typed; `as_typed` corrects nothing."""
    typed = parse(text)
    if not typed:
        return Results(typed, NOTHING)
    search = _Search(typed)
    if _total(search.matches) < FEW and search.query.groups and not as_typed:
        search.look_closer()
    matches = search.matches
    return Results(
        query=search.query,
        entries=matches.entries(kind),
        counts=matches.counts,
        cap=matches.cap,
        corrected=search.corrected if matches.counts else "",
        suggestion=search.suggestion,
        expansions=search.expansions,
        nowhere=search.nowhere if search.partly else [],
        partly=search.partly,
        alone=[] if matches.counts else search.alone,
    )


class _Search:
    """The steps of a search: all words; a word spelt otherwise; most of the words."""

    def __init__(self, typed: Query) -> None:
        self.entries, self.typed = published(), typed
        self.corrected = self.suggestion = ""
        self.nowhere: list[str] = []
        self.alone: list[tuple[str, int]] = []
        self.partly = False
        self.query, self.expansions = _expanded(typed)
        self.matches = _matches(self.query)

    def look_closer(self) -> None:
        numbers = self._count(self.query)
        self.alone = [
            (ranking.said(self.query, group), number) for group, number in enumerate(numbers)
        ]
        words = self._words()
        better = self._respelt(words)
        if better and not _total(self.matches):
            query, expansions = _expanded(parse(better))
            self.corrected, self.query, self.expansions = better, query, expansions
            self.matches = _matches(query)
            numbers = self._count(query)
        elif not better and (likelier := self._respelt(words, rare=True)):
            found = _matches(_expanded(parse(likelier))[0])
            if _total(found) > _total(self.matches) > 0:
                self.suggestion = likelier
        if _total(self.matches) < FEW and len(self.query.groups) > 1 and self.query.is_plain:
            self._most(numbers)

    def _count(self, query: Query) -> list[int]:
        """How much each part of a query finds alone."""
        return backend().alone(self.entries, query.groups[:MAX_ASKED], MOST_COUNTED)

    def _words(self) -> dict[str, tuple[Term, int]]:
        """Each word typed that nothing else stands for, and how much it finds alone."""
        terms = {
            token: Term((token,), author=term.author)
            for group in self.query.groups
            if len(group) == 1 or all(branch[0].far == 0 for branch in group)
            for branch in group
            for term in branch
            for token in term.tokens
            if token not in STOPWORDS or term.author
        }
        asked = list(terms.items())[:MAX_ASKED]
        numbers = backend().alone(self.entries, [((term,),) for _, term in asked], MOST_COUNTED)
        return {word: (term, number) for (word, term), number in zip(asked, numbers, strict=True)}

    def _respelt(self, words: dict[str, tuple[Term, int]], *, rare: bool = False) -> str:
        """The text typed with words that stand nowhere replaced by what they may be; nothing
        if none may be. With `rare`, words that hardly anything holds."""
        wrong = [
            word
            for word, (_, number) in words.items()
            if (0 < number < FEW if rare else not number)
        ]
        pairs = [
            (word, other)
            for word in wrong[:MAX_CORRECTED]
            for other in _instead(word, author=words[word][0].author)
        ]
        numbers = backend().alone(
            self.entries,
            [
                ((Term(tuple(other.split()), author=words[word][0].author),),)
                for word, other in pairs
            ],
            MOST_COUNTED,
        )
        replaced: dict[str, str] = {}
        for (word, other), number in zip(pairs, numbers, strict=True):
            if number > words[word][1] * FEW:
                replaced.setdefault(word, other)
        return _written(self.typed.text, replaced) if replaced else ""

    def _most(self, numbers: list[int]) -> None:
        """Pages that hold most of the words, where hardly any holds all of them."""
        kept = [group for group, number in enumerate(numbers) if number]
        kept = sorted(sorted(kept, key=lambda group: numbers[group])[: ranking.MOST])
        if not kept:
            return
        query = ranking.only(self.query, kept)
        weights = [1 / log2(2 + numbers[group]) for group in kept]
        for least in dict.fromkeys((-(-len(kept) // 2), 1)):
            found = _matches(query, least=least, weights=weights)
            if _total(found) > _total(self.matches):
                self.nowhere = [
                    ranking.said(self.query, group)
                    for group in range(len(self.query.groups))
                    if group not in kept
                ]
                self.matches, self.query, self.partly = found, query, True
            if _total(self.matches) >= FEW:
                return


def _instead(word: str, *, author: bool) -> list[str]:
    """What a word that stands nowhere may have been meant to be: two words, or one spelt nearly
    alike."""
    together = [] if author else spelling.apart(word)[:3]
    return [*together, *spelling.candidates(word, names=author)[:3]]


def _written(text: str, replaced: dict[str, str]) -> str:
    return COMPOUND.sub(
        lambda match: "".join(
            replaced.get(evened(piece), piece) for piece in re.split(r"(\W+)", match[0])
        ),
        text,
    )


def find(text: str, kind: str = "") -> tuple[Ranked, dict[str, int]]:
    """Entries that hold every word of a query, best first, and the number of entries of each kind.

    Gives `(entries, {kind: count})`; an empty query gives nothing.
    """
    results = run(text, kind)
    return results.entries, results.counts


def matching(text: str, *kinds: str, loose: bool = False) -> models.QuerySet | None:
    """The ids of the pages of these kinds that a query finds, for `pk__in=`; None for an empty
    query.

    With `loose` the beginning of a word is always enough, for lists that are narrowed while one
    types.
    """
    query, _ = _expanded(parse(text))
    if not query:
        return None
    entries = seen().filter(kind__in=kinds)
    loose = loose or len(backend().ids(entries, query)[:FEW]) < FEW
    return backend().ids(entries, query, loose=loose)


def holding(words: Iterable[str]) -> set[str]:
    """Those of the words that something public holds, a few hundred at most."""
    asked = sorted(words)[:300]
    found: set[str] = set()
    for start in range(0, len(asked), MAX_ASKED):
        part = asked[start : start + MAX_ASKED]
        groups = [((Term((word,)),),) for word in part]
        numbers = backend().alone(published(), groups, 1)
        found |= {word for word, number in zip(part, numbers, strict=True) if number}
    return found


def forget_words(texts: Iterable[str]) -> None:
    """Correct nobody's typing to words of these texts any more, unless something found has them:
    names of those who were erased."""
    words = spelling.known({word for text in texts for word in cut(text)})
    entries = IndexEntry.objects.all()
    spelling.unlearn(
        word
        for word in words
        if (query := parse(word)) and not len(backend().ids(entries, query)[:1])
    )


def suggest(text: str) -> list[IndexEntry]:
    """Up to eight entries whose titles hold words that begin like those typed, names of people
    first."""
    words = cut(text[:100])[:6]
    if not words or ("".join(words).isascii() and not "".join(words)[1:]):
        return []
    typed = " ".join(words)
    found = (
        backend()
        .titled(published(), words, 200)
        .only("kind", "title", "url", "label", "language", "page_type", "page_id")
    )

    def rank(entry: IndexEntry) -> tuple:
        title = " ".join(cut(entry.title))
        return (
            entry.kind in CONVERSATION,
            not title.startswith(typed),
            entry.kind != "person",
            len(title),
            title,
            entry.pk,
        )

    best, seen = [], set()
    for entry in sorted(found.exclude(kind__in=CONVERSATION), key=rank):
        if entry.title not in seen:
            seen.add(entry.title)
            best.append(entry)
    return best[:SUGGESTIONS]


def alike(text: str, kinds: Iterable[str], most: int) -> list[IndexEntry]:
    """Entries of these kinds that share words with a text, of which the `most` longest count."""
    return alike_words.best(tuple(kinds), text, most)


@dataclass
class Hit:
    """A search result ready to show."""

    entry: IndexEntry
    title: str
    excerpt: str
    # The heading the excerpt stands under.
    heading: str = ""
    # Words typed that the page does not hold.
    without: str = ""


def hits(entries: Iterable[IndexEntry], query: str | Query) -> list[Hit]:
    """`query`: as typed, or `Results.query`, which knows what was corrected and expanded."""
    query = parse(query) if isinstance(query, str) else query
    found = Matcher(query)
    return [_hit(entry, query, found) for entry in entries]


def _hit(entry: IndexEntry, query: Query, found: Matcher) -> Hit:
    snippet = excerpt(entry.text, found)
    return Hit(
        entry,
        mark(entry.title, found),
        mark(snippet.text, found),
        mark(snippet.heading, found),
        ", ".join(ranking.said(query, group) for group in entry.missing),
    )


def _matches(query: Query, *, least: int = 0, weights: Sequence[float] = ()) -> Any:
    """The entries that hold the words; when they are few, those that hold words beginning like them
    too."""
    matches = backend().Matches(query, least=least, weights=weights)
    if _total(matches) < FEW and query.groups:
        loose = backend().Matches(
            query, loose=True, least=least, weights=weights, first=matches.pks
        )
        return loose if _total(loose) > _total(matches) else matches
    return matches


def _total(matches: Any) -> int:
    return sum(matches.counts.values())


def _expanded(query: Query) -> tuple[Query, list[Expansion]]:
    phrases = query.phrases() if _expanders() else []
    expansions = (
        [each for function in _expanders() for each in function(phrases)][:MAX_ALTERNATIVES]
        if phrases
        else []
    )
    alternatives: dict[str, list[tuple[str, int]]] = {}
    for each in expansions:
        alternatives.setdefault(each.phrase, []).append((each.also, each.far))
    query = query.with_alternatives(alternatives) if alternatives else query
    return query, [each for each in expansions if each.phrase in query.extended]
