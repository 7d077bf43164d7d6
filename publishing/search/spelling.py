"""Typing errors forgiven: words of titles and names, found again by their trigrams. One table,
alike on both databases."""

from collections.abc import Iterable

from django.db.models import Count
from django.db.models.functions import Length

from .tables import WordGram
from .words import distance, grams

SHORTEST = 4
CANDIDATES = 100


def learn(words: Iterable[str]) -> None:
    """Remember words. They stay when their page goes: a word is offered only if it finds something
    public."""
    words = sorted({word for word in words if len(word) >= SHORTEST and word.isalpha()})
    first = {f"  {word[0]}" for word in words}
    known = (
        set(WordGram.objects.filter(gram__in=first, word__in=words).values_list("word", flat=True))
        if words
        else set()
    )
    WordGram.objects.bulk_create(
        [
            WordGram(gram=gram, word=word)
            for word in words
            if word not in known
            for gram in sorted(grams(word))
        ],
        ignore_conflicts=True,
    )


def known(words: Iterable[str]) -> list[str]:
    """Those of these words that are remembered."""
    words = set(words)
    first = {f"  {word[0]}" for word in words if word}
    found = WordGram.objects.filter(gram__in=first, word__in=words) if first else ()
    return sorted({row.word for row in found})


def unlearn(words: Iterable[str]) -> None:
    WordGram.objects.filter(word__in=list(words)).delete()


def forget() -> None:
    WordGram.objects.all().delete()


def candidates(word: str) -> list[str]:
    """Known words a typing error or two away, nearest first."""
    if len(word) < SHORTEST - 1 or not word.isalpha():
        return []
    allowed = 1 if len(word) < 6 else 2 if len(word) < 10 else 3
    close = (
        WordGram.objects.filter(gram__in=grams(word))
        .annotate(length=Length("word"))
        .filter(length__gte=len(word) - allowed, length__lte=len(word) + allowed)
        .values("word")
        .annotate(shared=Count("pk"))
        .order_by("-shared", "word")
        .values_list("word", "shared")[:CANDIDATES]
    )
    near = [(distance(word, other), -shared, other) for other, shared in close if other != word]
    return [other for wrong, _, other in sorted(near) if wrong <= allowed]
