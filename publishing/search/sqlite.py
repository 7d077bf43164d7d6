"""SQLite: an FTS5 table beside the rows. It has no stemmers: shortened words stand in columns of
their own."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import Q
from django.db.models.expressions import RawSQL

from . import words
from .query import Query, Term
from .tables import Document, Ranked, Rows, within_years

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
        text, visible = expression(query, loose), _filtered(entries, query)
        self._condition, self._order = "publishing_fts MATCH %s", RANK
        try:
            sql, parameters = visible.order_by().values("id", "kind").query.sql_with_params()
        except EmptyResultSet:
            sql, parameters = "SELECT NULL AS id, NULL AS kind WHERE 0", ()
        # SQLite takes the two for one query: it asks the table of words first.
        self._source = f"({sql}) AS entry"
        self._parameters = list(parameters)
        if text:
            self._source = f"publishing_fts JOIN {self._source} ON entry.id = publishing_fts.rowid"
            self._parameters.append(text)
        else:
            self._condition, self._order = "TRUE", "NULL"
        self.counts = dict(self._select("kind, count(*)", "GROUP BY kind"))

    def entries(self, kind: str = "") -> Ranked:
        total = self.counts.get(kind, 0) if kind else sum(self.counts.values())
        return Ranked(total, partial(self._ids, kind))

    def _ids(self, kind: str, start: int, stop: int) -> list[int]:
        condition, parameters = ("AND kind = %s", [kind]) if kind else ("", [])
        rest = f"{condition} ORDER BY {self._order}, entry.id DESC LIMIT %s OFFSET %s"
        return [pk for (pk,) in self._select("entry.id", rest, *parameters, stop - start, start)]

    def _select(self, what: str, rest: str, *parameters: Any) -> list[tuple]:
        sql = f"SELECT {what} FROM {self._source} WHERE {self._condition} {rest}"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(sql, [*self._parameters, *parameters])
            return cursor.fetchall()


def _filtered(entries: models.QuerySet, query: Query) -> models.QuerySet:
    entries = within_years(entries, query)
    for each in query.filters:
        if each.name != "year":
            condition = Q(**{f"{each.name}__in": each.values})
            entries = entries.exclude(condition) if each.negated else entries.filter(condition)
    for term in query.excluded:
        entries = entries.exclude(pk__in=_rows(_term(term)))
    return entries


def _rows(text: str) -> RawSQL:
    """The entries FTS5 finds, for `pk__in=`."""
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
    rows = "SELECT rowid FROM publishing_fts WHERE publishing_fts MATCH %s LIMIT %s"
    return entries.filter(pk__in=RawSQL(rows, [text, limit]))
