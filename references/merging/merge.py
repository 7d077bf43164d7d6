"""Two works become one."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from reversion import create_revision
from reversion.revisions import set_comment, set_user

from publishing.desk import revisions
from publishing.models import (
    NextVersion,
    Redirect,
)
from publishing.richtext import links

from .. import matching
from ..citing.records import record_of
from ..models import (
    FurtherPdf,
    Merge,
    Reference,
)
from .rows import join_facts, join_notes, move_rows
from .texts import point_texts
from .works import OWN, dumped, locked, people_of, plain_value, put_people, settle


def compared(kept, gone):
    """The `matching.Difference`s of two works, her own fields too; tags of both are kept without
    asking."""
    found = matching.differences(record_of(kept), record_of(gone))
    rows = set(matching.ROWS_OF_THEIR_OWN) - {"names"}
    found = [each for each in found if each.field not in rows and each.field not in OWN]
    for name in OWN:
        one, other = str(getattr(kept, name) or ""), str(getattr(gone, name) or "")
        if other and one != other:
            found.append(matching.Difference(name, one, other))
    return found


@transaction.atomic
def merge(*, kept, gone, take=(), user=None):
    """Make `gone` one with `kept`; gives the `Merge`, with which `undo()` takes it back.

    Of the fields that differ, those named in `take` become `gone`'s. Everything that points to
    `gone` points to `kept` afterwards: texts that cite or link to it, placements, comments, notes,
    facts, names, lineage, relations, old addresses.
    """
    kept, gone = locked(kept.pk, gone.pk)
    if NextVersion.objects.of(gone).exists():
        raise ValidationError(
            _("“%(work)s” has a next version. Publish or discard it first.") % {"work": gone}
        )
    revisions.keep_first([kept, gone], _("As it was before two works were made one"))
    take = [each.field for each in compared(kept, gone) if each.field in take]
    if gone.pdf and not kept.pdf:
        take = [*dict.fromkeys([*take, "pdf", "pdf_licence"])]
    done = Merge(kept=kept, citekey=gone.citekey, title=gone.display_title, user=user)
    done.record = {
        "gone": dumped([gone]),
        "people": [people_of(kept), people_of(gone)],
        "tags": [sorted(each.tags.names()) for each in (kept, gone)],
        "before": {name: plain_value(kept, name) for name in take if name != "names"},
        "address": links.canonical_url(gone),
        "texts": [],
        "dropped": "[]",
        "moved": [],
        "joined": [],
    }
    with create_revision():
        set_user(user) if user else None
        set_comment(_("Made one with %(citekey)s.") % {"citekey": gone.citekey})
        point_texts(done.record, gone, kept)
        dropped = [*join_notes(done.record, kept, gone), *join_facts(done.record, kept, gone)]
        dropped += move_rows(done.record, gone, kept)
        done.record["dropped"] = dumped(dropped)
        _take_place(done.record, kept, gone, take)
    done.save()
    return done


def _take_place(record, kept, gone, take):
    """Delete the one, give the other what was chosen, its tags and its address."""
    values = {name: getattr(gone, name) for name in take if name != "names"}
    # Its file stays with the work, in its place or beside the one that is there.
    further = (kept.pdf, kept.pdf_licence) if "pdf" in values else (gone.pdf, gone.pdf_licence)
    if further[0]:
        row = FurtherPdf.objects.create(reference=kept, file=further[0].name, licence=further[1])
        record["further"] = row.pk
    Reference.objects.filter(pk=gone.pk).update(pdf="")
    gone.pdf = ""
    gone.delete()
    for name, value in values.items():
        setattr(kept, name, value)
    Reference.objects.filter(pk=kept.pk).update(**values)
    if "names" in take:
        put_people(kept, record["people"][1])
    kept.tags.add(*record["tags"][1])
    Redirect.objects.record({record["address"]: kept})
    settle(kept)
    record["after"] = {name: plain_value(kept, name) for name in values}
