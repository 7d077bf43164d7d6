"""The author answers a notice; readers see it where the work is cited."""

from contextlib import suppress
from datetime import date

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from publishing.models import rerender_later
from publishing.templatetags.richtext import day

from ..models import WARNED_OF, NoticeAnswer, WorkNotice
from . import resting, touching

GRAVEST = (
    NoticeAnswer.Answer.REVIEW,
    NoticeAnswer.Answer.REWRITTEN,
    NoticeAnswer.Answer.STANDS,
)
_GRAVE = [kind for kind, status in WorkNotice.STATUS.items() if status in WARNED_OF]


@transaction.atomic
def answer(*, notice, answers, user=None):
    """Keep `{key of a Resting: (answer, note)}`; an empty answer takes one back. Settled is what
    has an answer everywhere. Gives how many changed."""
    notice = WorkNotice.objects.select_for_update().get(pk=notice.pk)
    found, _gone = resting.on(notice)
    changed = [each for each in found if each.key in answers and _is_new(each, answers[each.key])]
    now = timezone.now()
    for each in changed:
        chosen, note = answers[each.key]
        kind, pk, mark = each.key
        key = {"notice": notice, "page_type_id": kind, "page_id": pk, "mark": mark}
        if not chosen:
            NoticeAnswer.objects.filter(**key).delete()
            continue
        NoticeAnswer.objects.update_or_create(
            **key,
            defaults={
                "sentence": each.text, "answer": chosen, "note": note, "answered": now,
                "user": user,
            },
        )  # fmt: skip
    _settle(notice, found, now)
    touching.answered(notice)
    rerender_later(
        sorted(set(notice.reference.citations.values_list("page_type_id", "page_id")))
        if changed
        else []
    )
    return len(changed)


def _is_new(each, said):
    chosen, note = said
    if each.answer is None:
        return bool(chosen)
    return (each.answer.answer, each.answer.note) != (chosen, note)


def _settle(notice, found, now):
    answered = set(notice.answers.values_list("page_type_id", "page_id", "mark"))
    whole = all(each.key in answered for each in found)
    if whole != bool(notice.settled):
        notice.settled = now if whole else None
        notice.save(update_fields=["settled"])


def told(references, page):
    """`{pk of a work: words}` of each grave notice with its day, and what the author answered to
    the notices of warned works for what rests on them in a page, as plain text."""
    works = [each.pk for each in references]
    notices = WorkNotice.objects.filter(
        reference__in=works, withdrawn=None, of_other=False, kind__in=_GRAVE
    ).exclude(date="")
    found = {}
    for notice in notices:
        said = f"{capfirst(notice.get_kind_display())}, {_day(notice.date)}."
        found.setdefault(notice.reference_id, []).append(said)
    for pk, said in answered(works, page).items():
        found.setdefault(pk, []).append(said)
    return {pk: " ".join(dict.fromkeys(said)) for pk, said in found.items()}


def answered(works, page):
    """`{pk of a work: words}` of what the author answered alone."""
    rows = NoticeAnswer.objects.filter(
        notice__reference__in=works, notice__withdrawn=None,
        page_type=ContentType.objects.get_for_model(page), page_id=page.pk,
    )  # fmt: skip
    found = {}
    for row in rows.select_related("notice"):
        found.setdefault(row.notice.reference_id, []).append(row)
    return {pk: " ".join(_words(answers)) for pk, answers in found.items()}


def _day(text):
    with suppress(ValueError):
        return day(date.fromisoformat(text))
    return text


def _words(answers):
    """A sentence for each kind of answer, the gravest first, with her notes to that kind."""
    said = {
        "stands": _("What rests on it here stands"),
        "rewritten": _("What rested on it here is rewritten"),
        "review": _("What rests on it here is under review"),
    }
    for kind in GRAVEST:
        of_kind = [each for each in answers if each.answer == kind]
        if of_kind:
            last = max(each.answered for each in of_kind)
            notes = " ".join(dict.fromkeys(each.note for each in of_kind if each.note))
            yield f"{said[kind]} ({day(last)}){': ' + notes if notes else '.'}"
