"""The tables an export holds, and their rows as JSON, the same on every database."""

import datetime
import hashlib
import json
from decimal import Decimal

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.utils.dateparse import parse_date, parse_datetime

from config import copying

# Not of the site but of this installation: who works here, what waits, logs, what is computed.
LEFT_OUT = {
    "comments.access", "comments.addresssecret", "comments.mailedcomment",
    "comments.spentchallenge", "comments.tasklock", "references.hitturn", "references.lookupanswer",
    "references.lookupturn", "references.merge", "references.pdftext", "references.pendingimport",
    "references.pendingrecord", "publishing.editingdraft", "publishing.foundnothing",
    "publishing.generation", "publishing.indexentry", "publishing.indexrules",
    "publishing.previewlink", "publishing.replacement", "publishing.savedform",
    "publishing.siteimport", "publishing.taskworker", "publishing.trashed", "publishing.wordgram",
}  # fmt: skip
OURS = ("review", "blog", "comments", "references", "publishing", "taggit")


def tables():
    """`{label: copying.Table}` in the order of their names."""
    found = {
        table.model._meta.label_lower: table
        for table in copying.tables()
        if table.model._meta.app_label in OURS
    }
    return {label: found[label] for label in sorted(found) if label not in LEFT_OUT}


def lines(table, connection):
    """Each row as a line of JSON, the keys in their order: the same on every database."""
    kinds = {pk: f"{app}.{model}" for pk, app, model in ContentType.objects.values_list()}
    for row in table.rows(connection):
        values = {
            field.attname: _out(field, value, kinds)
            for field, value in zip(table.fields, row, strict=True)
        }
        yield json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _out(field, value, kinds):
    if value is None or _is_user(field):
        return None
    if _is_kind(field):
        return kinds[value]
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat()
    if isinstance(value, datetime.date | Decimal):
        return str(value)
    return value


def row_of(line, table, connection):
    """The values of a line for the database; raises `ValueError` for what is none of a row."""
    values = json.loads(line)
    names = {field.attname for field in table.fields}
    if set(values) != names:
        odd = ", ".join(sorted(set(values) ^ names))
        raise ValueError(f"{table.model._meta.label_lower}: other columns than here: {odd}")
    return [
        field.get_db_prep_save(_in(field, values[field.attname]), connection=connection)
        for field in table.fields
    ]


def _in(field, value):
    kind = field.get_internal_type()
    if value is None:
        return None
    if _is_kind(field):
        app, _dot, model = value.partition(".")
        return ContentType.objects.get_by_natural_key(app, model).pk
    if kind == "DateTimeField":
        return parse_datetime(value)
    if kind == "DateField":
        return parse_date(value)
    return value


def _is_user(field):
    related = field.related_model
    return related is not None and related._meta.label == settings.AUTH_USER_MODEL


def _is_kind(field):
    return field.related_model is ContentType


def digest(found):
    """`(number, sha256)` of lines."""
    summed, count = hashlib.sha256(), 0
    for line in found:
        summed.update(line.encode() + b"\n")
        count += 1
    return count, summed.hexdigest()


def is_decided(model):
    """Whether the format says what becomes of a model's rows."""
    label = model._meta.label_lower
    return model._meta.app_label not in OURS or label in LEFT_OUT or label in tables()


def undecided():
    return [model._meta.label for model in apps.get_models() if not is_decided(model)]
