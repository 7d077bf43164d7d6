"""The author is mailed at once when a work of her library is retracted, doubted or corrected."""

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from comments.mailing import digest
from comments.models import DeskSettings
from publishing.mailing import outbox
from references.models import WorkNotice

IN_ONE_MAIL = 20
TOLD = ("retraction", "partial", "concern", "erratum", "republication")


@transaction.atomic
def tell():
    """Queue one mail for all that is new; the number of notices in it."""
    new = WorkNotice.objects.filter(told=None, first_seen__isnull=False, of_other=False)
    new = new.filter(Q(kind__in=TOLD) | Q(withdrawn__isnull=False)).order_by("pk")
    rows = list(new.select_for_update(of=["self"]).select_related("reference")[:IN_ONE_MAIL])
    to = digest.address()
    if not rows:
        return 0
    rows.sort(key=lambda row: TOLD.index(row.kind) if row.kind in TOLD else len(TOLD))
    if to:
        items = [
            {
                "notice": row,
                "work": row.reference,
                "desk": outbox.absolute(reverse("admin:references_notice", args=[row.pk])),
            }
            for row in rows
        ]
        outbox.send("notice", to, DeskSettings.load().language, {"items": items})
    WorkNotice.objects.filter(pk__in=[row.pk for row in rows]).update(told=timezone.now())
    return len(rows)
