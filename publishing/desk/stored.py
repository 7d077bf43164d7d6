"""Which version of a thing a form was made from: a short mark of each field, so that two can be
told apart by field.
"""

import hashlib

from django.contrib.admin.utils import flatten_fieldsets
from django.forms.models import _get_foreign_key
from taggit.managers import TaggableManager


def marks(desk, request, obj) -> dict[str, str]:
    """`{field or inline: mark}` of what is stored of `obj`, as far as its form can change it."""
    readonly = set(desk.get_readonly_fields(request, obj))
    names = [
        each for each in flatten_fieldsets(desk.get_fieldsets(request, obj)) if each not in readonly
    ]
    known = {each.name: each for each in obj._meta.get_fields()}
    found = {name: _mark(_value(obj, known[name])) for name in names if name in known}
    for inline in desk.get_inline_instances(request, obj):
        found[inline.model._meta.model_name] = _mark(_rows(inline, obj))
    return found


def _value(obj, field):
    if isinstance(field, TaggableManager):
        return sorted(getattr(obj, field.name).names())
    value = getattr(obj, field.attname)
    return getattr(value, "name", value)  # of a file


def _rows(inline, obj):
    key = _get_foreign_key(type(obj), inline.model, fk_name=inline.fk_name)
    fields = flatten_fieldsets([(None, {"fields": inline.fields})]) if inline.fields else []
    fields = [each for each in fields if each not in inline.readonly_fields]
    rows = inline.model._base_manager.filter(**{key.name: obj.pk}).order_by("pk")
    return list(rows.values_list("pk", *fields))


def _mark(value):
    return hashlib.sha256(repr(value).encode()).hexdigest()[:12]


def written(found: dict[str, str]) -> str:
    """As a form carries it: `title=0123456789ab …`."""
    return " ".join(f"{name}={mark}" for name, mark in found.items())


def changed_since(base: str, found: dict[str, str]) -> list[str]:
    """The fields that are stored differently now than when a form was made."""
    before = dict(each.partition("=")[::2] for each in base.split())
    return [name for name, mark in found.items() if before.get(name, mark) != mark]
