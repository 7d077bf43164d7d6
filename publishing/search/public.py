"""What of the index the public may see at this moment."""

from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q

from .. import visibility
from ..compiled import Condition
from .tables import IndexEntry


def indexed_models() -> list[Any]:
    return [model for model in apps.get_models() if hasattr(model, "index_text")]


def seen() -> models.QuerySet:
    """Rows whose own time has come and is not over."""
    return IndexEntry.objects.filter(visibility.open_q("visible_from", "visible_until"))


def published() -> models.QuerySet:
    """Of these, those whose page is public: rows are written ahead of time, and a page above may
    have gone since."""
    return IndexEntry.objects.filter(_PUBLISHED)


def _seen_and_published() -> models.QuerySet:
    visible = Q()
    for model in indexed_models():
        published = getattr(model._default_manager, "published", None)
        if published and (public := published()).query.where:
            kind = ContentType.objects.get_for_model(model)
            visible &= ~Q(page_type=kind) | Exists(public.order_by().filter(pk=OuterRef("page_id")))
    return seen().filter(visible)


_PUBLISHED = Condition(_seen_and_published)
