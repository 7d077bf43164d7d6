"""How many works each choice of the library leaves: one question to the database, whatever there
is.

The works that fit the words, subjects and person asked for are gathered once (`base`); the other
choices become flags of each row, so that every facet can be counted without its own. The columns
are all in one index, which alone is read.
"""

from collections import defaultdict

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper

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
TERMS = 60
# What MEDLINE says of nearly every article and nobody would choose by.
CHECK_TAGS = "humans|human|animals|female|male|adult|middle aged|aged|article|priority journal"


class FacetCounts:
    """`years`: rows of year, total, shown, others (shown but for the years); `values`: {facet:
    {value: works}}."""

    def __init__(self, selection):
        self.years, self.values = [], defaultdict(dict)
        by_year = {}
        for facet, value, number, others, notes, full in _rows(selection):
            if facet == "all":
                row = by_year.setdefault(
                    value, {"year": None if value is None else int(value), "shown": 0, "others": 0}
                )
                row["total"] = number
            elif facet == "year":
                by_year.setdefault(value, {"total": 0})
                by_year[value] |= {
                    "year": None if value is None else int(value),
                    "shown": number,
                    "others": others,
                }
                self._add("notes", "yes", notes)
                self._add("fulltext", "yes", full)
            else:
                self.values[facet][value] = number
        self.years = sorted(
            by_year.values(), key=lambda row: (row["year"] is None, row["year"] or 0)
        )

    def _add(self, facet, value, number):
        self.values[facet][value] = self.values[facet].get(value, 0) + number

    @property
    def total(self):
        return sum(row["total"] for row in self.years)

    @property
    def shown(self):
        return sum(row["shown"] for row in self.years)


def _rows(selection):
    """`(facet, value, works, works but for the years, with notes, with full text)`."""
    common, flags = selection.gathering(), selection.flags()
    base = Reference.objects.filter(common).annotate(
        noted=ExpressionWrapper(with_notes(), BooleanField()),
        **{f"flag_{name}": ExpressionWrapper(part, BooleanField()) for name, part in flags.items()},
    )
    names = [
        "id",
        "year",
        *COLUMNS.values(),
        "has_free_text",
        "noted",
        *(f"flag_{name}" for name in flags),
    ]
    sql, parameters = (
        base.order_by().values_list(*names).query.get_compiler(connection=connection).as_sql()
    )
    parts = [
        _everything(),
        _by_year(flags),
        *(_by_column(name, column, flags) for name, column in COLUMNS.items()),
    ]
    parts.append(_by_tag(flags, whole=not (common or flags)))
    parts.append(_by_term(flags, whole=not (common or flags)))
    parts += [
        _by_fact(name, field, flags, whole=not (common or flags)) for name, field in FACTS.items()
    ]
    # What was looked up is kept for every part; the index alone is quicker read again than copied.
    how = "MATERIALIZED" if common else "NOT MATERIALIZED"
    # Every part is ours; what a reader wrote is among the parameters.
    statement = f"WITH base ({', '.join(names)}) AS {how} ({sql}) " + " UNION ALL ".join(parts)
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def _where(flags, *without):
    return " AND ".join(f"flag_{name}" for name in flags if name not in without) or "1 = 1"


def _everything():
    return (
        "SELECT 'all', CAST(year AS text), count(*), 0, 0, 0 FROM references_reference GROUP BY"
        " year"
    )


def _by_year(flags):
    return (
        f"SELECT 'year', CAST(year AS text), count(*) FILTER (WHERE {_where(flags)}),"  # noqa: S608
        f" count(*) FILTER (WHERE {_where(flags, *YEARS)}),"
        f" count(*) FILTER (WHERE noted AND {_where(flags, 'notes')}),"
        f" count(*) FILTER (WHERE has_free_text AND {_where(flags, 'fulltext')}) FROM base GROUP BY"
        " year"
    )


def _by_column(name, column, flags):
    """A facet's own choice is left out of its counts: another value replaces it."""
    return (
        f"SELECT '{name}', {column}, count(*), 0, 0, 0 FROM base"  # noqa: S608
        f" WHERE {column} <> '' AND {_where(flags, name)} GROUP BY {column}"
    )


def _by_tag(flags, *, whole):
    kind = ContentType.objects.get_for_model(Reference).pk
    items = f"taggit_taggeditem AS item{'' if whole else ' JOIN base ON base.id = item.object_id'}"
    return (
        f"SELECT 'tag', CAST(item.tag_id AS text), count(*), 0, 0, 0 FROM {items}"  # noqa: S608
        f" WHERE item.content_type_id = {kind} AND {_where(flags)} GROUP BY item.tag_id"
    )


def _by_term(flags, *, whole):
    """The most frequent ones; a term of two vocabularies is one, written as one of them has it."""
    joined = "" if whole else " JOIN base ON base.id = word.reference_id"
    words = f"{Keyword._meta.db_table} AS word{joined}"
    left_out = ", ".join(f"'{word}'" for word in CHECK_TAGS.split("|"))
    return (
        "SELECT * FROM (SELECT 'term', MIN(word.term), count(DISTINCT word.reference_id) AS works,"  # noqa: S608
        f" 0 AS a, 0 AS b, 0 AS c FROM {words} WHERE word.folded NOT IN ({left_out}) AND"
        f" {_where(flags)} GROUP BY word.folded ORDER BY works DESC, word.folded LIMIT {TERMS}) AS"
        " terms"
    )


def _by_fact(name, field, flags, *, whole):
    """What most studies state of themselves."""
    joined = "" if whole else " JOIN base ON base.id = fact.reference_id"
    return (
        f"SELECT * FROM (SELECT '{name}', fact.{field}, count(*) AS works, 0 AS a, 0 AS b, 0 AS c"  # noqa: S608
        f" FROM {StudyFacts._meta.db_table} AS fact{joined} WHERE fact.{field} <> '' AND"
        f" {_where(flags)} GROUP BY fact.{field} ORDER BY works DESC, fact.{field} LIMIT {TERMS})"
        f" AS {field}_stated"
    )
