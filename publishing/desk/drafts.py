"""Drafts of open forms: kept apart from the history, thinned, bounded and forgotten in time."""

from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from ..models import EditingDraft, PreviewLink, SavedForm

# One state is kept for each of these spans, and this many of them for one open form: who empties a
# text by mistake finds the words of ten minutes ago.
SPAN = timedelta(minutes=10)
STATES = 6
# Open forms of one person; the oldest go first.
FORMS = 60


def _of(user, model, object_id):
    kind = ContentType.objects.get_for_model(model)
    return EditingDraft.objects.filter(user=user, content_type=kind, object_id=object_id)


@transaction.atomic
def keep(*, user, model, object_id, key, base, fields) -> EditingDraft:
    """Keep what an open form holds, in place of what it held a moment ago."""
    now = timezone.now()
    last = EditingDraft.objects.filter(user=user, key=key).first()
    if last and last.fields == fields:
        return last
    if last and now - last.begun < SPAN:
        last.fields, last.base, last.saved = fields, base, now
        last.save(update_fields=["fields", "base", "saved"])
        return last
    kind = ContentType.objects.get_for_model(model)
    draft = EditingDraft.objects.create(
        user=user,
        content_type=kind,
        object_id=object_id,
        key=key,
        base=base,
        fields=fields,
        begun=now,
        saved=now,
    )
    _thin(user, key)
    return draft


def _thin(user, key):
    own = EditingDraft.objects.filter(user=user, key=key).values_list("pk", flat=True)
    EditingDraft.objects.filter(pk__in=list(own[STATES:])).delete()
    keys = list(dict.fromkeys(EditingDraft.objects.filter(user=user).values_list("key", flat=True)))
    if len(keys) > FORMS:
        EditingDraft.objects.filter(user=user, key__in=keys[FORMS:]).delete()


def newest(user, model, object_id) -> list[EditingDraft]:
    """The newest state of every form of this thing that holds unsaved words; their texts are not
    read.
    """
    found = {}
    for draft in _of(user, model, object_id).defer("fields", "base"):
        found.setdefault(draft.key, draft)
    return list(found.values())


def states(draft) -> list[EditingDraft]:
    """Every state kept of the same open form, the newest first."""
    return list(EditingDraft.objects.filter(user=draft.user, key=draft.key).defer("fields", "base"))


def discard(user, *keys) -> int:
    return EditingDraft.objects.filter(user=user, key__in=keys).delete()[0]


def discard_next(user, model, object_id, name) -> None:
    """Forget what was typed into forms of a next version, which carry a field of this name."""
    own = [each.pk for each in _of(user, model, object_id) if name in each.fields]
    EditingDraft.objects.filter(pk__in=own).delete()


def purge(now=None) -> int:
    """Forget drafts nobody came back to for DRAFT_DAYS, and which forms are saved; gives how many
    drafts.
    """
    now = now or timezone.now()
    SavedForm.objects.filter(at__lt=now - timedelta(days=2)).delete()
    PreviewLink.objects.filter(until__lt=now).delete()
    return EditingDraft.objects.filter(
        saved__lt=now - timedelta(days=settings.DRAFT_DAYS)
    ).delete()[0]
