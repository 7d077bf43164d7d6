"""One search over everything public: one index row a page, two backends behind the same few
functions.

`index` and `remove` keep the rows, in the page's own transaction (`rows.py`). `run` answers what
somebody typed: it reads the query (`query.py`), asks the backend of the database (`postgresql.py`,
`sqlite.py`), first for the words and their endings, then, if little is found, for their beginnings,
then for words spelt nearly alike (`spelling.py`). `hits` makes results ready to show
(`highlight.py`). `suggest` gives titles that begin like what is being typed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.module_loading import import_string

from .. import visibility
from . import alike as alike_words
from . import spelling
from .backends import backend
from .highlight import Matcher, excerpt, mark
from .query import Query, Term, parse
from .rows import (
    BATCH,
    index,
    index_all,
    indexed_models,
    rebuild,
    register_follower,
    remove,
    store,
)
from .tables import Document, IndexEntry, Ranked
from .words import WORD, fold, tokens

__all__ = [
    "BATCH",
    "PER_PAGE",
    "Document",
    "Expansion",
    "Results",
    "alike",
    "excerpt",
    "find",
    "fold",
    "forget_words",
    "hits",
    "index",
    "index_all",
    "mark",
    "matching",
    "parse",
    "rebuild",
    "register_follower",
    "remove",
    "run",
    "store",
    "suggest",
]

PER_PAGE = 20
# With fewer results than this, beginnings of words count and spelling is looked at.
FEW = 3
MAX_CORRECTED = 3
MAX_ASKED = 6
MAX_ALTERNATIVES = 12
SUGGESTIONS = 8
NOTHING = Ranked(0, lambda start, stop: [])


@dataclass(frozen=True)
class Expansion:
    """That a search for `phrase` (folded) also looks for `also`, and why, in words for the
    reader."""

    phrase: str
    also: str
    reason: str = ""


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
    # When nothing is found: each word typed and how much it finds alone.
    alone: list[tuple[str, int]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def capped(self) -> bool:
        return self.cap > 0

    @property
    def more(self) -> list[str]:
        """The kinds of which there is more than their number says."""
        return [kind for kind, number in self.counts.items() if self.cap and number >= self.cap]


def run(text: str, kind: str = "", *, as_typed: bool = False) -> Results:
    """Search for what was typed; `as_typed` corrects nothing."""
    typed = parse(text)
    if not typed:
        return Results(typed, NOTHING)
    entries = _published()
    query, expansions = _expanded(typed)
    matches = _matches(entries, query)
    corrected = suggestion = ""
    alone: list[tuple[str, int]] = []
    if not as_typed and _total(matches) < FEW:
        better_text, alone = _respelt(entries, typed)
        better = _matches(entries, _expanded(parse(better_text))[0]) if better_text else None
        if better and _total(better) > _total(matches):
            if _total(matches):
                suggestion = better_text
            else:
                corrected, matches = better_text, better
                query, expansions = _expanded(parse(better_text))
    return Results(
        query=query,
        entries=matches.entries(kind),
        counts=matches.counts,
        cap=matches.cap,
        corrected=corrected,
        suggestion=suggestion,
        expansions=expansions,
        alone=[] if matches.counts else alone,
    )


def find(text: str, kind: str = "") -> tuple[Ranked, dict[str, int]]:
    """Entries that hold every word of a query, best first, and the number of entries of each kind.

    Gives `(entries, {kind: count})`; an empty query gives nothing.
    """
    results = run(text, kind)
    return results.entries, results.counts


def matching(text: str, kind: str, *, loose: bool = False) -> models.QuerySet | None:
    """The ids of the pages of one kind that a query finds, for `pk__in=`; None for an empty query.

    With `loose` the beginning of a word is always enough, for lists that are narrowed while one
    types.
    """
    query, _ = _expanded(parse(text))
    if not query:
        return None
    entries = _seen().filter(kind=kind)
    loose = loose or len(backend().ids(entries, query)[:FEW]) < FEW
    return backend().ids(entries, query, loose=loose)


def forget_words(texts: Iterable[str]) -> None:
    """Correct nobody's typing to words of these texts any more, unless something found has them:
    names of those who were erased."""
    words = spelling.known({word for text in texts for word in tokens(text)})
    entries = IndexEntry.objects.all()
    spelling.unlearn(
        word
        for word in words
        if (query := parse(word)) and not len(backend().ids(entries, query)[:1])
    )


def suggest(text: str) -> list[IndexEntry]:
    """Up to eight entries whose titles hold words that begin like those typed, names of people
    first."""
    words = tokens(text[:100])[:6]
    if not "".join(words)[1:]:
        return []
    typed = " ".join(words)
    found = (
        backend()
        .titled(_published(), words, 200)
        .only("kind", "title", "url", "label", "language", "page_type", "page_id")
    )

    def rank(entry: IndexEntry) -> tuple:
        title = " ".join(tokens(entry.title))
        return (
            entry.kind == "comment",
            not title.startswith(typed),
            entry.kind != "person",
            len(title),
            title,
            entry.pk,
        )

    best, seen = [], set()
    for entry in sorted(found.exclude(kind="comment"), key=rank):
        if entry.title not in seen:
            seen.add(entry.title)
            best.append(entry)
    return best[:SUGGESTIONS]


def alike(text: str, kinds: Iterable[str], most: int) -> list[IndexEntry]:
    """Entries of these kinds that share words with a text, of which the `most` longest count."""
    return alike_words.best(_published().filter(kind__in=list(kinds)), text, most)


@dataclass
class Hit:
    """A search result ready to show."""

    entry: IndexEntry
    title: str
    excerpt: str


def hits(entries: Iterable[IndexEntry], query: str | Query) -> list[Hit]:
    """`query`: as typed, or `Results.query`, which knows what was corrected and expanded."""
    found = Matcher(query)
    return [
        Hit(entry, mark(entry.title, found), mark(excerpt(entry.text, found), found))
        for entry in entries
    ]


def _seen() -> models.QuerySet:
    return IndexEntry.objects.filter(visibility.open_q("visible_from", "visible_until"))


def _published() -> models.QuerySet:
    """What the public may see at this moment: rows are written ahead of time, and a page above may
    have gone since."""
    visible = Q()
    for model in indexed_models():
        published = getattr(model._default_manager, "published", None)
        if published and (public := published()).query.where:
            kind = ContentType.objects.get_for_model(model)
            visible &= ~Q(page_type=kind) | Exists(public.order_by().filter(pk=OuterRef("page_id")))
    return _seen().filter(visible)


def _matches(entries: models.QuerySet, query: Query) -> Any:
    """The entries that hold the words; when they are few, those that hold words beginning like them
    too."""
    matches = backend().Matches(entries, query)
    if _total(matches) < FEW and query.groups:
        loose = backend().Matches(entries, query, loose=True)
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
    alternatives: dict[str, list[str]] = {}
    for each in expansions:
        alternatives.setdefault(each.phrase, []).append(each.also)
    return query.with_alternatives(alternatives) if alternatives else query, expansions


def _respelt(entries: models.QuerySet, query: Query) -> tuple[str, list[tuple[str, int]]]:
    """The text typed with misspelt words replaced, or nothing; and how much each word finds
    alone."""
    terms = {
        token: Term((token,), author=term.author) for term in query.terms for token in term.tokens
    }
    numbers = {word: _alone(entries, term) for word, term in list(terms.items())[:MAX_ASKED]}
    unknown = [word for word, number in numbers.items() if not number]
    rare = [word for word, number in numbers.items() if 0 < number < FEW]
    replaced = {}
    for word in (unknown or rare)[:MAX_CORRECTED]:
        for other in spelling.candidates(word)[:3]:
            if _alone(entries, replace(terms[word], tokens=(other,))) > numbers[word] * FEW:
                replaced[word] = other
                break
    respelt = (
        WORD.sub(lambda match: replaced.get(fold(match[0]), match[0]), query.text)
        if replaced
        else ""
    )
    return respelt, list(numbers.items())


def _alone(entries: models.QuerySet, term: Term) -> int:
    return _total(_matches(entries, Query(groups=(((term,),),))))
