"""The two works themselves: their fields, people, keys, and how they are kept."""

from django.core import serializers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from publishing import tasks

from ..models import (
    Authorship,
    Notes,
    Reference,
)

# Only hers, in no record of a file.
OWN = ("one_line", "private_note", "pdf", "pdf_licence")


def locked(*pks):
    """The works, held until the end of the transaction, in the order asked for."""
    found = {
        each.pk: each
        for each in Reference.objects.select_for_update().filter(pk__in=pks).order_by("pk")
    }
    if len(found) != len(set(pks)) or len(found) < 2:
        raise ValidationError(
            _("One of the two works is not there any more, or they are one already.")
        )
    return [found[pk] for pk in pks]


def settle(reference):
    reference = Reference.objects.with_people().get(pk=reference.pk)
    reference.number_people()
    notes = Notes.objects.filter(reference=reference).first()
    if notes:
        notes.reference = reference
        notes.follow()
    reference.refresh()
    reference.save()
    tasks.enqueue("references.pdf_text", reference.pk)


def people_of(reference):
    rows = reference.authorships.order_by("position", "pk")
    return [[row.person_id, row.role] for row in rows]


def put_people(reference, people):
    reference.authorships.all().delete()
    Authorship.objects.bulk_create(
        Authorship(reference=reference, person_id=person, role=role, position=position)
        for position, (person, role) in enumerate(people, 1)
    )


def plain_value(reference, name):
    return (
        Reference._meta.get_field(name).value_to_string(reference)
        if getattr(reference, name) is not None
        else None
    )


def dumped(objects):
    return serializers.serialize("json", objects)
