"""SQLite: an FTS5 table beside the rows. It has no stemmers: shortened words stand in columns of
their own."""

from collections.abc import Iterable, Iterator

from django.db import connection, models
from django.db.models import Count, Q
from django.db.models.expressions import RawSQL

from . import words
from .query import Query, Term
from .tables import Document, Rows

MAX_CHARACTERS = 400_000
WORDS = "{title summary authors text}"
STEMS = "{title_stems stems}"
RANK = "bm25(publishing_fts, 10, 4, 6, 1, 5, 0.5)"


def write(rows: Rows) -> None:
    """Write the texts of `(entry, Document)` rows."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "DELETE FROM publishing_fts WHERE rowid = %s", [(entry.pk,) for entry, _ in rows]
        )
        cursor.executemany(
            "INSERT INTO publishing_fts (rowid, title, summary, authors, text, title_stems, stems)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [(entry.pk, *_texts(document)) for entry, document in rows],
        )


def _texts(document: Document) -> list[str]:
    texts = (document.title, document.summary, document.authors, document.text)
    fields = [words.tokens(text[:MAX_CHARACTERS]) for text in texts]
    stems = [
        [words.shortened(word) for word in field] for field in (fields[0], fields[1] + fields[3])
    ]
    return [" ".join(field) for field in (*fields, *stems)]


def erase(entries: models.QuerySet) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "DELETE FROM publishing_fts WHERE rowid = %s", [(entry.pk,) for entry in entries]
        )


def tidy() -> None:
    """Drop texts whose row is gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM publishing_fts WHERE rowid NOT IN (SELECT id FROM publishing_indexentry)"
        )


def expression(query: Query, loose: bool = False) -> str:
    """The query in the words of FTS5; empty if it asks for filters alone."""
    return " AND ".join(
        _any(_all(_term(term, loose) for term in branch) for branch in group)
        for group in query.groups
    )


def _all(parts: Iterable[str]) -> str:
    return "(" + " AND ".join(parts) + ")"


def _any(parts: Iterable[str]) -> str:
    return "(" + " OR ".join(parts) + ")"


def _term(term: Term, loose: bool = False) -> str:
    if term.author:
        return _all(
            f'authors : "{token}"' + (" *" if loose and len(token) > 2 else "")
            for token in term.tokens
        )
    if not term.is_word:
        return f'{WORDS} : "{" ".join(term.tokens)}"'
    return _any(_endings(term.tokens[0], loose))


def _endings(word: str, loose: bool) -> Iterator[str]:
    yield f'{WORDS} : "{word}"'
    short = words.shortened(word)
    yield f'{STEMS} : "{short}"'
    if loose:
        beginnings = {part for part, least in ((word, 3), (short, 4)) if len(part) >= least}
        yield from (f'{WORDS} : "{part}" *' for part in sorted(beginnings))


class Matches:
    """What matches, best first, and `counts` by kind."""

    cap = 0

    def __init__(self, entries: models.QuerySet, query: Query, loose: bool = False) -> None:
        self._expression = expression(query, loose)
        found = _filtered(entries, query)
        if self._expression:
            found = found.extra(
                tables=["publishing_fts"],
                where=[
                    "publishing_fts.rowid = publishing_indexentry.id",
                    "publishing_fts MATCH %s",
                ],
                params=[self._expression],
            )
        self._found = found
        self.counts = dict(found.order_by().values_list("kind").annotate(number=Count("pk")))

    def entries(self, kind: str = "") -> models.QuerySet:
        found = self._found.filter(kind=kind) if kind else self._found
        if not self._expression:
            return found.order_by("-id")
        return found.extra(select={"rank": RANK}, order_by=["rank", "-id"])


def _filtered(entries: models.QuerySet, query: Query) -> models.QuerySet:
    for each in query.filters:
        if each.name == "year":
            condition = Q(
                year__gte=each.values[0] or 0, year__lte=each.values[1] or 9999, year__isnull=False
            )
        else:
            condition = Q(**{f"{each.name}__in": each.values})
        entries = entries.exclude(condition) if each.negated else entries.filter(condition)
    for term in query.excluded:
        entries = entries.exclude(pk__in=_rows(_term(term)))
    return entries


def _rows(text: str) -> RawSQL:
    """The entries FTS5 finds, for `pk__in=`; unlike `extra()` it can stand in a query inside
    another."""
    return RawSQL("SELECT rowid FROM publishing_fts WHERE publishing_fts MATCH %s", [text])


def ids(entries: models.QuerySet, query: Query, loose: bool = False) -> models.QuerySet:
    """The ids of the pages, for `pk__in=`."""
    found = _filtered(entries, query)
    text = expression(query, loose)
    if text:
        found = found.filter(pk__in=_rows(text))
    return found.order_by().values("page_id")


def titled(entries: models.QuerySet, found: list[str], limit: int) -> models.QuerySet:
    """Up to `limit` entries of any kind whose title holds words that begin like these."""
    text = _all(f'title : "{token}" *' for token in found)
    return entries.extra(
        where=[
            "publishing_indexentry.id IN (SELECT rowid FROM publishing_fts WHERE publishing_fts"
            " MATCH %s LIMIT %s)"
        ],
        params=[text, limit],
    )
