"""The works of a chapter on one page of the desk: remarks, order, several put in or taken out at
once; and works chosen in the library, put into a chapter."""

import reversion
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from publishing.desk import revisions
from references.desk.picking import pick
from references.models import Reference

from .. import placements
from ..models import Chapter, Placement

LONGEST_REMARK = 5000


class ChapterChoiceField(forms.ModelChoiceField):
    """Chapters as the contents list has them: number, title, indented."""

    def label_from_instance(self, chapter):
        return "\u2003" * chapter.depth + str(chapter)


def works(desk, request, pk):
    """The works listed in a chapter. Each button of the form keeps the remarks typed as well."""
    chapter = Chapter.objects.filter(pk=pk).first()
    if chapter is None:
        raise Http404
    if not request.user.has_perm("review.view_placement"):
        raise PermissionDenied
    if request.method == "POST":
        return _changed(desk, request, chapter)
    query = request.GET.get("q", "").strip()[:200]
    rows = Placement.objects.filter(chapter=chapter).select_related("reference")
    there = {row.reference_id for row in rows}
    context = {
        **desk.admin_site.each_context(request),
        "title": _("References in this chapter"),
        "opts": desk.opts,
        "chapter": chapter,
        "rows": rows,
        "own_order": any(row.position for row in rows),
        "query": query,
        "found": [(work, work.pk in there) for work in pick(query)] if query else [],
        "moved": request.GET.get("moved", ""),
        "may": request.user.has_perm("review.change_placement"),
    }
    return TemplateResponse(request, "admin/review/chapter/works.html", context)


def _may(request, *actions):
    if not all(request.user.has_perm(f"review.{action}_placement") for action in actions):
        raise PermissionDenied


def _numbers(values):
    return [int(value) for value in values if value.isdecimal()][: placements.MOST]


def _remarks(post, before):
    """`{id: words}` of the fields whose name begins so."""
    return {
        int(name[len(before) :]): post[name].replace("\x00", "").strip()[:LONGEST_REMARK]
        for name in post
        if name.startswith(before) and name[len(before) :].isdecimal()
    }


def _changed(desk, request, chapter):
    _may(request, "change")
    if not desk._is_open_to(request, chapter):
        raise PermissionDenied
    post = request.POST
    revisions.keep_first([chapter], _("As it was before its first change here"))
    said, moved = [], ""
    if count := placements.remark(chapter=chapter, remarks=_remarks(post, "remark-")):
        said.append(ngettext("%(n)s remark kept.", "%(n)s remarks kept.", count) % {"n": count})
    if "take_out" in post:
        _may(request, "delete")
        count = placements.take_out(chapter=chapter, ids=_numbers(post.getlist("out")))
        said.append(
            ngettext("%(n)s work taken out.", "%(n)s works taken out.", count) % {"n": count}
            if count
            else _("Tick the works to take out first.")
        )
    elif "put_in" in post:
        _may(request, "add")
        said.append(_put(chapter, _numbers(post.getlist("add")), _remarks(post, "new-remark-")))
    elif "by_year" in post:
        placements.by_year(chapter=chapter)
        said.append(_("They stand in the order of their years."))
    elif "step" in post or "before" in post:
        moved, words = _moved(chapter, post)
        said.append(words)
    _keep(desk, request, chapter, said)
    query = f"q={post['q']}&" if post.get("q") and "put_in" not in post else ""
    address = reverse("admin:review_chapter_works", args=[chapter.pk])
    return redirect(f"{address}?{query}moved={moved}" + (f"#work-{moved}" if moved else ""))


def _put(chapter, ids, remarks):
    known = Reference.objects.filter(pk__in=ids).values_list("pk", flat=True)
    count = placements.put_in(
        chapter=chapter, remarks={pk: remarks.get(pk, "") for pk in ids if pk in set(known)}
    )
    if not ids:
        return _("Tick the works to put in first.")
    words = ngettext("%(n)s work put in.", "%(n)s works put in.", count) % {"n": count}
    there = len(ids) - count
    return words + (" " + _("The others are listed here already.") if there else "")


def _moved(chapter, post):
    way, _dash, pk = post.get("step", "").partition("-")
    pk = pk or post.get("chapter", "")
    before = post.get("before", "")
    if not pk.isdecimal():
        return "", _("Nothing moved: it is at the end already.")
    done = placements.move(
        chapter=chapter,
        pk=int(pk),
        before=int(before) if before.isdecimal() else None,
        step={"up": -1, "down": 1}.get(way, 0),
    )
    if not done:
        return pk, _("Nothing moved: it is at the end already.")
    ids = list(Placement.objects.filter(chapter=chapter).values_list("pk", flat=True))
    row = Placement.objects.select_related("reference").get(pk=pk)
    words = {"work": row.reference.label, "place": ids.index(row.pk) + 1, "all": len(ids)}
    return pk, _("%(work)s stands now at place %(place)s of %(all)s.") % words


def _keep(desk, request, chapter, said):
    with reversion.create_revision():
        reversion.set_user(request.user)
        reversion.set_comment(" ".join(said) or _("Nothing changed."))
        reversion.add_to_revision(chapter)
    desk.log_change(request, chapter, _("References in this chapter changed."))
    messages.success(request, " ".join(said) or _("Nothing changed."))


class PlaceForm(forms.Form):
    chapter = ChapterChoiceField(
        label=gettext_lazy("Chapter"), queryset=Chapter.objects.none(), empty_label=None
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["chapter"].queryset = Chapter.objects.defer("body", "body_html")


def place(desk, request):
    """Works chosen in the library, `?works=1,2`: into which chapter, with which remarks."""
    _may(request, "change", "add")
    source = request.POST.get("works", "") or request.GET.get("works", "")
    ids = _numbers(source.split(","))
    chosen = list(Reference.objects.with_people().filter(pk__in=ids).order_by("year", "sort_key"))
    form = PlaceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        chapter = form.cleaned_data["chapter"]
        if not desk._is_open_to(request, chapter):
            raise PermissionDenied
        revisions.keep_first([chapter], _("As it was before its first change here"))
        remarks = _remarks(request.POST, "new-remark-")
        said = _put(chapter, [work.pk for work in chosen], remarks)
        _keep(desk, request, chapter, [said])
        return redirect("admin:review_chapter_works", chapter.pk)
    remarks = _remarks(request.POST, "new-remark-")
    context = {
        **desk.admin_site.each_context(request),
        "title": _("Place works in a chapter"),
        "opts": desk.opts,
        "works": [(work, remarks.get(work.pk, "")) for work in chosen],
        "ids": ",".join(str(work.pk) for work in chosen),
        "form": form,
    }
    return TemplateResponse(request, "admin/review/chapter/place.html", context)
