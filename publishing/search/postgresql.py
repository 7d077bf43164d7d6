"""PostgreSQL: one `tsvector` a row with one GIN index, written here word by word.

Beside the words in their places the vector holds, so that every question is answered by the index
alone: `~stem` (by PostgreSQL's own stemmers), `^word` and `^~stem` for the title, `@word` for
authors, `=kind`, `#language`. Words come folded, so no extension is needed, and consist of letters
and digits, so nothing needs escaping.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connection, models
from django.db.models import Value
from django.db.models.expressions import RawSQL

from .. import visibility
from . import words
from .query import SECTIONS, Query, Term
from .tables import Document, IndexEntry, Ranked, Rows, within_years

STEMMERS = {
    "en": "english_stem",
    "es": "spanish_stem",
    "ca": "catalan_stem",
    "fr": "french_stem",
    "de": "german_stem",
    "it": "italian_stem",
    "pt": "portuguese_stem",
    "ro": "romanian_stem",
}
# This many are ranked, and counted one by one; who finds more should add words.
CAP = 500
LARGE = 20 * CAP
LAST_POSITION = 16383
MAX_TOKENS = 60_000
KINDS = sorted({kind for kinds in SECTIONS for kind in kinds})
SEEN = visibility.open_sql("visible_from", "visible_until")


class Rank(models.Func):
    """How well a row matches `Value(expression)`. Weights of text, authors, headings and title:
    fifty times in the text is once in the title."""

    template = "ts_rank_cd('{0.02, 0.5, 0.4, 1}', vector, %(expressions)s::tsquery)"
    output_field = models.FloatField()


class Holds(models.Func):
    """Whether a row matches `Value(expression)`."""

    template = "vector @@ %(expressions)s::tsquery"
    output_field = models.BooleanField()


Stems = dict[str, set[str]]
_stems: dict[tuple[str, str], str | None] = {}


def stems(wanted: Iterable[str], languages: Collection[str]) -> Stems:
    """`{word: {stem, …}}`. Stemmed again until nothing more comes off: “enfermedades” and
    “enfermedad” then meet."""
    languages = [language for language in STEMMERS if language in languages]
    missing = [
        (word, language)
        for word in set(wanted)
        for language in languages
        if (word, language) not in _stems
    ]
    if missing:
        if len(_stems) > 200_000:
            _stems.clear()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT word, language, coalesce((ts_lexize(name::regdictionary, once))[1], once)"
                " FROM (  SELECT word, language, name, (ts_lexize(name::regdictionary, word))[1] AS"
                " once  FROM unnest(%s::text[], %s::text[], %s::text[]) AS given (word, language,"
                " name)  JOIN pg_ts_dict ON dictname = name) AS stemmed",
                [
                    [word for word, _ in missing],
                    [language for _, language in missing],
                    [STEMMERS[language] for _, language in missing],
                ],
            )
            _stems.update(dict.fromkeys(missing))
            _stems.update({(word, language): stem for word, language, stem in cursor})
    return {
        word: {stem for language in languages if (stem := _stems.get((word, language)))}
        for word in wanted
    }


def write(rows: Rows) -> None:
    """Write the vectors of `(entry, Document)` rows."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE publishing_indexentry AS entry SET vector = new.vector"
            " FROM (SELECT %s::bigint AS id, %s::tsvector AS vector) AS new"
            " WHERE entry.id = new.id AND entry.vector IS DISTINCT FROM new.vector",
            [(entry.pk, vector(entry, document)) for entry, document in rows],
        )


def erase(entries: models.QuerySet) -> None:
    """The vector goes with its row."""


def tidy() -> None:
    """Nothing stands beside the rows."""


def vector(entry: IndexEntry, document: Document) -> str:
    """The vector of a row as PostgreSQL reads it: `'word':1A,7 '~stem':1A`."""
    texts = [
        ("A", document.title),
        ("B", document.summary),
        ("C", document.authors),
        ("", document.text),
    ]
    fields = [(weight, words.tokens(text)[:MAX_TOKENS]) for weight, text in texts]
    known = stems(
        {word for _, found in fields for word in found}, {entry.language, settings.LANGUAGE_CODE}
    )
    places: dict[str, list[str]] = defaultdict(list)
    plain, position = {f"={entry.kind}"}, 0
    if entry.language:
        plain.add(f"#{words.fold(entry.language)}")
    for weight, found in fields:
        for word in found:
            position += 1
            for lexeme in (word, *(f"~{stem}" for stem in known[word])):
                if position <= LAST_POSITION and len(places[lexeme]) < 255:
                    places[lexeme].append(f"{position}{weight}")
                else:
                    plain.add(lexeme)
            if weight == "A":
                plain.update((f"^{word}", *(f"^~{stem}" for stem in known[word])))
            elif weight == "C":
                plain.add(f"@{word}")
        position += 10  # no phrase reaches from one field into the next
    parts = [f"'{lexeme}':{','.join(at)}" for lexeme, at in places.items() if at]
    return " ".join([*parts, *(f"'{lexeme}'" for lexeme in plain if not places.get(lexeme))])


def expression(query: Query, *, loose: bool = False, title: bool = False, kind: str = "") -> str:
    """The query for the vector as PostgreSQL reads it; empty if it asks for years alone."""
    known = stems(
        {token for term in (*query.terms, *query.excluded) for token in term.tokens}, STEMMERS
    )
    parts = [
        _any(_all(_term(term, known, loose) for term in branch) for branch in group)
        for group in query.groups
    ]
    if title:
        parts += [
            _any(_all(_in_title(term, known, loose) for term in branch) for branch in group)
            for group in query.groups
        ]
    parts += ["!" + _term(term, known) for term in query.excluded]
    for each in query.filters:
        sign = {"kind": "=", "language": "#"}.get(each.name)
        if sign:
            parts.append(
                ("!" if each.negated else "") + _any(f"'{sign}{value}'" for value in each.values)
            )
    if kind:
        parts.append(f"'={kind}'")
    return _all(parts) if parts else ""


def ranking(query: Query, *, loose: bool = False) -> str:
    """The part of the query that says how well a row matches: what has places in the text."""
    known = stems({token for term in query.terms for token in term.tokens}, STEMMERS)
    groups = [
        [[term for term in branch if not term.author] for branch in group] for group in query.groups
    ]
    parts = [
        _any(_all(_term(term, known, loose) for term in branch) for branch in group)
        for group in groups
        if all(group)
    ]
    return _all(parts) if parts else ""


def _all(parts: Iterable[str]) -> str:
    return "(" + " & ".join(parts) + ")"


def _any(parts: Iterable[str]) -> str:
    return "(" + " | ".join(parts) + ")"


def _term(term: Term, known: Stems, loose: bool = False) -> str:
    if term.author:
        return _all(
            f"'@{token}'" + (":*" if loose and len(token) > 2 else "") for token in term.tokens
        )
    if not term.is_word:
        return "(" + " <-> ".join(f"'{token}'" for token in term.tokens) + ")"
    return _any(_endings(term.tokens[0], known, loose))


def _endings(word: str, known: Stems, loose: bool, mark: str = "") -> Iterator[str]:
    yield f"'{mark}{word}'"
    yield from (f"'{mark}~{stem}'" for stem in sorted(known[word]))
    if loose:
        beginnings = {
            part for part, least in ((word, 3), (words.shortened(word), 4)) if len(part) >= least
        }
        yield from (f"'{mark}{part}':*" for part in sorted(beginnings))


def _in_title(term: Term, known: Stems, loose: bool) -> str:
    if term.author:
        return _term(term, known, loose)
    if not term.is_word:
        return _all(f"'^{token}'" for token in term.tokens)
    return _any(_endings(term.tokens[0], known, loose, "^"))


class Matches:
    """What matches, best first. `counts` by kind, none above `cap` unless that is 0."""

    def __init__(self, entries: models.QuerySet, query: Query, loose: bool = False) -> None:
        self._base, self._query, self._loose = entries, query, loose
        self._years, self._parameters = _years(query)
        self._ranking = ranking(query, loose=loose)
        # The planner knows how common words are, though not whether they stand side by side.
        side_by_side = any(len(term.tokens) > 1 for term in query.terms)
        self._guess = (
            not side_by_side and not self._parameters and _rows(int(time.time()) // 60) > LARGE
        )
        self._rows: list[tuple[int, str]] | None = None
        text = self._expression()
        if self._large([text]) == [False]:
            rows = self._ranked([text], CAP + 1)
            if len(rows) <= CAP:
                self._rows = rows
        self.counts = (
            self._counts() if self._rows is None else dict(Counter(kind for _, kind in self._rows))
        )
        self.cap = CAP if self._rows is None else 0

    def entries(self, kind: str = "") -> Ranked:
        rows = self._best(kind) if self._rows is None else self._rows
        ids = [pk for pk, its_kind in rows if not kind or its_kind == kind]
        return Ranked(len(ids), lambda start, stop: ids[start:stop])

    def _expression(self, **options: Any) -> str:
        return expression(self._query, loose=self._loose, **options)

    def _best(self, kind: str) -> list[tuple[int, str]]:
        """Of too many: those with the words in the title first of all."""
        return self._ranked(
            [self._expression(title=True, kind=kind), self._expression(kind=kind)], CAP
        )[:CAP]

    def _ranked(self, texts: list[str], limit: int) -> list[tuple[int, str]]:
        """`(id, kind)` of up to `limit` visible rows for each expression, best first."""
        found = [
            self._found(text, large) for text, large in zip(texts, self._large(texts), strict=True)
        ]
        pool = " UNION ".join(f"({sql} LIMIT {limit})" for sql in found)
        parameters = [each for text in texts for each in self._given(text)]
        best = [Rank(Value(self._ranking)).desc()] if self._ranking else []
        rows = self._base.filter(pk__in=RawSQL(pool, parameters)).order_by(*best, "-id")
        return list(rows.values_list("id", "kind"))

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


@lru_cache(maxsize=1)
def _rows(_period: int) -> int:
    """About how many rows there are: asked again in every period."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reltuples FROM pg_class WHERE oid = 'publishing_indexentry'::regclass"
        )
        return max(0, cursor.fetchone()[0])


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
