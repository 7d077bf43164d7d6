"""The chapters as a tree on one page of the desk: each goes up, down, in or out, by a button, a key
or the pointer. Every way is a form that is sent; the script only sends it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import moves
from ..models import Chapter, Section

# What each step is called, and called of one chapter, and its sign.
STEPS = {
    "up": (gettext_lazy("Move up"), gettext_lazy("Move up: %(title)s"), "↑"),
    "down": (gettext_lazy("Move down"), gettext_lazy("Move down: %(title)s"), "↓"),
    "out": (gettext_lazy("Take out one level"), gettext_lazy("Take out one level: %(title)s"), "←"),
    "in": (
        gettext_lazy("Make part of the one above"),
        gettext_lazy("Make part of the one above: %(title)s"),
        "→",
    ),
}


@dataclass(frozen=True)
class Way:
    """A step a chapter can take, or cannot: a button."""

    value: str
    name: str
    label: str
    sign: str
    can: bool


def arrange(desk, request):
    """The tree; by POST one move: `step=<way>-<pk>`, or `chapter`, `under`, `before`, `section`."""
    if not desk.has_view_or_change_permission(request):
        raise PermissionDenied
    if request.method == "POST":
        return _moved(desk, request)
    context = {
        **desk.admin_site.each_context(request),
        "title": _("Arrange the chapters"),
        "opts": desk.opts,
        "sections": _sections(desk, request),
        "moved": request.GET.get("moved", ""),
        "may_move": desk.has_change_permission(request),
    }
    if request.GET.get("back", "").isdecimal():
        context["undo"] = {name: request.GET.get(name, "") for name in ("back", "under", "before")}
    return TemplateResponse(request, "admin/review/chapter/arrange.html", context)


def _sections(desk, request):
    """`[(section, its name, [(chapter, ways it can go)])]`, all of them, the empty ones too."""
    rows = desk.get_queryset(request).prefetch_related(None).order_by("order")
    chapters = list(rows.defer("body", "body_html", "contents", "references_html", "cited"))
    family = {}
    for each in chapters:
        family.setdefault((each.parent_id, each.section), []).append(each.pk)
    found = []
    for section in Section:
        inside = [
            (each, _ways(each, family[each.parent_id, each.section]))
            for each in chapters
            if each.section == section
        ]
        found.append((section.value, section.label, inside))
    return found


def _ways(chapter, beside):
    can = {
        "up": beside[0] != chapter.pk,
        "down": beside[-1] != chapter.pk,
        "out": bool(chapter.parent_id),
        "in": beside[0] != chapter.pk,
    }
    return [
        Way(f"{step}-{chapter.pk}", name, label % {"title": chapter.title}, sign, can[step])
        for step, (name, label, sign) in STEPS.items()
    ]


def _moved(desk, request):
    if not desk.has_change_permission(request):
        raise PermissionDenied
    way, _dash, pk = request.POST.get("step", "").partition("-")
    chapter = _chapter(pk or request.POST.get("chapter"))
    if chapter is None:
        messages.warning(request, _("This chapter is not there any more."))
        return redirect("admin:review_chapter_arrange")
    if not desk.has_change_permission(request, chapter):
        raise PermissionDenied
    was = _place(chapter)
    try:
        done = moves.step(chapter, way) if way in STEPS else _put(request, chapter)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return redirect(_address(chapter, {}))
    if not done:
        messages.info(request, _("Nothing moved: it is at the end already."))
        return redirect(_address(chapter, {}))
    now = Chapter.objects.select_related("parent").get(pk=chapter.pk)
    desk.log_change(request, now, _("Moved."))
    messages.success(request, _words(now))
    undo = {"back": chapter.pk, **was} if "undo" not in request.POST else {}
    return redirect(_address(chapter, undo))


def _chapter(pk):
    return Chapter.objects.filter(pk=int(pk)).first() if (pk or "").isdecimal() else None


def _put(request, chapter):
    under, before = (request.POST.get(name) for name in ("under", "before"))
    found = {"under": _chapter(under), "before": _chapter(before)}
    if (under and not found["under"]) or (before and not found["before"]):
        raise ValidationError(_("The chapters were moved meanwhile. Nothing was moved."))
    section = request.POST.get("section", "")
    return moves.put(chapter, **found, section=section if section in Section.values else "")


def _place(chapter):
    """Where a chapter stands, as the form says it that would put it back there."""
    behind = Chapter.objects.filter(
        parent=chapter.parent_id, section=chapter.section, order__gt=chapter.order
    )
    first = behind.order_by("order").values_list("pk", flat=True).first()
    return {"under": chapter.parent_id or "", "before": first or "", "section": chapter.section}


def _address(chapter, query):
    words = urlencode({"moved": chapter.pk, **query})
    return f"{reverse('admin:review_chapter_arrange')}?{words}#chapter-{chapter.pk}"


def _words(chapter):
    """What is read out once it has moved."""
    words = {"title": chapter.title, "number": chapter.number, "parent": chapter.parent}
    if chapter.parent and chapter.number:
        return _("“%(title)s” is now %(number)s, in “%(parent)s”.") % words
    if chapter.parent:
        return _("“%(title)s” stands now in “%(parent)s”.") % words
    if chapter.number:
        return _("“%(title)s” is now %(number)s.") % words
    return _("“%(title)s” has moved.") % words
