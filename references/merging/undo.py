"""Of one work two again, as long as that can be."""

from datetime import timedelta

from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from reversion import create_revision
from reversion.revisions import set_comment, set_user

from publishing.models import (
    Redirect,
)

from .. import pdf
from ..models import (
    FurtherPdf,
    Merge,
    Reference,
)
from .rows import move_back
from .texts import put_back
from .works import people_of, plain_value, put_people, settle

KEPT = timedelta(days=90)  # for so long a merge can be taken back


def forget_old():
    """Merges too old to be taken back go, with the copies kept for it; gives how many."""
    old = list(Merge.objects.filter(created__lt=timezone.now() - KEPT))
    for done in old:
        (gone,) = (
            each.object
            for each in serializers.deserialize("json", done.record["gone"], ignorenonexistent=True)
        )
        done.delete()
        for name in filter(None, (gone.pdf.name, done.record["before"].get("pdf"))):
            if not (
                Reference.objects.filter(pdf=name).exists()
                or FurtherPdf.objects.filter(file=name).exists()
            ):
                pdf.forget(name)
    return len(old)


@transaction.atomic
def undo(done, *, user=None):
    """Take a merge back; gives the work that is there again. What was changed since the merge stays
    as it is now."""
    record = done.record
    kept = Reference.objects.select_for_update().get(pk=done.kept_id)
    (stored,) = serializers.deserialize("json", record["gone"], ignorenonexistent=True)
    again = stored.object
    with create_revision():
        set_user(user) if user else None
        set_comment(_("Taken apart from %(citekey)s.") % {"citekey": done.citekey})
        back = {
            name: Reference._meta.get_field(name).to_python(record["before"][name])
            for name, value in record["after"].items()
            if plain_value(kept, name) == value
        }
        for name, value in back.items():
            setattr(kept, name, value)
        _free(again, kept)
        FurtherPdf.objects.filter(pk=record.get("further")).delete()  # its file has its work again
        Reference.objects.filter(pk=kept.pk).update(**back)
        stored.save(force_insert=True)
        mine, theirs = record["people"]
        if mine != theirs and people_of(kept) == theirs:
            put_people(kept, mine)
        put_people(again, theirs)
        again.tags.set(record["tags"][1])
        kept.tags.remove(*(set(record["tags"][1]) - set(record["tags"][0])))
        move_back(record, kept, again)
        Redirect.objects.filter(path=record["address"]).delete()
        for each in record["texts"]:
            put_back(each, kept, again)
        for work in (kept, again):
            settle(work)
    done.delete()
    return Reference.objects.get(pk=again.pk)


def _free(again, kept):
    """Refuse if something of the work has been given to another one meanwhile."""
    for name in ("citekey", "doi", "pmid", "pmcid"):
        value = getattr(again, name)
        holder = (
            Reference.objects.filter(**{name: value}).exclude(pk=kept.pk).first() if value else None
        )
        holder = holder or (kept if value and getattr(kept, name) == value else None)
        if holder:
            words = _(
                "%(value)s belongs to %(citekey)s now; free it there first, then take the merge"
                " back."
            )
            raise ValidationError(words % {"value": value, "citekey": holder.citekey})
