"""The trash: what is deleted at the desk leaves every table and is kept as a bundle until it comes
back or its time is up.

Taken out and not marked: nothing that reads pages, works or figures has to know of a trash, and
nothing in it is public. A model may have `files_kept()`, which names its files (`[where, name]`,
where is `media` or `private`), and `came_back()`, which does what follows once its rows are there
again. Rows of a model that `is_made_again` from others are not kept.
"""

import json
import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from taggit.managers import TaggableManager
from taggit.models import Tag

from ..models import (
    EditingDraft,
    NextVersion,
    Publishable,
    PublishedVersion,
    RichPage,
    Trashed,
    rerender_pages_linking_to,
)
from ..storage import private
from . import revisions

FOLDER = "trash"


class Exact(DjangoJSONEncoder):
    """Moments to the microsecond, where Django's own keeps milliseconds."""

    def default(self, value):
        return value.isoformat() if isinstance(value, datetime) else super().default(value)


def put(obj, *, user=None) -> Trashed:
    """Delete `obj` and keep all that went with it. What forbids deleting it (ProtectedError) leaves
    everything as it was.
    """
    revisions.keep_first([obj], _("As it was before it went into the trash"))
    files = _keep_files(getattr(obj, "files_kept", list)())
    try:
        with transaction.atomic():
            rows, pointed = _what_goes(obj)
            trashed = Trashed.objects.create(
                content_type=ContentType.objects.get_for_model(obj),
                object_id=obj.pk,
                title=str(obj)[:300],
                user=user,
                rows=json.loads(json.dumps(serializers.serialize("python", rows), cls=Exact)),
                pointed=pointed,
                tags=[[tag.pk, tag.name] for tag in _tags(obj).all()] if _tags(obj) else [],
                files=files,
            )
            obj.delete()
    except Exception:
        _drop_files(files)
        raise
    return trashed


def _tags(obj):
    fields = (each for each in obj._meta.get_fields() if isinstance(each, TaggableManager))
    return next((getattr(obj, each.name) for each in fields), None)


def _what_goes(obj):
    """The rows a cascade takes along, the thing itself first, and what points to them and will be
    let go.
    """
    rows, pointed, seen = [], [], set()
    waiting = [type(obj)._base_manager.get(pk=obj.pk)]
    while waiting:
        row = waiting.pop(0)
        if (row._meta.label, row.pk) in seen:
            continue
        seen.add((row._meta.label, row.pk))
        rows.append(row)
        for relation in row._meta.get_fields(include_hidden=True):
            if (
                not relation.auto_created
                or relation.concrete
                or not (relation.one_to_many or relation.one_to_one)
            ):
                continue
            if getattr(relation.related_model, "is_made_again", False):
                continue
            others = relation.related_model._base_manager.filter(
                **{relation.field.name: row.pk}
            ).order_by("pk")
            if relation.on_delete is models.CASCADE and not relation.hidden:
                waiting.extend(others)
            elif relation.on_delete is models.SET_NULL and (
                ids := list(others.values_list("pk", flat=True))
            ):
                pointed.append(
                    [relation.related_model._meta.label, relation.field.name, row.pk, ids]
                )
    return [*rows, *NextVersion.objects.of(obj), *PublishedVersion.objects.of(obj)], pointed


# Bringing back


def restore(trashed: Trashed):
    """Bring a thing back as it was: its rows, tags, files, old addresses, and what pointed to it.
    Gives the object.

    ValidationError, in words for the author, where something else has taken its place or what it
    belongs to is missing.
    """
    found = [
        each.object
        for each in serializers.deserialize("python", trashed.rows, ignorenonexistent=True)
    ]
    for page in found:
        if isinstance(page, RichPage):
            page.compute()
    return _restore(trashed.pk, found)


@transaction.atomic
def _restore(pk, found):
    trashed = Trashed.objects.select_for_update().get(pk=pk)
    for obj in found[:1]:
        _fit(obj)
        obj.validate_unique(exclude=_computed(obj))
        if isinstance(obj, Publishable):
            obj.clean()
    for where, name, kept in trashed.files:
        _copy(private(), kept, _storage(where), name)
    for row, raw in zip(found, trashed.rows, strict=True):
        if row is found[0] or _fits(row):
            _save(row, raw)
    obj = type(found[0])._base_manager.get(pk=found[0].pk)
    _point_again(trashed.pointed)
    if trashed.tags:
        _tags(obj).set([_tag(pk, name) for pk, name in trashed.tags])
    getattr(obj, "came_back", lambda: None)()
    rerender_pages_linking_to([obj])
    files = trashed.files
    trashed.delete()
    transaction.on_commit(partial(_drop_files, files))
    return obj


def _missing(row):
    """The relations of a row whose other end is gone."""
    for each in row._meta.concrete_fields:
        if each.many_to_one or each.one_to_one:
            pk = getattr(row, each.attname)
            if pk is not None and not each.related_model._base_manager.filter(pk=pk).exists():
                yield each


def _fit(obj):
    """Let go of what is gone for good; what is in the trash itself has to come back first."""
    for each in _missing(obj):
        pk = getattr(obj, each.attname)
        kind = ContentType.objects.get_for_model(each.related_model)
        other = Trashed.objects.filter(content_type=kind, object_id=pk).first()
        if other:
            raise ValidationError(
                _("“%(other)s” is in the trash too, and has to come back first.") % {"other": other}
            )
        if not each.null:
            raise ValidationError(_("What it belongs to is gone for good."))
        setattr(obj, each.attname, None)
    for name in _computed(obj):
        setattr(obj, name, None)


def _fits(row):
    for each in _missing(row):
        if not each.null:
            return False
        setattr(row, each.attname, None)
    return True


def _computed(obj):
    """Unique fields that are filled in by themselves, such as a chapter's address."""
    return [
        each.name
        for each in obj._meta.concrete_fields
        if each.unique and each.null and not each.editable and not each.primary_key
    ]


def _save(row, raw):
    """Save as the model itself saves, then put back the moments that Django sets itself."""
    moments = {
        each.attname: each.to_python(raw["fields"][each.name])
        for each in row._meta.concrete_fields
        if getattr(each, "auto_now", False) or getattr(each, "auto_now_add", False)
    }
    row.save(**({"updated": row.updated} if isinstance(row, RichPage) else {}))
    if moments:
        type(row)._base_manager.filter(pk=row.pk).update(**moments)


def _point_again(pointed):
    for label, name, pk, ids in pointed:
        model = apps.get_model(label)
        if model._meta.get_field(name).related_model._base_manager.filter(pk=pk).exists():
            model._base_manager.filter(pk__in=ids, **{f"{name}__isnull": True}).update(**{name: pk})


def _tag(pk, name):
    return Tag.objects.filter(pk=pk).first() or name


# Files


def _storage(where):
    return default_storage if where == "media" else private()


def _keep_files(named):
    """Copy files into the trash; gives `[where, name, name in the trash]`."""
    files, folder = [], f"{FOLDER}/{secrets.token_urlsafe(9)}"
    for number, (where, name) in enumerate(named):
        kept = f"{folder}/{number}"
        if _copy(_storage(where), name, private(), kept):
            files.append([where, name, kept])
    return files


def _copy(source, name, target, new):
    """A second name for the same file costs nothing, while others wait for the lock; where the
    folders are on different disks it is copied."""
    if not source.exists(name) or target.exists(new):
        return False
    with suppress(OSError):
        path = Path(target.path(new))
        mode = target.directory_permissions_mode or 0o777
        path.parent.mkdir(parents=True, exist_ok=True, mode=mode)
        path.hardlink_to(source.path(name))
        return True
    with source.open(name) as file:
        target.save(new, file)
    return True


def _drop_files(files):
    for _where, _name, kept in files:
        private().delete(kept)


# Away for good


@transaction.atomic
def delete(trashed: Trashed) -> None:
    """Forget a thing: its bundle, its files and every earlier version of it."""
    for row in trashed.rows:
        model = apps.get_model(row["model"])
        revisions.forget(model, row["pk"])
    EditingDraft.objects.filter(
        content_type=trashed.content_type, object_id=trashed.object_id
    ).delete()
    transaction.on_commit(partial(_drop_files, trashed.files))
    trashed.delete()


def purge(now=None) -> int:
    """Delete for good what has lain in the trash for TRASH_DAYS; gives how many."""
    before = (now or timezone.now()) - timedelta(days=settings.TRASH_DAYS)
    old = list(Trashed.objects.filter(at__lt=before))
    for each in old:
        delete(each)
    return len(old)
