"""Those who follow a text are told by mail when a notice touches what it concludes: one mail for
all that is new, and of each notice once."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from publishing.following import digest, topics
from publishing.mailing import outbox
from publishing.models import Follower

from ..models import Citation, WorkNotice
from . import answering
from .touching import PAUSE, TOUCHING, of_evidence

KEPT = timedelta(days=30)  # what is older is told to nobody any more
# Notices of one look, the newest; mails of one.
MOST, A_STEP = 50, 100


@dataclass(frozen=True)
class Touched:
    """A text that a notice touches, as a topic that can be followed."""

    topic: topics.Topic
    page: object


def tell(now=None):
    """Queue the mails that are due, a step of them; gives how many."""
    until = (now or timezone.now()) - PAUSE
    notices = WorkNotice.objects.filter(
        touched__gt=until - KEPT, touched__lte=until, withdrawn=None
    ).order_by("-touched", "pk")  # fmt: skip
    notices = list(notices.select_related("reference")[:MOST])
    if not notices:
        return 0
    rows = digest.confirmed().filter(at_once=True)
    rows = rows.annotate(known=Coalesce("warned", "confirmed"))
    rows = rows.filter(known__lt=notices[0].touched)
    if not rows.exists():
        return 0
    touched = {each: texts(each) for each in notices}
    keys = {key for found in touched.values() for key in found}
    emails = rows.filter(topic__in=keys).order_by("email").values_list("email", flat=True)
    emails = list(emails.distinct()[:A_STEP])
    told = sum(_tell(email, until, touched) for email in emails)
    if len(emails) < A_STEP:  # of the others nothing is touched
        others = list(rows.exclude(topic__in=keys).values_list("pk", flat=True))
        Follower.objects.filter(pk__in=others).update(warned=until)
    return told


def texts(notice):
    """`{key of a topic: [Touched]}` of the public texts a notice touches: those in which an answer
    says so, and, of a study of the evidence, all that cite it but where all stands."""
    said = {}
    for row in notice.answers.all():
        said.setdefault((row.page_type_id, row.page_id), set()).add(row.answer)
    wanted = {key for key, answers in said.items() if answers & set(TOUCHING)}
    everywhere = of_evidence(notice)
    found = {}
    for row in Citation.objects.filter(reference=notice.reference_id).prefetch_related("page"):
        key = (row.page_type_id, row.page_id)
        if row.page is None or not (key in wanted or (everywhere and key not in said)):
            continue
        name = f"{row.page._meta.label_lower}/{row.page_id}"
        topic = topics.of(name)
        if topic:
            text = Touched(topic, row.page)
            for each in (name, row.page._meta.app_label):  # who follows the whole follows it too
                found.setdefault(each, []).append(text)
    return found


@transaction.atomic
def _tell(email, until, touched):
    """One person; that they were told is written with the mail."""
    rows = list(digest.confirmed().filter(email=email, at_once=True).select_for_update())
    items = [item for notice, found in touched.items() if (item := _item(notice, found, rows))]
    if items:
        _compose(rows[-1], items)
    Follower.objects.filter(pk__in=[row.pk for row in rows]).update(warned=until)
    return bool(items)


def _item(notice, found, rows):
    """`(notice, [Touched])` of what these rows follow and have not been told of; else None."""
    mine = [
        each
        for row in rows
        if notice.touched > max(row.confirmed, row.warned or row.confirmed)
        for each in found.get(row.topic, ())
    ]
    return (notice, list({each.topic.key: each for each in mine}.values())) if mine else None


def _compose(row, items):
    with override(row.language):
        stop = outbox.absolute(reverse("comments:follow-end", args=[row.key]))
        own = outbox.absolute(reverse("comments:follow-key", args=[row.key]))
        told = [
            {
                "notice": notice,
                "work": notice.reference,
                "texts": [(text.topic, _said(notice, text.page)) for text in found],
            }
            for notice, found in items
        ]
        context = {"items": told, "stop": stop, "own_page": own}
        headers = {
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        return outbox.send("touched", row.email, row.language, context, headers)


def _said(notice, page):
    words = answering.answered([notice.reference_id], page).get(notice.reference_id, "")
    return words.rstrip(".") or _("The author has not said yet what it changes here")
