"""Where a work is cited, for its own page: one question for pages of every kind."""

import json
from dataclasses import dataclass

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, F, JSONField, OuterRef, Subquery, TextField, When
from django.db.models.functions import Cast, JSONObject

from publishing.compiled import Compiled, of_fields

from ..citing import rendering
from .citation import Citation


@dataclass
class CitedIn:
    """A page that cites a work, of which only what names it is read; as which number and where."""

    page: object
    number: int
    places: list

    def places_in_page(self):
        """`(letter, address)` of every place that cites it, lettered as in the page's own list."""
        address = self.page.get_absolute_url().partition("#")[0]
        return [
            (rendering.letter(index), f"{address}#{anchor}")
            for index, anchor in enumerate(self.places, 1)
        ]


def cited_in(reference):
    """`CitedIn`s of a work by its number on pages the public sees, its own notes aside; in page
    order, one kind after the other."""
    by_kind = {}
    for row in _rows(reference):
        known = by_kind.setdefault(row.page_type_id, [])
        if row.named and row.named.get("reference_id") != reference:
            page = _page(ContentType.objects.get_for_id(row.page_type_id), row)
            known.append(CitedIn(page, row.number, row.places))
    return [row for rows in by_kind.values() for row in _in_order(rows)]


@Compiled
def _rows(reference):
    kinds = {ContentType.objects.get_for_model(model).pk: model for model in _kinds()}
    named = [When(page_type_id=kind, then=Subquery(_named(kinds[kind]))) for kind in kinds]
    rows = Citation.objects.filter(reference_id=reference, page_type_id__in=kinds)
    return rows.annotate(named=Case(*named, output_field=JSONField())).order_by("pk")


def _kinds():
    return [model for model in apps.get_models() if hasattr(model, "NAMED")]


def _named(model):
    names = {*model.NAMED, *(name for name, _down in _ordering(model) if name != "pk")}
    named = JSONObject(**{name: _as_json(model, name) for name in sorted(names)})
    pages = model._default_manager.published().filter(pk=OuterRef("page_id"))
    return pages.order_by().values_list(named)


def _as_json(model, name):
    """As text where it is JSON itself: the databases differ in what they make of it."""
    own, _, of_reference = name.partition("__")
    field = model._meta.get_field(own)
    if of_reference:
        field = field.related_model._meta.get_field(of_reference)
    return Cast(F(name), TextField()) if isinstance(field, JSONField) else F(name)


def _page(kind, row):
    model, values = kind.model_class(), {"id": row.page_id}
    beside = {}
    for name, value in row.named.items():
        own, _, of_reference = name.partition("__")
        (beside if of_reference else values)[of_reference or own] = value
    page = _of_values(model, values)
    if beside:
        page.reference = _of_values(
            model._meta.get_field("reference").related_model,
            {"id": values["reference_id"], **beside},
        )
    return page


def _of_values(model, values):
    """An instance that knows these fields; another is asked for when it is wanted."""
    field_of = model._meta.get_field
    return of_fields(model, {name: _value(field_of(name), value) for name, value in values.items()})


def _value(field, value):
    if isinstance(field, JSONField):
        return None if value is None else json.loads(value)
    return field.to_python(value)


def _ordering(model):
    return [(name.lstrip("-"), name.startswith("-")) for name in model._meta.ordering]


def _in_order(rows):
    if not rows:
        return rows
    for name, down in reversed(_ordering(type(rows[0].page))):
        rows.sort(
            key=lambda row: (getattr(row.page, name) is None, getattr(row.page, name)), reverse=down
        )
    return rows
