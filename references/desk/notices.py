"""Retractions and other notices, at the desk: what is new, what rests on it, and her answers."""

import re

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, F, Q, When
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from ..models import WARNED_OF, NoticeAnswer, NoticeWatch, Reference, WorkNotice
from ..notices import answering, resting, retractionwatch, watching
from .pages import library_page

PER_PAGE = 50
MOST_MEGABYTES = 100
KINDS = [kind for kind, status in WorkNotice.STATUS.items() if status]
_FIELD = re.compile(r"answer-(\d{1,9})-(\d{1,18})-([0-9a-f]{64})")


def may(user):
    return user.has_perm("references.change_reference")


def open_notices():
    """New ones that she has not gone through."""
    new = WorkNotice.objects.filter(first_seen__isnull=False, settled=None, of_other=False)
    return new.filter(kind__in=KINDS, withdrawn=None)


def to_do(user):
    count = open_notices().count() if may(user) else 0
    if count:
        words = ngettext(
            "%(count)s new notice about a work: retracted or corrected",
            "%(count)s new notices about works: retracted or corrected",
            count,
        )
        yield words % {"count": count}, reverse("admin:references_notices")


def notices(request):
    """What waits for her answer, the gravest first, and every work that was retracted or doubted;
    how the watch stands."""
    _check(request)
    rows = WorkNotice.objects.filter(of_other=False, kind__in=KINDS).select_related("reference")
    waits = Q(first_seen__isnull=False, settled=None, withdrawn=None)
    graver = Case(*(When(kind=kind, then=at) for at, kind in enumerate(KINDS)), default=len(KINDS))
    rows = rows.order_by(
        Case(When(waits, then=0), default=1),
        graver,
        F("first_seen").desc(nulls_last=True),
        "reference__sort_key",
        "pk",
    ).exclude(Q(first_seen=None) & ~Q(reference__status__in=WARNED_OF))
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "watches": NoticeWatch.objects.order_by("source"),
        "labels": {name: source.LABEL for name, source in watching.SOURCES.items()},
        "checked": watching.checked(),
        "works": Reference.objects.count(),
        "unwatched": watching.unwatched().count(),
    }
    return library_page(request, "notices", gettext("Retractions and corrections"), **context)


def notice(request, pk):
    """One notice: each sentence, fact and picture that rests on the work, and her answer to it."""
    _check(request)
    row = get_object_or_404(WorkNotice.objects.select_related("reference"), pk=pk)
    if request.method == "POST":
        count = answering.answer(notice=row, answers=_answers(request.POST), user=request.user)
        row.refresh_from_db()
        _say(request, row, count)
        return redirect("admin:references_notice", pk=pk)
    found, gone = resting.on(row)
    context = {
        "notice": row,
        "work": row.reference,
        "found": found,
        "gone": gone,
        "choices": NoticeAnswer.Answer.choices,
    }
    return library_page(request, "notice", str(row.reference.label), **context)


def _answers(data):
    found = {}
    for name in data:
        if match := _FIELD.fullmatch(name):
            chosen = data[name] if data[name] in NoticeAnswer.Answer.values else ""
            note = " ".join(data.get(name.replace("answer", "note", 1), "").split())[:300]
            found[int(match[1]), int(match[2]), match[3]] = (chosen, note)
    return found


def _say(request, row, count):
    if row.settled:
        messages.success(request, gettext("Every place has its answer. Readers see it there."))
    else:
        words = ngettext(
            "%(count)s answer is kept. Some places have none yet.",
            "%(count)s answers are kept. Some places have none yet.",
            count,
        )
        messages.info(request, words % {"count": count})


@require_POST
def check_now(request):
    """A round through both sources, now."""
    _check(request)
    watching.begin_due(all_now=True)
    messages.info(
        request, gettext("Crossref and PubMed are asked. What they say appears here by and by.")
    )
    return redirect("admin:references_notices")


@require_POST
def upload(request):
    """The file of Retraction Watch."""
    _check(request)
    file = request.FILES.get("file")
    if file is None:
        messages.error(request, gettext("Choose the file first."))
    elif file.size > MOST_MEGABYTES * 1024 * 1024:
        messages.error(request, gettext("The file is larger than 100 MB."))
    else:
        _read(request, file)
    return redirect("admin:references_notices")


def _read(request, file):
    try:
        read = retractionwatch.read(file)
    except retractionwatch.NotTheFile as error:
        messages.error(request, str(error))
        return
    words = gettext(
        "%(lines)s lines read, %(found)s about works of the library, %(new)s of them new."
    )
    values = {"lines": read.lines, "found": read.found, "new": len(read.new)}
    messages.success(request, words % values)
    for each in read.warnings:
        messages.warning(request, each)


def _check(request):
    if not may(request.user):
        raise PermissionDenied
