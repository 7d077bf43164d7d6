"""Pages that share most words with a text that is no query, such as a question being typed."""

from dataclasses import replace

from .backends import backend
from .query import Filter, Query, Term
from .tables import IndexEntry
from .words import STOPWORDS, cut, shortened

LOOKED_AT = 24
LEAST = 3  # letters of a word that says something


def words_of(text: str, most: int) -> list[str]:
    """The words that say something, each once, at most so many: the longest, in their order."""
    words = dict.fromkeys(
        word for word in cut(text) if len(word) >= LEAST and word not in STOPWORDS
    )
    kept = set(sorted(words, key=len, reverse=True)[:most])
    return [word for word in words if word in kept]


def best(kinds: tuple[str, ...], text: str, most: int) -> list[IndexEntry]:
    """Public entries of these kinds that hold at least two of its words and a third of them; the
    most words first, then as the search ranks them."""
    words = words_of(text, most)
    if not words:
        return []
    query = Query(text, (tuple((Term((word,)),) for word in words),))
    query = replace(query, filters=(Filter("kind", kinds),))
    found = list(backend().Matches(query).entries()[:LOOKED_AT])
    counted = [(_shared(entry, words), -place, entry) for place, entry in enumerate(found)]
    enough = max(min(2, len(words)), -(-len(words) // 3))
    ranked = sorted(counted, key=lambda row: row[:2], reverse=True)
    return [entry for shared, _place, entry in ranked if shared >= enough]


def _shared(entry: IndexEntry, words: list[str]) -> int:
    held = cut(f"{entry.title} {entry.text}"[:40_000])
    known = set(held) | {shortened(word) for word in held}
    return sum(word in known or shortened(word) in known for word in words)
