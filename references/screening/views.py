"""The screening desk: one record after the other, by keyboard or thumb, with or without
scripts."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from ..models import Decision, ExclusionReason, Hit, Methods
from . import deciding, queue
from .deciding import Stage, Verdict

STAGES = {
    "title": (Stage.SCREENING, _("Title and abstract")),
    "text": (Stage.FULL_TEXT, _("Full text")),
    "again": (Stage.AGAIN, _("Blind, again")),
}
VERDICTS = {"include", "exclude", "maybe", "no text", "remove"}


@require_http_methods(["GET", "HEAD", "POST"])
def screening(request):
    """The next record and the buttons; a POST decides and shows the next."""
    if not request.user.has_perm("references.view_hit"):
        raise PermissionDenied
    name = request.POST.get("stage") or request.GET.get("stage", "")
    name = name if name in STAGES else "title"
    said, after = "", 0
    if request.method == "POST":
        if not request.user.has_perm("references.add_decision"):
            raise PermissionDenied
        error, said, after = _decided(request, STAGES[name][0])
        if not request.POST.get("part"):
            if error or said:
                (messages.error if error else messages.success)(request, error or said)
            return redirect(f"{reverse('admin:references_screening')}?stage={name}&after={after}")
        return _card(request, name, after, error=error, said=said)
    after = _number(request.GET.get("after", ""))
    return _card(request, name, after, chosen=_number(request.GET.get("hit", "")))


def _number(text):
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _decided(request, stage):
    """`(error, what was done, key of the hit)`."""
    do, pk = request.POST.get("do", ""), _number(request.POST.get("hit", ""))
    verdict, _space, number = do.partition("-")
    try:
        if do == "undo":
            last = deciding.undo(user=request.user)
            words = gettext("Taken back: %(title)s") if last else gettext("Nothing to take back.")
            return "", words % {"title": last.hit.title[:80]} if last else words, 0
        if verdict not in VERDICTS:
            return gettext("Choose one of the buttons."), "", pk
        reason = deciding.reason_of(number)
        done = deciding.decide(
            hit=pk, stage=stage, verdict=verdict, reason=reason, user=request.user,
            note=request.POST.get("note", ""),
        )  # fmt: skip
    except ValidationError as error:
        return " ".join(error.messages), "", pk
    words = f"{done.get_verdict_display()}: {done.hit.title[:80]}"
    return "", words, pk


def _card(request, name, after, *, chosen=0, error="", said=""):
    stage, _label = STAGES[name]
    rows = queue.waiting(stage)
    hit = rows.filter(pk=chosen).first() if chosen else None
    hit = hit or queue.following(stage, after)
    methods, left = Methods.load(), rows.count()
    with_readers = request.user.has_perm("references.view_nomination")
    values = {
        "stage": name,
        "hit": hit,
        "shown": queue.shown(hit, methods, with_readers=with_readers) if hit else None,
        "left": left,
        "minutes": queue.minutes(left) if left else 0,
        "reasons": ExclusionReason.objects.all(),
        "methods": methods,
        "error": error,
        "said": said,
        "verdicts": Verdict,
    }
    if request.method == "POST":
        return TemplateResponse(request, "admin/references/hit/card.html", values)
    counts = {each: queue.waiting(at).count() for each, (at, _name) in STAGES.items()}
    values |= {
        **admin.site.each_context(request),
        "title": gettext("Screening"),
        "opts": Hit._meta,
        "stages": [(each, label, counts[each]) for each, (_at, label) in STAGES.items()],
        "may_undo": Decision.objects.filter(by=request.user, undone_by=None).exists(),
    }
    return TemplateResponse(request, "admin/references/hit/screening.html", values)
