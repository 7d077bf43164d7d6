"""Queries that every page asks, written down as SQL once: Django takes longer to write a query than
the database to answer it, and PostgreSQL longer to plan it, which it does once for each connection.

    chapter_at = Compiled(lambda path: Chapter.objects.published().filter(path=path))
    chapters = chapter_at("articles/late-century")

Only the values given and the present moment may differ between two calls; a query that holds any
other moment is refused.
"""

import copy
import re
import weakref
from datetime import UTC, date, datetime

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BooleanField, Expression, Model, signals
from django.db.models.base import ModelState
from django.db.models.query import ModelIterable, ValuesListIterable
from django.utils import timezone
from django.utils.functional import Promise

from . import visibility

# Nobody keeps these: they stand for what comes.
NUMBER = 7_307_000_000_000_000
TEXT = "\x02%d\x03"
_PLACE = re.compile("%[%s]")
MOMENT = datetime(1801, 7, 3, 7, 11, 13, 170_019, tzinfo=UTC)


_all = weakref.WeakSet()


def forget():
    """All of them: when the rules themselves change, as in tests."""
    for each in _all:
        each.known.clear()


class Compiled:
    """`build`: from values to a queryset of instances, without prefetching, or of `values_list`.
    Called with values of the same kinds (numbers or texts) and in the same language it gives the
    list of its rows. Not `prepared`, each question is planned by itself."""

    def __init__(self, build, *, prepared=True):
        self.build, self.known, self.prepared = build, {}, prepared
        _all.add(self)

    def __call__(self, *values):
        # Itself: what stands for it looks for it each time that it is asked anything.
        connection = connections[DEFAULT_DB_ALIAS]
        kinds = tuple(isinstance(value, int) for value in values)
        key = connection.vendor, connection.settings_dict["NAME"], kinds
        if key not in self.known:
            self.known[key] = self._compile(kinds, connection)
        queryset, compiler, statement, plain = self.known[key]
        rows = statement.rows(connection, values, prepared=self.prepared)
        if compiler.has_extra_select:
            rows = [row[: compiler.col_count] for row in rows]
        if plain:
            return plain.made(rows, connection)
        compiler = copy.copy(compiler)
        compiler.connection = connection
        compiler.execute_sql = lambda *args, **kwargs: [rows]
        return list(queryset._iterable_class(_Answered(queryset, compiler)))

    def _compile(self, kinds, connection):
        marks = [NUMBER + place if number else TEXT % place for place, number in enumerate(kinds)]
        with visibility.at(MOMENT):
            queryset = self.build(*marks)
            compiler = queryset.query.get_compiler(connection=connection)
            sql, parameters = compiler.as_sql()
        if not set(marks) <= {each for each in parameters if isinstance(each, int | str)}:
            # As for a number beyond those that a small column holds: Django asks no such question.
            raise ValueError("a compiled query would not ask for a value that is given")
        plain = None
        if queryset._iterable_class is ValuesListIterable:
            plain = _Tuples(compiler)
        elif _is_plain(queryset, compiler):
            plain = _Plain(compiler)
        statement = Statement(sql, _places(parameters, marks, connection), connection)
        return queryset, compiler, statement, plain


class Statement:
    """SQL as Django writes it with names in place of what differs. What never does stands in it as
    it is, so that PostgreSQL knows it when it plans."""

    def __init__(self, sql, places, connection):
        """`places`: as of `_places`."""
        self.fixed, left = {}, iter(places)

        def named(found):
            if found[0] == "%%":
                return found[0]
            value, place = next(left)
            if place is not None:
                return f"%(v{place})s"
            if connection.vendor == "postgresql":
                return connection.ops.compose_sql("%s", [value]).replace("%", "%%")
            name = f"fixed{len(self.fixed)}"
            self.fixed[name] = value
            return f"%({name})s"

        self.sql = _PLACE.sub(named, sql)

    def rows(self, connection, values, *, prepared):
        """What the database answers; `values`: those given, without the present moment."""
        whole = connection.ops.adapt_integerfield_value  # one kind of number, one plan
        given = {
            f"v{place}": whole(value, "BigIntegerField") if isinstance(value, int) else value
            for place, value in enumerate(values)
        }
        given[f"v{len(values)}"] = connection.ops.adapt_datetimefield_value(timezone.now())
        with connection.prepared() if prepared else connection.cursor() as cursor:
            cursor.execute(self.sql, self.fixed | given)
            return cursor.fetchall()


class Condition(Expression):
    """What `build`, a queryset without joins, asks for, written down once: to filter rows of the
    same model by it, in a query that is not itself within another."""

    output_field = BooleanField()

    def __init__(self, build):
        super().__init__(output_field=self.output_field)
        self.build, self.known = build, {}
        _all.add(self)

    def as_sql(self, _compiler, connection):
        key = connection.vendor, connection.settings_dict["NAME"]
        if key not in self.known:
            self.known[key] = self._compile(connection)
        sql, places = self.known[key]
        now = connection.ops.adapt_datetimefield_value(visibility.now())
        return sql, [value if place is None else now for value, place in places]

    def _compile(self, connection):
        with visibility.at(MOMENT):
            query = self.build().query
        compiler = query.get_compiler(connection=connection)
        compiler.setup_query()
        sql, parameters = compiler.compile(query.where)
        return sql, _places(parameters, [], connection)


def _places(parameters, marks, connection):
    """`[(value, which of the values given, the present moment the last of them, or None)]`"""
    moment = connection.ops.adapt_datetimefield_value(MOMENT)
    known = {mark: place for place, mark in enumerate([*marks, moment])}
    places = []
    for value in parameters:
        place = known.get(value)
        if place is None and _is_a_moment(value, connection):
            raise ValueError("a compiled query would ask for this moment for ever")
        places.append((value, place))
    return places


def _is_plain(queryset, compiler):
    """Whether nothing of the model's or of others' is to be told of each instance."""
    model = queryset.model
    return (
        queryset._iterable_class is ModelIterable
        and not compiler.klass_info.get("related_klass_infos")
        and model.__init__ is Model.__init__
        and model.from_db.__func__ is Model.from_db.__func__
        and not signals.pre_init.has_listeners(model)
        and not signals.post_init.has_listeners(model)
    )


class _Tuples:
    """Rows of values as Python has them."""

    def __init__(self, compiler):
        self.compiler = compiler
        columns = [column[0] for column in compiler.select[: compiler.col_count]]
        self.converters = compiler.get_converters(columns)

    def made(self, rows, connection):
        return list(self._converted(rows))

    def _converted(self, rows):
        return self.compiler.apply_converters(rows, self.converters) if self.converters else rows


class _Plain(_Tuples):
    """What ModelIterable gives, without a call for each field: a page reads hundreds."""

    def __init__(self, compiler):
        super().__init__(compiler)
        self.model, fields = compiler.klass_info["model"], compiler.klass_info["select_fields"]
        self.first, self.last = fields[0], fields[-1] + 1
        places = range(self.first, self.last)
        self.names = [compiler.select[place][0].target.attname for place in places]
        self.beside = list((compiler.annotation_col_map or {}).items())

    def made(self, rows, connection):
        model, alias = self.model, connection.alias
        first, last, names = self.first, self.last, self.names
        found = []
        for row in self._converted(rows):
            instance = model.__new__(model)
            state = ModelState()
            state.adding, state.db = False, alias
            values = instance.__dict__
            values["_state"] = state
            values.update(zip(names, row[first:last], strict=True))
            for name, place in self.beside:
                values[name] = row[place]
            found.append(instance)
        return found


def of_fields(model, values):
    """An instance of which these fields alone were read, by their `attname`: any other is asked for
    when it is wanted. Quicker than `from_db`, which goes through all of them."""
    instance = model.__new__(model)
    state = instance._state = ModelState()
    state.adding, state.db = False, DEFAULT_DB_ALIAS
    instance.__dict__.update(values)
    return instance


class _Answered:
    """What Django's iterables ask of a queryset, its compiler given."""

    def __init__(self, queryset, compiler):
        self.compiler, self.query = compiler, self
        self.db, self.model = compiler.connection.alias, queryset.model
        self._known_related_objects = {}

    def get_compiler(self, using=None):
        return self.compiler


def _is_a_moment(value, connection):
    return isinstance(value, date | Promise) or (
        connection.vendor == "sqlite" and isinstance(value, str) and _reads_as_one(value)
    )


def _reads_as_one(text):
    try:
        return bool(datetime.fromisoformat(text))
    except ValueError:
        return False
