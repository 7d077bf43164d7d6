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
        rows = statement.rows(connection, values)
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
        elif queryset._iterable_class is ModelIterable and not _has_parents(compiler.klass_info):
            plain = _Plain(compiler)
        places = _places(parameters, marks, connection)
        statement = Statement(sql, places, connection, prepared=self.prepared)
        return queryset, compiler, statement, plain


class Statement:
    """SQL as Django writes it with names in place of what differs; prepared by PostgreSQL, with its
    own numbers, which nobody has to look for. What never differs stands in it as it is, so that
    PostgreSQL knows it when it plans."""

    def __init__(self, sql, places, connection, *, prepared):
        """`places`: as of `_places`."""
        postgresql = connection.vendor == "postgresql"
        self.prepared, self.numbered = prepared, prepared and postgresql
        self.fixed, self.order, left = {}, [], iter(places)
        percent = "%" if self.numbered else "%%"

        def named(found):
            if found[0] == "%%":
                return percent
            value, place = next(left)
            if place is not None:
                return self._numbered(place) if self.numbered else f"%(v{place})s"
            if postgresql:
                return connection.ops.compose_sql("%s", [value]).replace("%", percent)
            name = f"fixed{len(self.fixed)}"
            self.fixed[name] = value
            return f"%({name})s"

        self.sql = _PLACE.sub(named, sql)

    def _numbered(self, place):
        if place not in self.order:
            self.order.append(place)
        return f"${self.order.index(place) + 1}"

    def rows(self, connection, values):
        """What the database answers; `values`: those given, without the present moment."""
        whole = connection.ops.adapt_integerfield_value  # one kind of number, one plan
        given = [
            whole(value, "BigIntegerField") if isinstance(value, int) else value for value in values
        ]
        given.append(connection.ops.adapt_datetimefield_value(timezone.now()))
        if self.numbered:
            given = [given[place] for place in self.order]
        else:
            given = self.fixed | {f"v{place}": value for place, value in enumerate(given)}
        with connection.prepared() if self.prepared else connection.cursor() as cursor:
            cursor.execute(self.sql, given)
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


def _has_parents(info):
    """Whether a model's fields stand in several tables."""
    others = info.get("related_klass_infos", ())
    return info.get("from_parent") or any(map(_has_parents, others))


def _is_plain(model):
    """Whether nothing of the model's or of others' is to be told of each instance."""
    return (
        model.__init__ is Model.__init__
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
        self.instances = _Instances(compiler.klass_info, compiler.select)
        self.beside = list((compiler.annotation_col_map or {}).items())

    def made(self, rows, connection):
        alias, found = connection.alias, []
        for row in self._converted(rows):
            instance = self.instances.of(row, alias)
            for name, place in self.beside:
                instance.__dict__[name] = row[place]
            found.append(instance)
        return found


class _Instances:
    """Of one model in the rows of a query, with those that are read with them."""

    def __init__(self, info, select):
        self.model, fields = info["model"], info["select_fields"]
        self.first, self.last = fields[0], fields[-1] + 1
        self.names = [select[at][0].target.attname for at in range(self.first, self.last)]
        self.related = [
            (_Instances(each, select), each["local_setter"], each["remote_setter"])
            for each in info.get("related_klass_infos", ())
        ]
        key = self.model._meta.pk.attname
        self.key = self.first + self.names.index(key)
        self.plain = _is_plain(self.model)

    def of(self, row, alias):
        """None: there is none in this row."""
        if row[self.key] is None:
            return None
        values = row[self.first : self.last]
        if self.plain:
            instance = self.model.__new__(self.model)
            state = instance._state = ModelState()
            state.adding, state.db = False, alias
            instance.__dict__.update(zip(self.names, values, strict=True))
        else:
            instance = self.model.from_db(alias, self.names, values)
        for instances, local, remote in self.related:
            other = instances.of(row, alias)
            local(instance, other)
            if other is not None:
                remote(other, instance)
        return instance


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
