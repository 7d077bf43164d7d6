"""Whatever points to a work, in any app: foreign keys, and pairs of a kind and a number."""

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.db import IntegrityError, models, transaction

from publishing.models import (
    EditingDraft,
    IndexEntry,
    NextVersion,
    PageLink,
    PreviewLink,
    State,
    Trashed,
)

from ..models import (
    Authorship,
    Keyword,
    MatchKey,
    Notes,
    PdfText,
    Reference,
    StudyFacts,
)

# Written anew for the work that stays; and what was typed into the form of the other is none of its
# own.
COMPUTED = (
    MatchKey,
    IndexEntry,
    PageLink,
    PdfText,
    Authorship,
    Notes,
    StudyFacts,
    EditingDraft,
    Trashed,
    NextVersion,
    PreviewLink,
)


def _pointers():
    """`(model, name of the field that holds the number, filter arguments of one kind)` of all that
    points to a work."""
    for each in Reference._meta.get_fields(include_hidden=True):
        points = each.auto_created and not each.concrete and (each.one_to_many or each.one_to_one)
        if points and each.related_model not in COMPUTED:
            yield each.related_model, each.field.attname, {}
    kind = ContentType.objects.get_for_model(Reference)
    for model in apps.get_models():
        for each in model._meta.concrete_fields:
            number = each.name.removesuffix("_type") + "_id" if each.name.endswith("_type") else ""
            if (
                each.related_model is ContentType
                and model not in COMPUTED
                and not _of_reversion(model)
            ):
                number = "object_id" if each.name == "content_type" else number
                if number and any(other.attname == number for other in model._meta.concrete_fields):
                    yield model, number, {each.attname: kind.pk}


def _of_reversion(model):
    """What tells of the past stays as it was."""
    return model._meta.app_label in ("reversion", "admin", "auth")


def move_rows(record, gone, kept):
    """Let every row that points to the one point to the other; gives those that say what another
    row says already."""
    dropped = []
    for model, name, kind in _pointers():
        moved = []
        for row in model._base_manager.filter(**{name: gone.pk}, **kind).order_by("pk"):
            try:
                with transaction.atomic():
                    model._base_manager.filter(pk=row.pk).update(**{name: kept.pk})
                moved.append(row.pk)
            except IntegrityError:
                dropped.append(row)
                _join_words(record, row, name, kept)
                model._base_manager.filter(pk=row.pk).delete()
        if moved:
            record["moved"].append([model._meta.label_lower, name, moved])
    return dropped


def _join_words(record, row, name, kept):
    """What a row says beside pointing (a remark, a note) is said by the row that was there
    already."""
    twin = _twin(row, name, kept) if type(row) is not Keyword else None
    for each in row._meta.concrete_fields if twin else ():
        if (
            isinstance(each, models.CharField | models.TextField)
            and each.editable
            and not each.choices
        ):
            one, other = getattr(twin, each.name) or "", getattr(row, each.name) or ""
            if other and other not in one:
                joined = f"{one} {other}".strip()[: each.max_length]
                type(row)._base_manager.filter(pk=twin.pk).update(**{each.name: joined})
                record["joined"].append([row._meta.label_lower, twin.pk, each.name, one, joined])


def _twin(row, name, kept):
    for rule in row._meta.constraints:
        fields = [row._meta.get_field(each).attname for each in getattr(rule, "fields", ())]
        if name in fields:
            values = {each: getattr(row, each) for each in fields} | {name: kept.pk}
            if found := type(row)._base_manager.filter(**values).first():
                return found
    return None


def join_notes(record, kept, gone):
    """The notes on both works in one text. A draft is never made public by it: then both become one
    draft."""
    theirs, ours = (Notes.objects.filter(reference=each).first() for each in (gone, kept))
    if theirs is None:
        return []
    if ours is None:
        Notes.objects.filter(pk=theirs.pk).update(reference=kept)
        record["moved"].append([Notes._meta.label_lower, "reference_id", [theirs.pk]])
        return []
    before = {"body": ours.body, "state": ours.state}
    ours.body = "\n".join(filter(None, [ours.body, theirs.body]))
    if ours.is_public() != theirs.is_public():
        ours.state = State.DRAFT
    dropped = Notes.objects.get(pk=theirs.pk)
    theirs.delete()
    ours.save()
    for name, value in before.items():
        if value != getattr(ours, name):
            record["joined"].append(
                [Notes._meta.label_lower, ours.pk, name, value, getattr(ours, name)]
            )
    return [dropped]


def join_facts(record, kept, gone):
    """The facts of both; where both say something, the words of the one that stays come first."""
    theirs, ours = (StudyFacts.objects.filter(reference=each).first() for each in (gone, kept))
    if theirs is None:
        return []
    if ours is None:
        StudyFacts.objects.filter(pk=theirs.pk).update(reference=kept)
        record["moved"].append([StudyFacts._meta.label_lower, "reference_id", [theirs.pk]])
        return []
    for name in StudyFacts.FACTS:
        one, other = getattr(ours, name), getattr(theirs, name)
        joined = (
            other
            if not one and other is not None
            else f"{one} / {other}"
            if other and other not in one
            else one
        )
        if joined != one:
            setattr(ours, name, joined)
            record["joined"].append([StudyFacts._meta.label_lower, ours.pk, name, one, joined])
    dropped = StudyFacts.objects.get(pk=theirs.pk)
    theirs.delete()
    ours.save()
    return [dropped]


def move_back(record, kept, again):
    for label, pk, name, before, after in reversed(record["joined"]):
        apps.get_model(label)._base_manager.filter(pk=pk, **{name: after}).update(**{name: before})
    for label, name, pks in record["moved"]:
        rows = apps.get_model(label)._base_manager.filter(pk__in=pks, **{name: kept.pk})
        for pk in rows.values_list("pk", flat=True):
            try:
                with transaction.atomic():
                    rows.filter(pk=pk).update(**{name: again.pk})
            except IntegrityError:
                continue  # made again meanwhile; it stays with the work that has it
    for each in serializers.deserialize("json", record["dropped"], ignorenonexistent=True):
        try:
            with transaction.atomic():
                each.save(force_insert=True)
        except IntegrityError:
            continue  # what it belonged to is gone
    for notes in Notes.objects.filter(reference__in=[kept, again]):
        notes.save(updated=notes.updated)
    for facts in StudyFacts.objects.filter(reference__in=[kept, again]):
        facts.save()
