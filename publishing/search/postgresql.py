"""PostgreSQL: one `tsvector` a row with one GIN index, written here word by word.

Beside the words in their places the vector holds, so that every question is answered by the index
alone: `~word` shortened, and compounds as one word; `^word` and `^~word` for the title, `@word` for
authors, `=kind`, `#language`. Words are folded and cut as on SQLite (`words.py`), so no extension
and no stemmer is needed, and consist of letters and digits, so nothing needs escaping.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import Any

from django.db import connection, models
from django.db.models import Value
from django.db.models.expressions import RawSQL

from .. import visibility
from ..compiled import Compiled
from . import ranking, words
from .public import published
from .query import SECTIONS, Group, Query, Term
from .tables import Document, IndexEntry, Ranked, Rows, within_years

# This many are ranked, and counted one by one; who finds more should add words.
CAP = 500
LARGE = 20 * CAP
LAST_POSITION = 16383
MOST_PLACES = 255
MAX_TOKENS = 60_000
WRITTEN_AT_ONCE = 20  # rows, which may be long chapters
# Title, summary and headings, authors.
HEAD = ":ABC"
KINDS = sorted({kind for kinds in SECTIONS for kind in kinds})
SEEN = visibility.open_sql("visible_from", "visible_until")


class Holds(models.Func):
    """Whether a row matches `Value(expression)`."""

    template = "vector @@ %(expressions)s::tsquery"
    output_field = models.BooleanField()


def write(rows: Rows) -> None:
    """Write the vectors of `(entry, Document)` rows."""
    with connection.cursor() as cursor:
        for start in range(0, len(rows), WRITTEN_AT_ONCE):
            some = rows[start : start + WRITTEN_AT_ONCE]
            # OFFSET: else it reads each text twice, to compare it and to store it.
            cursor.execute(
                "UPDATE publishing_indexentry AS entry SET vector = new.vector"  # noqa: S608
                " FROM (SELECT id, vector::tsvector"
                f" FROM (VALUES {', '.join(['(%s::bigint, %s::text)'] * len(some))})"
                " AS each (id, vector) OFFSET 0) AS new"
                " WHERE entry.id = new.id AND entry.vector IS DISTINCT FROM new.vector",
                [each for entry, document in some for each in (entry.pk, vector(entry, document))],
            )


def erase(entries: models.QuerySet) -> None:
    """The vector goes with its row."""


def tidy() -> None:
    """Nothing stands beside the rows."""


def vector(entry: IndexEntry, document: Document) -> str:
    """The vector of a row as PostgreSQL reads it: `'word':1A,7 '~word':1A`."""
    texts = [
        ("A", document.title),
        ("B", document.summary),
        ("C", document.authors),
        ("", document.text),
    ]
    # Words, and what compounds are as one word, with their places.
    found: dict[str, list[str]] = defaultdict(list)
    whole: dict[str, list[str]] = defaultdict(list)
    plain, position = {f"={entry.kind}"}, 0
    if entry.language:
        plain.add(f"#{words.fold(entry.language)}")
    for weight, text in texts:
        for parts in islice(words.compounds(text), MAX_TOKENS):
            one = words.joined(parts) if len(parts) > 1 else ""
            if one:
                _place(whole[one], position + 1, weight)
            for word in parts:
                position += 1
                _place(found[word], position, weight)
            if weight == "A":
                plain.update(f"^{word}" for word in parts)
                plain.update(f"^~{words.shortened(word)}" for word in filter(None, (*parts, one)))
            elif weight == "C":
                plain.update(f"@{word}" for word in parts)
        position += 10  # no phrase reaches from one field into the next
    short: dict[str, list[str]] = defaultdict(list)
    for word, places in chain(found.items(), whole.items()):
        short[f"~{words.shortened(word)}"] += places
    placed = chain(found.items(), short.items())
    lexemes = [f"'{word}':{','.join(at)}" if at else f"'{word}'" for word, at in placed]
    return " ".join([*lexemes, *(f"'{lexeme}'" for lexeme in plain)])


def _place(known: list[str], position: int, weight: str) -> None:
    """Beyond so many PostgreSQL keeps none."""
    if position <= LAST_POSITION and len(known) < MOST_PLACES:
        known.append(f"{position}{weight}")


def expression(
    query: Query, *, loose: bool = False, least: int = 0, level: str = "text", kind: str = ""
) -> str:
    """The query for the vector as PostgreSQL reads it; empty if it asks for years alone. With
    `least`, so many of its groups are enough; with `level`, they are held there."""
    parts = [_group(group, loose) for group in query.groups]
    if level != "text":
        parts += [_group(group, loose, level) for group in query.groups]
    elif least and parts:
        kept = ranking.most(query.groups, least)
        parts = [_any(_all(parts[index] for index in each) for each in kept)]
    parts += ["!" + _term(term) for term in query.excluded]
    for each in query.filters:
        sign = {"kind": "=", "language": "#"}.get(each.name)
        if sign:
            parts.append(
                ("!" if each.negated else "") + _any(f"'{sign}{value}'" for value in each.values)
            )
    if kind:
        parts.append(f"'={kind}'")
    return _all(parts) if parts else ""


def _group(branches: Iterable[Sequence[Term]], loose: bool = False, level: str = "text") -> str:
    return _any(_all(_term(term, loose, level) for term in branch) for branch in branches)


def _all(parts: Iterable[str]) -> str:
    return "(" + " & ".join(parts) + ")"


def _any(parts: Iterable[str]) -> str:
    return "(" + " | ".join(parts) + ")"


def _term(term: Term, loose: bool = False, level: str = "text") -> str:
    if term.author:
        return _all(
            f"'@{token}'" + (":*" if loose and len(token) > 2 else "") for token in term.tokens
        )
    if term.is_word:
        return _any(_endings(term.tokens[0], loose, level))
    if level == "title":
        phrase = _all(f"'^{token}'" for token in term.tokens)
    else:
        labels = HEAD if level == "head" else ""
        phrase = "(" + " <-> ".join(f"'{token}'{labels}" for token in term.tokens) + ")"
    return _any([phrase, *_endings(term.joined, loose, level)]) if term.joined else phrase


def _endings(word: str, loose: bool, level: str) -> Iterator[str]:
    sign = "^" if level == "title" else ""
    short, labels = words.shortened(word), HEAD if level == "head" else ""
    yield f"'{sign}~{short}'{labels}"
    if loose:
        labels = labels.replace(":", ":*") or ":*"
        if len(word) >= 3:
            yield f"'{sign}{word}'{labels}"
        if len(short) >= 4:
            yield f"'{sign}~{short}'{labels}"


class Matches:
    """What matches, best first. `counts` by kind, none above `cap` unless that is 0."""

    def __init__(
        self, query: Query, *, loose: bool = False, least: int = 0,
        weights: Sequence[float] = (), first: Collection[int] = (),
    ) -> None:  # fmt: skip
        self._query, self._loose = query, loose
        self._least, self._weights, self._first = least, weights, first
        self._years, self._parameters = _years(query)
        # The planner knows how common words are, though not whether they stand side by side.
        side_by_side = any(len(term.tokens) > 1 for term in query.terms)
        self._guess = (
            not side_by_side and not self._parameters and _rows(int(time.time()) // 60) > LARGE
        )
        self._rows: list[ranking.Row] | None = None
        text = self._expression()
        if self._large([text]) == [False]:
            rows = self._ranked([text], CAP + 1, [False])
            if len(rows) <= CAP:
                self._rows = rows
        self.counts = (
            self._counts() if self._rows is None else dict(Counter(row.kind for row in self._rows))
        )
        self.cap = CAP if self._rows is None else 0

    @property
    def pks(self) -> set[int]:
        """Of all that matches, where it is not too much to rank."""
        return {row.pk for row in self._rows or ()}

    def entries(self, kind: str = "") -> Ranked:
        rows = self._best(kind) if self._rows is None else self._rows
        found = [(row.pk, row.missing) for row in rows if not kind or row.kind == kind]
        return Ranked(len(found), lambda start, stop: found[start:stop])

    def _expression(self, **options: Any) -> str:
        return expression(self._query, loose=self._loose, least=self._least, **options)

    def _best(self, kind: str) -> list[ranking.Row]:
        """Of too many: those with the words in the title first of all, and chapters with the words
        at their head."""
        levels = [("title", kind), ("text", kind)]
        if kind in ("", "chapter"):
            levels.insert(1, ("head", "chapter"))
        texts = [self._expression(level=level, kind=kind) for level, kind in levels]
        return self._ranked(texts, CAP, self._large(texts))[:CAP]

    def _ranked(self, texts: list[str], limit: int, large: list[bool]) -> list[ranking.Row]:
        """Up to `limit` visible rows for each expression, best first; `large`: which of them match
        too many to be counted."""
        pools = [self._found(text, each) for text, each in zip(texts, large, strict=True)]
        asked = ranking.ways(self._query)
        held = [
            _group(way.branches, self._loose, level) for way in asked for level in ranking.LEVELS
        ]
        # How to look for what many rows hold depends on what it is: that is planned each time.
        rows = _rows_of(tuple(f"({sql} LIMIT {limit})" for sql in pools), not any(large))
        given = [each for text in texts for each in self._given(text)]
        found = rows("{" + ",".join(map(_quoted, held)) + "}", *given)
        return ranking.order(ranking.scored(self._query, asked, found, self._weights), self._first)

    def _counts(self) -> dict[str, int]:
        texts = {kind: self._expression(kind=kind) for kind in KINDS}
        large = dict(zip(texts, self._large(list(texts.values())), strict=True))
        counts, parts, parameters = {kind: CAP for kind in KINDS if large[kind]}, [], []
        for kind in KINDS:
            if not large[kind]:
                parts.append(
                    f"SELECT '{kind}', count(*)"  # noqa: S608
                    f" FROM ({self._found(texts[kind])} LIMIT {CAP}) AS counted"
                )
                parameters += self._given(texts[kind])
        if parts:
            with connection.cursor() as cursor:
                cursor.execute(" UNION ALL ".join(parts), parameters)
                counts |= {kind: number for kind, number in cursor if number}
        return counts

    def _large(self, texts: list[str]) -> list[bool]:
        """For each expression whether it surely matches far more rows than are looked at."""
        if not self._guess or not all(texts):
            return [False] * len(texts)
        parts = " UNION ALL ".join(
            ["SELECT 1 FROM publishing_indexentry WHERE vector @@ %s::tsquery"] * len(texts)
        )
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {parts}", texts)
            plan = cursor.fetchone()[0][0]["Plan"]
        while len(texts) > 1 and len(plan["Plans"]) == 1:
            plan = plan["Plans"][0]
        plans = plan["Plans"] if len(texts) > 1 else [plan]
        return [each["Plan Rows"] > LARGE for each in plans]

    def _found(self, text: str, large: bool = False) -> str:
        """The ids for an expression.

        What many rows match is read from the table's start until there is enough; all else comes
        from the index, kept apart from the limit on it, lest the planner hope for the same.
        """
        condition = "vector @@ %s::tsquery AND " if text else ""
        sql = f"SELECT id FROM publishing_indexentry WHERE {condition}{SEEN}{self._years}"  # noqa: S608
        return sql if large else f"WITH found AS MATERIALIZED ({sql}) SELECT id FROM found"  # noqa: S608

    def _given(self, text: str) -> list[Any]:
        return [*([text] if text else []), *self._parameters]


@lru_cache(maxsize=50)
def _rows_of(pools: tuple[str, ...], prepared: bool) -> Compiled:
    """The public rows among the ids that `pools` give, with whether each holds each of some
    expressions: `(id, kind, title, [held])`, of what is given as `'{"'word'", …}'` and what the
    pools ask for."""

    def build(held: str, *given: Any) -> models.QuerySet:
        flags = "ARRAY(SELECT vector @@ each FROM unnest(%s::tsquery[]) AS each)"
        rows = published().filter(pk__in=RawSQL(" UNION ".join(pools), given)).order_by()
        return rows.annotate(held=RawSQL(flags, [held])).values_list("id", "kind", "title", "held")

    return Compiled(build, prepared=prepared)


def _quoted(text: str) -> str:
    """As PostgreSQL reads an element of an array; expressions hold neither of the two signs."""
    return f'"{text}"'


@lru_cache(maxsize=1)
def _rows(_period: int) -> int:
    """About how many rows there are: asked again in every period."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reltuples FROM pg_class WHERE oid = 'publishing_indexentry'::regclass"
        )
        return max(0, cursor.fetchone()[0])


def alone(entries: models.QuerySet, groups: Sequence[Group], most: int) -> list[int]:
    """How many entries hold each group by itself, none counted above `most`."""
    if not groups:
        return []
    sql, parameters = "", list[Any]()
    for group in groups:
        found = entries.filter(Holds(Value(_group(group, loose=True)))).order_by().values("id")
        part, given = found[:most].query.sql_with_params()
        sql += f"{' UNION ALL ' if sql else ''}SELECT count(*) FROM ({part}) AS found"  # noqa: S608
        parameters += given
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [number for (number,) in cursor]


def _years(query: Query) -> tuple[str, list[int]]:
    conditions, parameters = "", list[int]()
    for each in query.filters:
        if each.name == "year":
            first, last = each.values
            within = "coalesce(year BETWEEN %s AND %s, false)"
            conditions += f" AND NOT {within}" if each.negated else " AND year BETWEEN %s AND %s"
            parameters += [first or 0, last or 9999]
    return conditions, parameters


def ids(entries: models.QuerySet, query: Query, loose: bool = False) -> models.QuerySet:
    """The ids of the pages, for `pk__in=`."""
    text = expression(query, loose=loose)
    found = entries.filter(Holds(Value(text))) if text else entries
    return within_years(found, query).order_by().values("page_id")


def titled(entries: models.QuerySet, found: list[str], limit: int) -> models.QuerySet:
    """Up to `limit` entries of any kind whose title holds words that begin like these."""
    text = _all(f"'^{token}':*" for token in found)
    rows = (
        "WITH found AS MATERIALIZED (SELECT id FROM publishing_indexentry"  # noqa: S608
        f" WHERE vector @@ %s::tsquery AND {SEEN}) SELECT id FROM found LIMIT {limit}"
    )
    return entries.filter(pk__in=RawSQL(rows, [text]))
