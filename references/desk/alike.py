"""Perhaps the same, at the desk: pairs to look at, two works side by side, one made of them, and
that taken back."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from .. import alike, matching, merging
from ..citing.records import record_of
from ..importing.preview import label, value_text
from ..models import Merge, Reference, Relation
from .pages import library_page

PER_PAGE = 20
SHOWN_MERGES = 20
LOOKED_AT = 100  # pairs, by the desk’s first page


def for_who_may_merge(view):
    """To make two works one is to change one and to delete the other."""

    @wraps(view)
    def checked(request, *args, **kwargs):
        if not _may_merge(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked


def _may_merge(user):
    return user.has_perms(["references.change_reference", "references.delete_reference"])


def to_do(user):
    """The duty of the desk's first page, as `waiting.count` gives others; of those pairs it looks
    at."""
    count = len(alike.pairs(LOOKED_AT)) if _may_merge(user) else 0
    if count:
        words = ngettext(
            "%(count)s pair of works that may be one", "%(count)s pairs of works that may be one",
            count,
        )  # fmt: skip
        yield words % {"count": count}, reverse("admin:references_alike")


@for_who_may_merge
def pairs(request):
    """The works that are perhaps one, and what was made one lately."""
    page = Paginator(alike.pairs(), PER_PAGE).get_page(request.GET.get("page"))
    merges = Merge.objects.select_related("kept")[:SHOWN_MERGES]
    return library_page(request, "alike", gettext("Perhaps the same"), page=page, merges=merges)


@for_who_may_merge
def merge(request, kept, gone):
    """Two works side by side: one is kept and takes over what is chosen, or they are said to be
    two."""
    works = Reference.objects.with_people().prefetch_related("tags")
    kept, gone = (get_object_or_404(works, pk=pk) for pk in (kept, gone))
    if kept.pk == gone.pk:
        return redirect("admin:references_alike")
    if request.method == "POST":
        return _decided(request, kept, gone)
    fields = [
        {
            "name": f"field-{each.field}",
            "label": label(each.field),
            "ours": value_text(each.field, each.ours),
            "theirs": value_text(each.field, each.theirs),
            "take": "theirs" if each.fills else "ours",
        }
        for each in merging.compared(kept, gone)
    ]
    features = [matching.Features(record_of(each)) for each in (kept, gone)]
    judgement = matching.weigh(*features)
    gone_is = judgement.relation and not matching.is_said_of(judgement.relation, *features)
    relation = Relation.objects.filter(Q(one=kept, other=gone) | Q(one=gone, other=kept)).first()
    kinds = [(kind.value, kind.label) for kind in Relation.Kind if kind != Relation.Kind.APART]
    return library_page(
        request, "merge", gettext("Two works side by side"), kept=kept, gone=gone, fields=fields,
        judgement=judgement, gone_is=gone_is,
        relation=relation, kinds=kinds, cited=[len(each.citations_elsewhere()) for each in (kept,
            gone)],
    )  # fmt: skip


def _decided(request, kept, gone):
    do = request.POST.get("do", "")
    if do == "merge":
        return _merged(request, kept, gone)
    kind = Relation.Kind.APART if do == "apart" else request.POST.get("kind", "")
    if kind not in Relation.Kind.values:
        messages.error(request, gettext("Choose what the one is of the other."))
        return redirect("admin:references_merge", kept.pk, gone.pk)
    one, other = (gone, kept) if request.POST.get("way") == "gone" else (kept, gone)
    Relation.objects.filter(Q(one=kept, other=gone) | Q(one=gone, other=kept)).delete()
    Relation.objects.create(one=one, other=other, kind=kind)
    messages.success(
        request,
        gettext("Kept: %(relation)s.") % {"relation": Relation.objects.get(one=one, other=other)},
    )
    return redirect("admin:references_alike")


def _merged(request, kept, gone):
    take = [
        each.field
        for each in merging.compared(kept, gone)
        if request.POST.get(f"field-{each.field}") == "theirs"
    ]
    public = [each.notes.is_public() for each in (kept, gone) if hasattr(each, "notes")]
    try:
        done = merging.merge(kept=kept, gone=gone, take=take, user=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("admin:references_alike")
    words = gettext(
        "One work now: %(kept)s, with what was %(gone)s. It can be taken back for 90 days:"
    )
    way_back = format_html(
        ' <a href="{}">{}</a>',
        reverse("admin:references_alike") + "#merges",
        gettext("made one lately"),
    )
    messages.success(
        request,
        format_html("{}{}", words % {"gone": done.citekey, "kept": done.kept.citekey}, way_back),
    )
    if len(set(public)) > 1:
        messages.warning(
            request,
            gettext("One of the notes was not public; both stand in one draft now. Look at it."),
        )
    return redirect("admin:references_reference_change", kept.pk)


@require_POST
@for_who_may_merge
def undo(request, pk):
    """Take a merge back."""
    done = get_object_or_404(Merge, pk=pk)
    try:
        again = merging.undo(done, user=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("admin:references_alike")
    messages.success(
        request, gettext("%(citekey)s is a work of its own again.") % {"citekey": again.citekey}
    )
    return redirect("admin:references_reference_change", again.pk)
