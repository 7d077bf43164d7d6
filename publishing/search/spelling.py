"""Typing errors forgiven: words of titles and headings, found again by their trigrams. One table,
alike on both databases. Names of people are kept apart: only who asks for an author means one."""

from collections.abc import Iterable

from django.db import connection
from django.db.models import Count, Q
from django.db.models.functions import Length

from .tables import WordGram
from .words import distance, grams

SHORTEST = 4
LONGEST_JOINED = 24
CANDIDATES = 100
NAME = "@"


def learn(words: Iterable[str], names: Iterable[str] = ()) -> None:
    """Remember words, and names of people. They stay when their page goes: a word is offered only
    if it finds something public."""
    words = [
        *sorted({word for word in words if _is_worth(word)}),
        *sorted({NAME + name for name in names if _is_worth(name)}),
    ]
    first = {f"  {word.lstrip(NAME)[0]}" for word in words}
    known = (
        set(WordGram.objects.filter(gram__in=first, word__in=words).values_list("word", flat=True))
        if words
        else set()
    )
    rows = [
        (gram, word)
        for word in words
        if word not in known
        for gram in sorted(grams(word.lstrip(NAME)))
    ]
    if rows:
        _write(rows)


def _write(rows: list[tuple[str, str]]) -> None:
    """By hand: an object for each takes longer than its row."""
    into = "INSERT INTO publishing_wordgram (gram, word)"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            both = list(map(list, zip(*rows, strict=True)))
            each = "SELECT * FROM unnest(%s::text[], %s::text[])"
            cursor.execute(f"{into} {each} ON CONFLICT DO NOTHING", both)
        else:
            cursor.executemany(f"{into} VALUES (%s, %s) ON CONFLICT DO NOTHING", rows)


def _is_worth(word: str) -> bool:
    return SHORTEST <= len(word) < WordGram._meta.get_field("word").max_length and word.isalpha()


def known(words: Iterable[str]) -> list[str]:
    """Those of these words that are remembered, as words or as names."""
    words = set(words)
    first = {f"  {word[0]}" for word in words if word}
    wanted = [*words, *(NAME + word for word in words)]
    found = WordGram.objects.filter(gram__in=first, word__in=wanted) if first else ()
    return sorted({row.word.removeprefix(NAME) for row in found})


def unlearn(words: Iterable[str]) -> None:
    words = list(words)
    WordGram.objects.filter(word__in=[*words, *(NAME + word for word in words)]).delete()


def forget() -> None:
    WordGram.objects.all().delete()


def candidates(word: str, *, names: bool = False) -> list[str]:
    """Known words, or names of people, a typing error or two away, nearest first."""
    if len(word) < SHORTEST - 1 or not word.isalpha():
        return []
    allowed = 1 if len(word) < 8 else 2
    theirs = Q(word__startswith=NAME)
    close = (
        WordGram.objects.filter(theirs if names else ~theirs, gram__in=grams(word))
        .annotate(length=Length("word") - len(NAME if names else ""))
        .filter(length__gte=len(word) - allowed, length__lte=len(word) + allowed)
        .values("word")
        .annotate(shared=Count("pk"))
        .order_by("-shared", "word")
        .values_list("word", "shared")[:CANDIDATES]
    )
    known = [(other.removeprefix(NAME), shared) for other, shared in close]
    near = [(distance(word, other), -shared, other) for other, shared in known if other != word]
    return [other for wrong, _, other in sorted(near) if wrong <= allowed]


def apart(word: str) -> list[str]:
    """Two words that may have been written as one: “triggerpoint” → “trigger point”. Those of four
    letters and more are known; of shorter ones that is for the texts to say."""
    if not 2 * (SHORTEST - 1) <= len(word) <= LONGEST_JOINED or not word.isalpha():
        return []
    cuts = [(word[:at], word[at:]) for at in range(SHORTEST - 1, len(word) - SHORTEST + 2)]
    there = set(known(piece for pair in cuts for piece in pair if len(piece) >= SHORTEST))
    return [
        " ".join(pair)
        for pair in cuts
        if all(piece in there or len(piece) < SHORTEST for piece in pair)
    ]
