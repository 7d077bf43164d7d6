"""What a version of a thing holds, in words against another one or against what is saved now, and
how it is taken back."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

import reversion
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.forms.models import _get_foreign_key
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from reversion.models import Version
from taggit.models import TaggedItem

from .. import diffing
from ..models import RichPage, State
from ..richtext import links
from ..richtext.fields import RichTextField
from ..templatetags.richtext import moment
from .differences import Change

# Taking words back makes nothing public or hidden, and moves nothing to another address or place.
STAYS = (
    "state", "publish_at", "unpublish_at", "first_published", "slug", "parent", "section",
    "position",
    "translation_of", "citekey",
)  # fmt: skip


@dataclass
class Held:
    """`fields`: `{name: value}`. `rows`: `{inline model: {pk: (its name, fields)}}`. `tags`: None
    where none are known."""

    fields: dict[str, object]
    rows: dict[type[models.Model], dict[str, tuple[str, dict]]] = field(default_factory=dict)
    tags: list[str] | None = None


def _fields(desk, request, obj):
    """The fields of its form that a version keeps, without files, which are kept once."""
    names = flatten_fieldsets(desk.get_fieldsets(request, obj))
    readonly = set(desk.get_readonly_fields(request, obj))
    known = {
        each.name: each
        for each in obj._meta.concrete_fields
        if _is_kept(each) and each.name not in readonly
    }
    return [known[name] for name in names if name in known]


def _is_kept(each):
    return each.editable and not each.primary_key and not isinstance(each, models.FileField)


def _inlines(desk, request, obj):
    """`(model, the key that leads to `obj`, the other fields)` of what stands below its form."""
    for inline in desk.get_inline_instances(request, obj):
        key = _get_foreign_key(type(obj), inline.model, fk_name=inline.fk_name)
        fields = [
            each for each in inline.model._meta.concrete_fields if _is_kept(each) and each != key
        ]
        yield (
            inline.model,
            key,
            [each for each in fields if not inline.fields or each.name in inline.fields],
        )


def of_now(desk, request, obj) -> Held:
    """What is saved now."""
    held = Held({each.name: getattr(obj, each.attname) for each in _fields(desk, request, obj)})
    for model, key, fields in _inlines(desk, request, obj):
        rows = model._base_manager.filter(**{key.name: obj.pk})
        held.rows[model] = {
            str(row.pk): (str(row), {each.name: getattr(row, each.attname) for each in fields})
            for row in rows
        }
    if hasattr(obj, "tag_rows"):
        held.tags = sorted(row.tag.name for row in obj.tag_rows.select_related("tag"))
    return held


def of_version(desk, request, obj, version: Version) -> Held:
    """What was saved then. Raises `reversion.errors.RevertError` where it cannot be read any
    more."""
    held = Held(
        {each.name: version.field_dict.get(each.attname) for each in _fields(desk, request, obj)}
    )
    others = list(
        version.revision.version_set.exclude(pk=version.pk).select_related("content_type")
    )
    for model, key, fields in _inlines(desk, request, obj):
        held.rows[model] = {
            row.object_id: (
                row.object_repr,
                {each.name: row.field_dict.get(each.attname) for each in fields},
            )
            for row in others
            if row._model is model and row.field_dict[key.attname] == obj.pk
        }
    if hasattr(obj, "tag_rows"):
        tagged = [
            json.loads(row.serialized_data)[0]["fields"]
            for row in others
            if row._model is TaggedItem
        ]
        held.tags = sorted(row["tag"][0] for row in tagged if str(row["object_id"]) == str(obj.pk))
    return held


# In words


def changes(obj, before: Held, after: Held) -> list[Change]:
    found = list(_of_fields(type(obj), before.fields, after.fields, ""))
    if before.tags is not None and after.tags is not None and before.tags != after.tags:
        found.append(Change(capfirst(_("tags")), _names(before.tags, after.tags)))
    for model in after.rows:
        old, new = before.rows.get(model, {}), after.rows[model]
        for pk in dict.fromkeys(chain(old, new)):
            name, was = old.get(pk, (new.get(pk, ("",))[0], {}))
            found.extend(
                _of_fields(
                    model,
                    was,
                    new.get(pk, ("", {}))[1],
                    f"{capfirst(model._meta.verbose_name)}: {name} – ",
                )
            )
    return found


def _names(before, after):
    """Names that went, came or stayed, each whole."""
    pieces = []
    for name in sorted({*before, *after}):
        op = (
            diffing.SAME
            if name in before and name in after
            else diffing.ADDED
            if name in after
            else diffing.REMOVED
        )
        pieces += [diffing.Piece(diffing.SAME, ", ")] if pieces else []
        pieces.append(diffing.Piece(op, name))
    return pieces


def _of_fields(model, before, after, label):
    for name in dict.fromkeys(chain(before, after)):
        each = model._meta.get_field(name)
        was, now = before.get(name), after.get(name)
        if was == now or not (was or now):
            continue
        said = f"{label}{each.verbose_name}" if label else capfirst(each.verbose_name)
        if isinstance(each, RichTextField):
            text = diffing.compare(links.to_addresses(was or ""), links.to_addresses(now or ""))
            if text.any:
                yield Change(said, text=text)
        else:
            yield Change(said, diffing.words(_said(each, was), _said(each, now)))


def _said(each, value):
    if value in (None, ""):
        return ""
    if each.is_relation:
        found = each.related_model._base_manager.filter(pk=value).first()
        return str(found) if found else _("something that is gone")
    if each.flatchoices:
        return str(dict(each.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    return str(formats.localize(value, use_l10n=True))


# Taking back


def restore(desk, request, obj, version: Version) -> list[str]:
    """Save what a version holds as a new one, with its subjects and rows; gives what could not come
    back, in words.

    `ValidationError` where what it held is not allowed any more.
    """
    if not isinstance(obj, RichPage):
        return _restore(desk, request, obj, version)
    before = type(obj)._base_manager.get(pk=obj.pk)
    fields = [each for each in _fields(desk, request, before) if each.name not in STAYS]
    _fill(before, fields, of_version(desk, request, before, version).fields)
    before.compute()
    return _restore(desk, request, obj, version, before)


@transaction.atomic
def _restore(desk, request, obj, version, computed=None):
    """`computed`: the thing as it will be, cleaned and rendered before anybody has to wait."""
    obj = type(obj)._base_manager.select_for_update().get(pk=obj.pk)
    held, lost = of_version(desk, request, obj, version), []
    when = moment(version.revision.date_created)
    with reversion.create_revision():
        reversion.set_user(request.user)
        fields = [each for each in _fields(desk, request, obj) if each.name not in STAYS]
        lost += _fill(obj, fields, held.fields)
        names = {each.name for each in fields}
        obj.full_clean(exclude=[each.name for each in obj._meta.fields if each.name not in names])
        if computed:
            obj.take_computed(computed)
        obj.save()
        for model, key, each in _inlines(desk, request, obj):
            lost += _restore_rows(obj, model, key, each, held.rows[model])
        if held.tags is not None:
            obj.tags.set(held.tags)
        desk.restored(request, obj)
        desk.log_change(request, obj, _("Restored as it was on %(moment)s") % {"moment": when})
        reversion.add_to_revision(obj)
    return lost


def _fill(obj, fields, values):
    """Set the fields; gives the names of what they led to and is gone."""
    lost = []
    for each in fields:
        value = values.get(each.name)
        if (
            each.is_relation
            and value
            and not each.related_model._base_manager.filter(pk=value).exists()
        ):
            lost.append(capfirst(each.verbose_name))
            value = None
        if value is not None or each.null:
            setattr(obj, each.attname, value)
    return lost


def _restore_rows(obj, model, key, fields, held):
    rows = {str(row.pk): row for row in model._base_manager.filter(**{key.name: obj.pk})}
    for pk in rows.keys() - held.keys():
        if not issubclass(
            model, RichPage
        ):  # a text is not thrown away because another is taken back
            rows[pk].delete()
    lost = []
    for pk, (name, values) in held.items():
        row = rows.get(pk) or model(**{key.attname: obj.pk})
        new = row.pk is None
        gone = _fill(
            row,
            [each for each in fields if new or each.name not in STAYS or each.name == "position"],
            values,
        )
        if gone and any(
            not each.null and each.is_relation and getattr(row, each.attname) is None
            for each in fields
        ):
            lost.append(name)
            continue
        if new and isinstance(row, RichPage):
            row.state = State.DRAFT
        try:
            row.full_clean()
        except ValidationError:
            lost.append(name)
            continue
        row.save()
    return lost
