"""SQLite: an FTS5 table beside the rows. It has no stemmers: shortened words stand in columns of
their own, and with them compounds as one word."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import Q
from django.db.models.expressions import RawSQL

from . import ranking, words
from .public import published
from .query import Group, Query, Term
from .tables import Document, Found, Ranked, Rows, within_years

MAX_CHARACTERS = 400_000
# So many of the best by their words are put in order by what they are.
RANKED = 500
WORDS = "title summary authors text"
STEMS = "title_stems head_stems stems"
# Where a word is looked for, by `ranking.LEVELS`: words, then shortened words.
WITHIN = {
    "title": ("title", "title_stems"),
    "head": ("title summary authors", "title_stems head_stems"),
    "text": (WORDS, STEMS),
}
RANK = "bm25(publishing_fts, 10, 4, 6, 1, 5, 2, 0.5)"


def write(rows: Rows) -> None:
    """Write the texts of `(entry, Document)` rows."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "DELETE FROM publishing_fts WHERE rowid = %s", [(entry.pk,) for entry, _ in rows]
        )
        cursor.executemany(
            "INSERT INTO publishing_fts (rowid, title, summary, authors, text, title_stems,"
            " head_stems, stems) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [(entry.pk, *_texts(document)) for entry, document in rows],
        )


def _texts(document: Document) -> list[str]:
    texts = (document.title, document.summary, document.authors, document.text)
    fields = [list(words.compounds(text[:MAX_CHARACTERS])) for text in texts]
    title, summary, authors, text = ([*chain(*field), *_joined(field)] for field in fields)
    return [
        *(" ".join(chain(*field)) for field in fields),
        *(" ".join(map(words.shortened, field)) for field in (title, summary + authors, text)),
    ]


def _joined(field: Iterable[tuple[str, ...]]) -> list[str]:
    return [one for parts in field if len(parts) > 1 and (one := words.joined(parts))]


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


def expression(query: Query, loose: bool = False, least: int = 0) -> str:
    """The query in the words of FTS5; empty if it asks for filters alone. With `least`, so many of
    its groups are enough."""
    groups = [_group(group, loose) for group in query.groups]
    if least and groups:
        return _any(_all(groups[index] for index in kept) for kept in ranking.most(groups, least))
    return " AND ".join(groups)


def _group(branches: Iterable[Sequence[Term]], loose: bool = False, level: str = "text") -> str:
    return _any(_all(_term(term, loose, level) for term in branch) for branch in branches)


def _all(parts: Iterable[str]) -> str:
    return "(" + " AND ".join(parts) + ")"


def _any(parts: Iterable[str]) -> str:
    return "(" + " OR ".join(parts) + ")"


def _term(term: Term, loose: bool = False, level: str = "text") -> str:
    plain, stems = WITHIN[level]
    if term.author:
        return _all(
            f'authors : "{token}"' + (" *" if loose and len(token) > 2 else "")
            for token in term.tokens
        )
    if term.is_word:
        return _any(_endings(term.tokens[0], loose, plain, stems))
    phrase = f'{{{plain}}} : "{" ".join(term.tokens)}"'
    if not term.joined:
        return phrase
    return _any([phrase, *_endings(term.joined, loose, plain, stems)])


def _endings(word: str, loose: bool, plain: str, stems: str) -> Iterator[str]:
    short = words.shortened(word)
    yield f'{{{stems}}} : "{short}"'
    if loose:
        if len(word) >= 3:
            yield f'{{{plain}}} : "{word}" *'
        if len(short) >= 4:
            yield f'{{{stems}}} : "{short}" *'


class Matches:
    """What matches, best first, and `counts` by kind."""

    cap = 0

    def __init__(
        self, query: Query, *, loose: bool = False, least: int = 0,
        weights: Sequence[float] = (), first: Collection[int] = (),
    ) -> None:  # fmt: skip
        text, visible = expression(query, loose, least), _filtered(published(), query)
        self._condition, self._order = "publishing_fts MATCH %s", RANK
        try:
            sql, parameters = (
                visible.order_by().values("id", "kind", "title").query.sql_with_params()
            )
        except EmptyResultSet:
            sql, parameters = "SELECT NULL AS id, NULL AS kind, NULL AS title WHERE 0", ()
        # SQLite takes the two for one query: it asks the table of words first.
        self._source = f"({sql}) AS entry"
        self._parameters = list(parameters)
        if text:
            self._source = f"publishing_fts JOIN {self._source} ON entry.id = publishing_fts.rowid"
            self._parameters.append(text)
        else:
            self._condition, self._order = "TRUE", "NULL"
        self._query, self._loose, self._weights, self._first = query, loose, weights, first
        best = self._ranked()
        self._all = best if len(best) < RANKED else None
        self.counts = (
            dict(self._select("kind, count(*)", "GROUP BY kind"))
            if self._all is None
            else dict(Counter(row.kind for row in self._all))
        )

    @property
    def pks(self) -> set[int]:
        """Of all that matches, where it is not too much to rank."""
        return {row.pk for row in self._all or ()}

    def entries(self, kind: str = "") -> Ranked:
        total = self.counts.get(kind, 0) if kind else sum(self.counts.values())
        best = self._all if self._all is not None else self._ranked(kind)
        best = [row for row in best if not kind or row.kind == kind]
        return Ranked(total, partial(self._found, kind, best))

    def _ranked(self, kind: str = "") -> list[ranking.Row]:
        """The best by their words, in order of what they are."""
        asked = ranking.ways(self._query)
        held, parameters = [], list[str]()
        for way in asked:
            for level in ranking.LEVELS:
                held.append(
                    "entry.id IN (SELECT rowid FROM publishing_fts WHERE publishing_fts MATCH %s)"
                )
                parameters.append(_group(way.branches, self._loose, level))
        what = ", ".join(["entry.id", "kind", "entry.title", *held])
        found = self._in_order(what, kind, RANKED, 0, before=parameters)
        rows = ((*row[:3], row[3:]) for row in found)
        return ranking.order(ranking.scored(self._query, asked, rows, self._weights), self._first)

    def _found(self, kind: str, best: list[ranking.Row], start: int, stop: int) -> list[Found]:
        """Beyond the best, all others as their words rank them."""
        found = [(row.pk, row.missing) for row in best[start:stop]]
        first = max(start, len(best))
        if stop > first:
            rest = self._in_order("entry.id", kind, stop - first, first)
            found += [(pk, ()) for (pk,) in rest]
        return found

    def _in_order(
        self, what: str, kind: str, limit: int, offset: int, *, before: Sequence[Any] = ()
    ) -> list[tuple]:
        condition, parameters = ("AND kind = %s", [kind]) if kind else ("", [])
        rest = f"{condition} ORDER BY {self._order}, entry.id DESC LIMIT %s OFFSET %s"
        return self._select(what, rest, *parameters, limit, offset, before=before)

    def _select(
        self, what: str, rest: str, *parameters: Any, before: Sequence[Any] = ()
    ) -> list[tuple]:
        sql = f"SELECT {what} FROM {self._source} WHERE {self._condition} {rest}"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(sql, [*before, *self._parameters, *parameters])
            return cursor.fetchall()


def alone(entries: models.QuerySet, groups: Sequence[Group], most: int) -> list[int]:
    """How many entries hold each group by itself, none counted above `most`."""
    if not groups:
        return []
    try:
        sql, parameters = entries.order_by().values("id").query.sql_with_params()
    except EmptyResultSet:
        return [0] * len(groups)
    # Every part is ours; what a reader wrote is among the parameters. The plus keeps SQLite from
    # asking the table of words once for each row seen.
    part = (
        "SELECT count(*) FROM (SELECT 1 FROM publishing_fts WHERE publishing_fts MATCH %s"
        " AND +rowid IN (SELECT id FROM seen) LIMIT %s)"
    )
    parts = " UNION ALL ".join([part] * len(groups))
    given = [*parameters, *(each for group in groups for each in (_group(group, loose=True), most))]
    with connection.cursor() as cursor:
        cursor.execute(f"WITH seen (id) AS MATERIALIZED ({sql}) {parts}", given)
        return [number for (number,) in cursor]


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
