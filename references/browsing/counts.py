"""How many works each choice of the library leaves: one question to the database, whatever there
is, and of the whole library one more between two writings.

What a choice leaves of the whole library is kept by year, and answers for lists that are narrowed
by years and by one thing more. For all else the works that fit the words, subjects and person asked
for are gathered once (`base`); the other choices become flags of each row, and the works that hold
all of them are gathered too (`shown`): only a facet that is chosen has to look at more, for its
counts go without its own choice. The columns are all in one index, which alone is read.
"""

from collections import defaultdict

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q

from publishing.http import parts

from ..models import Keyword, Reference, StudyFacts
from .selection import FACTS, with_notes

# The facets of one column, as they are called in the address.
COLUMNS = {
    "design": "study_design",
    "language": "language",
    "country": "country",
    "reading": "reading_state",
}
YEARS = ("from", "to", "decade")
# What a work has or has not: `{facet: column}`.
HAVING = {"notes": "noted", "fulltext": "has_free_text"}
# Works by year: those shown, those but for the years asked for; and the flags each goes without.
BY_YEAR = {"shown": (), "others": YEARS}
FACETS = BY_YEAR | {name: (name,) for name in (*COLUMNS, *HAVING)}
TERMS = 60
# What MEDLINE says of nearly every article and nobody would choose by.
CHECK_TAGS = "humans|human|animals|female|male|adult|middle aged|aged|article|priority journal"


class FacetCounts:
    """`years`: rows of year, total, shown, others (shown but for the years); `values`: {facet:
    {value: works}}."""

    def __init__(self, selection):
        self._selection = selection
        self._common, self._flags = selection.gathering(), selection.flags()
        self._is_whole = not (self._common or self._flags)
        # Not for one request alone: it looks at all works.
        kept = self._is_whole or parts.name()
        self._whole = parts.kept(("works by year",), _whole) if kept else None
        self.values, asked = defaultdict(dict), {}
        for facet, without in FACETS.items():
            if facet == "others" and not any(name in self._flags for name in YEARS):
                continue  # as those shown
            held = [name for name in self._flags if name not in without]
            known = self._known(facet, held)
            if known is None:
                asked[facet] = held
            else:
                self.values[facet] = known
        self.values |= {facet: {} for facet in asked}
        for facet, value, number in self._rows(asked):
            self.values[facet][value] = number
        self.years = self._years()

    def _years(self):
        """Of every year that a work is of."""
        if self._whole is not None:
            total = self._whole["all"][""]
        else:
            total = _by_number(self.values.pop("all"))
        shown = _by_number(self.values.pop("shown"))
        others = _by_number(self.values.pop("others")) if "others" in self.values else shown
        return [
            {
                "year": year, "total": number, "shown": shown.get(year, 0),
                "others": others.get(year, 0),
            }
            for year, number in sorted(total.items(), key=lambda row: (row[0] is None, row[0] or 0))
        ]  # fmt: skip

    def _known(self, facet, held):
        """`{value: works}` by what is kept of the whole library; None where that says nothing."""
        others = [name for name in held if name not in YEARS]
        if self._whole is None or self._common or len(others) > (facet in BY_YEAR):
            return None
        chosen = self._selection.has_year if len(held) > len(others) else lambda _year: True
        if facet in BY_YEAR:
            values = self._selection.values()
            of = self._whole[others[0]].get(values[others[0]], {}) if others else None
            found = self._whole["all"][""] if of is None else of
            return {year: number for year, number in found.items() if chosen(year)}
        counts = {
            value: sum(number for year, number in by_year.items() if chosen(year))
            for value, by_year in self._whole[facet].items()
        }
        return {value: number for value, number in counts.items() if number}

    @property
    def total(self):
        return sum(row["total"] for row in self.years)

    @property
    def shown(self):
        return sum(row["shown"] for row in self.years)

    def _rows(self, asked):
        """`(facet, value, works)`; `asked`: `{facet: flags that its works hold}`."""
        base, parameters = _base(self._common, self._flags)
        # What was looked up is kept for every part; the index alone is quicker read again than
        # copied.
        how = "" if self._common else "NOT "
        tables = [f"base AS {how}MATERIALIZED ({base})"]
        if self._flags:
            held = " AND ".join(f"flag_{name}" for name in self._flags)
            columns = ", ".join(dict.fromkeys(["id", *map(_column_of, asked)]))
            tables.append(f"shown AS MATERIALIZED (SELECT {columns} FROM base WHERE {held})")  # noqa: S608
        of_all = [] if self._whole is not None else [_everything()]
        source = "" if self._is_whole else "shown" if self._flags else "base"
        found = [
            *of_all,
            *(self._by_facet(facet, held) for facet, held in asked.items()),
            _by_tag(source),
            _by_term(source),
            *(_by_fact(name, field, source) for name, field in FACTS.items()),
        ]
        # Every part is ours; what a reader wrote is among the parameters.
        statement = f"WITH {', '.join(tables)} {' UNION ALL '.join(found)}"
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchall()

    def _by_facet(self, facet, held):
        """A facet's own choice is left out of its counts: another value replaces it."""
        column = _column_of(facet)
        if self._flags and len(held) == len(self._flags):
            source, conditions = "shown", []
        else:
            source, conditions = "base", [f"flag_{name}" for name in held]
        if facet in HAVING:
            value, grouped = "'yes'", ""
            conditions.append(column)
        else:
            value = f"CAST({column} AS text)"
            grouped = f" GROUP BY {column}"
            conditions += [] if facet in BY_YEAR else [f"{column} <> ''"]
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        return f"SELECT '{facet}', {value}, count(*) FROM {source}{where}{grouped}"  # noqa: S608


def _column_of(facet):
    return COLUMNS.get(facet) or HAVING.get(facet) or "year"


def _by_number(years):
    """`{year: works}` of years as they were asked for, in words or numbers."""
    return {None if year is None else int(year): number for year, number in years.items()}


def _base(common, flags):
    """The works to be counted with what is counted of each, and its flags: `(SQL, parameters)`."""
    rows = Reference.objects.filter(common).annotate(
        noted=ExpressionWrapper(with_notes(), BooleanField()),
        **{f"flag_{name}": ExpressionWrapper(part, BooleanField()) for name, part in flags.items()},
    )
    names = ["id", "year", *COLUMNS.values(), *HAVING.values(), *(f"flag_{name}" for name in flags)]
    rows = rows.order_by().values_list(*names)
    return rows.query.get_compiler(connection=connection).as_sql()


def _whole():
    """`{facet: {value: {year: works}}}` of the whole library; under “all” of every work."""
    base, parameters = _base(Q(), {})
    found = ["SELECT 'all', '', year, count(*) FROM base GROUP BY year"]
    found += [
        f"SELECT '{name}', {column}, year, count(*) FROM base WHERE {column} <> ''"  # noqa: S608
        f" GROUP BY {column}, year"
        for name, column in COLUMNS.items()
    ]
    found += [
        f"SELECT '{name}', 'yes', year, count(*) FROM base WHERE {column} GROUP BY year"  # noqa: S608
        for name, column in HAVING.items()
    ]
    whole = {facet: {} for facet in ("all", *COLUMNS, *HAVING)}
    whole["all"][""] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH base AS NOT MATERIALIZED ({base}) {' UNION ALL '.join(found)}", parameters
        )
        for facet, value, year, number in cursor:
            whole[facet].setdefault(value, {})[year] = number
    return whole


def _everything():
    return "SELECT 'all', CAST(year AS text), count(*) FROM references_reference GROUP BY year"


def _joined(source, column):
    """What joins a table to the works that are shown; nothing where that is all of them."""
    return f" JOIN {source} ON {source}.id = {column}" if source else ""


def _by_tag(source):
    kind = ContentType.objects.get_for_model(Reference).pk
    # In the order of the rows they lead to: one place of the index after the other.
    works = f"(SELECT id FROM {source} ORDER BY id) AS work"  # noqa: S608
    joined = f" JOIN {works} ON work.id = item.object_id" if source else ""
    items = f"taggit_taggeditem AS item{joined}"
    return (
        f"SELECT 'tag', CAST(item.tag_id AS text), count(*) FROM {items}"  # noqa: S608
        f" WHERE item.content_type_id = {kind} GROUP BY item.tag_id"
    )


def _by_term(source):
    """The most frequent ones; a term of two vocabularies is one, written as one of them has it."""
    words = f"{Keyword._meta.db_table} AS word{_joined(source, 'word.reference_id')}"
    left_out = ", ".join(f"'{word}'" for word in CHECK_TAGS.split("|"))
    return (
        "SELECT * FROM (SELECT 'term', MIN(word.term), count(DISTINCT word.reference_id) AS works"  # noqa: S608
        f" FROM {words} WHERE word.folded NOT IN ({left_out}) GROUP BY word.folded"
        f" ORDER BY works DESC, word.folded LIMIT {TERMS}) AS terms"
    )


def _by_fact(name, field, source):
    """What most studies state of themselves."""
    facts = f"{StudyFacts._meta.db_table} AS fact{_joined(source, 'fact.reference_id')}"
    return (
        f"SELECT * FROM (SELECT '{name}', fact.{field}, count(*) AS works FROM {facts}"  # noqa: S608
        f" WHERE fact.{field} <> '' GROUP BY fact.{field} ORDER BY works DESC, fact.{field}"
        f" LIMIT {TERMS}) AS {field}_stated"
    )
