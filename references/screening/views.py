"""The screening desk: one record after the other, by keyboard or thumb, with or without
scripts."""

from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from ..models import ExclusionReason, Hit, Methods
from . import deciding, queue
from .deciding import Stage, Verdict

STAGES = {
    "title": (Stage.SCREENING, _("Title and abstract")),
    "text": (Stage.FULL_TEXT, _("Full text")),
    "again": (Stage.AGAIN, _("Blind, again")),
}
SAID = {
    "include": _("Included: %(title)s"),
    "exclude": _("Excluded: %(title)s"),
    "maybe": _("Put aside for later: %(title)s"),
    "no text": _("Full text not to be had: %(title)s"),
    "remove": _("Taken out as the same: %(title)s"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def screening(request):
    """The next record and the buttons; a POST decides and shows the next."""
    if not request.user.has_perm("references.view_hit"):
        raise PermissionDenied
    name = request.POST.get("stage") or request.GET.get("stage", "")
    name = name if name in STAGES else "title"
    if request.method == "POST":
        if not request.user.has_perm("references.add_decision"):
            raise PermissionDenied
        if request.POST.get("do") == "undo":
            error, said, name, after, chosen = _undone(request, name)
        else:
            error, said, after = _decided(request, STAGES[name][0])
            chosen = after if error else 0
        if request.POST.get("part"):
            return _card(request, name, after, chosen=chosen, error=error, said=said)
        if error or said:
            (messages.error if error else messages.success)(request, error or said)
        query = urlencode({"stage": name, "after": after} | ({"hit": chosen} if chosen else {}))
        return redirect(f"{reverse('admin:references_screening')}?{query}")
    after = _number(request.GET.get("after", ""))
    return _card(request, name, after, chosen=_number(request.GET.get("hit", "")))


def _number(text):
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _undone(request, name):
    """`(error, what was taken back, stage, after, key of the hit)`: it comes again at once, in the
    stage it was in."""
    try:
        last = deciding.undo(user=request.user)
    except ValidationError as error:
        return " ".join(error.messages), "", name, 0, 0
    if last is None:
        return "", gettext("Nothing to take back."), name, 0, 0
    said = gettext("Taken back: %(title)s") % {"title": last.hit.title[:80]}
    name = next(each for each, (stage, _label) in STAGES.items() if stage == last.stage)
    return "", said, name, 0, last.hit_id


def _decided(request, stage):
    """`(error, what was done, key of the hit)`."""
    do, pk = request.POST.get("do", ""), _number(request.POST.get("hit", ""))
    verdict, _space, number = do.partition("-")
    if verdict not in SAID:
        return gettext("Choose one of the buttons."), "", pk
    try:
        reason = deciding.reason_of(number)
        done = deciding.decide(
            hit=pk, stage=stage, verdict=verdict, reason=reason, user=request.user,
            note=request.POST.get("note", ""),
        )  # fmt: skip
    except ValidationError as error:
        return " ".join(error.messages), "", pk
    return "", str(SAID[verdict]) % {"title": done.hit.title[:80]}, pk


def _card(request, name, after, *, chosen=0, error="", said=""):
    stage, _label = STAGES[name]
    rows = queue.waiting(stage)
    hit = rows.filter(pk=chosen).first() if chosen else None
    hit = hit or queue.following(stage, after)
    counts = {each: queue.waiting(at).count() for each, (at, _name) in STAGES.items()}
    methods, left = Methods.load(), counts[name]
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
        "stages": [(each, label, counts[each]) for each, (_at, label) in STAGES.items()],
    }
    if request.method == "POST":
        return TemplateResponse(request, "admin/references/hit/card.html", values)
    values |= {
        **admin.site.each_context(request),
        "title": gettext("Screening"),
        "opts": Hit._meta,
    }
    return TemplateResponse(request, "admin/references/hit/screening.html", values)
