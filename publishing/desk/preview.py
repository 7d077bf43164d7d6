"""A page as readers will see it, before they can: unsaved words beside the form, what is stored for
a colleague with a signed link. Nothing is written.

The public address of a draft stays "not found" for everybody; these are addresses of their own.
"""

import copy
from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib import admin, messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe
from taggit.models import Tag

from .. import tags
from ..models import NextVersion, PreviewLink, RichPage, next_versions
from ..richtext import links, pipeline
from . import words

SALT = "publishing.preview"
LASTS = timedelta(days=7)


@dataclass
class Preview:
    """What is to be shown. `tags` and `rows` (`{model: its objects}`) are None where what is stored
    of them is meant.
    """

    page: models.Model
    tags: list[Tag] | None = None
    rows: dict[type[models.Model], list[models.Model]] = field(default_factory=dict)


def of_form(desk, request, obj) -> Preview:
    """The page that a form would make, as far as what was typed is right; the rest is as stored."""
    form = desk.get_form(request, obj, change=obj is not None)(data=request.POST, instance=obj)
    form.full_clean()
    page = form.instance
    page.pk = page.pk or 0  # of no row: what is looked up by it is empty
    found = Preview(page, _tags(form.cleaned_data.get("tags")))
    for formset, inline in desk.get_formsets_with_inlines(request, obj):
        prefix = formset.get_default_prefix()
        if words.rows_in(request.POST, prefix):
            queryset = inline.get_queryset(request)
            rows = formset(data=request.POST, instance=page, prefix=prefix, queryset=queryset)
            found.rows[inline.model] = list(_rows(rows))
    for each in [page, *(row for rows in found.rows.values() for row in rows)]:
        if isinstance(each, RichPage):
            _render(each)
    return found


def _tags(names):
    """Subjects by their names; one that is new has no row yet."""
    if names is None:
        return None
    known = tags.known(names)
    rows = tags.named(Tag.objects.all()).in_bulk(known.values())
    found = (rows.get(known.get(tags.key(name))) or name for name in names)
    return [
        Tag(name=each, slug=tags.slug_of(each)) if isinstance(each, str) else each
        for each in dict.fromkeys(found)
    ]


def _rows(formset):
    for form in formset.forms:
        filled = form.instance.pk is not None or form.has_changed()
        if filled and form.is_valid() and not form.cleaned_data.get("DELETE"):
            yield form.instance


def _render(page):
    page.body, root = pipeline.prepare(page.body, timezone.localdate())
    page.updated = timezone.now()
    page.date_it(type(page)._base_manager.filter(pk=page.pk).first() if page.pk else None)
    page.render_body(root)


def private(response: HttpResponse) -> HttpResponse:
    """Kept by no cache and found by no search engine."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def of_next(desk, request, obj) -> Preview:
    """The next version as it is kept; 404 without one."""
    row = NextVersion.objects.of(obj).first()
    if row is None:
        raise Http404
    kept = copy.copy(request)
    kept.method, kept.POST = "POST", words.as_post(row.fields)
    return of_form(desk, kept, obj)


# A link for a colleague


def link_to(page, *, user, next_version=False) -> PreviewLink:
    """A new link to a page as it is stored, or to its next version."""
    return PreviewLink.objects.create(
        **next_versions.key_of(page),
        user=user,
        next_version=next_version,
        until=timezone.now() + LASTS,
    )


def live_links(page):
    """The links that lead to a page still."""
    return PreviewLink.objects.of(page).filter(until__gt=timezone.now()).select_related("user")


def signed(link: PreviewLink) -> str:
    """What a signed address says: which link, and since when."""
    return signing.dumps(link.key, salt=SALT)


@require_safe
def shared(request, signed):
    """The page as it is stored now, or its next version, for whoever has the link; what is public
    at its own address."""
    try:
        key = signing.loads(signed, salt=SALT, max_age=LASTS)
    except signing.SignatureExpired:
        return private(render(request, "preview_expired.html", status=410))
    except signing.BadSignature:
        raise Http404 from None
    if not isinstance(key, str):  # of before links could be ended
        raise Http404
    link = PreviewLink.objects.select_related("content_type", "user").filter(key=key).first()
    if link is None:
        return private(render(request, "preview_expired.html", {"ended": True}, status=410))
    model = link.content_type.model_class()
    desk = admin.site._registry.get(model)
    page = model._base_manager.filter(pk=link.object_id).first() if model else None
    if page is None or not isinstance(desk, Previews):
        raise Http404
    if link.next_version and NextVersion.objects.of(page).exists():
        return private(desk.preview_response(request, of_next(desk, _as(request, link.user), page)))
    if desk.is_shown(page):
        return private(redirect(page))
    if link.next_version:  # it was discarded, and the page taken down
        raise Http404
    return private(desk.preview_response(request, Preview(page)))


def _as(request, user):
    """The form is made as for whoever made the link; the page is shown to nobody in particular."""
    made = copy.copy(request)
    made.user = user
    return made


class Previews(admin.ModelAdmin):
    """For the desk of a kind of page. `preview_response()` is its public view, of a page in
    hand."""

    def preview_response(self, request, preview: Preview) -> HttpResponse:
        raise NotImplementedError

    def is_shown(self, obj) -> bool:
        """Whether readers see everything of it at its own address."""
        return obj.is_public()

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        own = self.admin_site.admin_view
        return [
            path("preview/", own(self.preview_new), name=f"{name}_preview_new"),
            path("<int:pk>/preview/", own(self.preview_view), name=f"{name}_preview"),
            path("<int:pk>/preview/link/", own(self.preview_link), name=f"{name}_preview_link"),
            *super().get_urls(),
        ]

    @method_decorator(xframe_options_sameorigin)
    def preview_new(self, request):
        """What was typed of a page that is not saved yet."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        return private(self.preview_response(request, of_form(self, request, None)))

    @method_decorator(xframe_options_sameorigin)
    def preview_view(self, request, pk):
        """What was typed; by GET what is stored, with `?next=1` the next version as it is kept."""
        obj = self._previewed(request, pk)
        if request.method == "POST":
            if not self.has_change_permission(request, obj):
                raise PermissionDenied
            return private(self.preview_response(request, of_form(self, request, obj)))
        if "next" in request.GET:
            return private(self.preview_response(request, of_next(self, request, obj)))
        return private(self.preview_response(request, Preview(obj)))

    def preview_link(self, request, pk):
        """The links a colleague can read a page with, and how long; POST makes one, or ends one
        (`end`)."""
        obj = self._previewed(request, pk)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        following = NextVersion.objects.of(obj).exists()
        shown = self.is_shown(obj)
        if request.method == "POST":
            self._change_links(request, obj, following, shown)
            return redirect(f"{name}_preview_link", pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Link for a colleague"),
            "opts": self.opts,
            "original": obj,
            "links": [
                (each, request.build_absolute_uri(reverse("shared-preview", args=[signed(each)])))
                for each in live_links(obj)
            ],
            "until": timezone.now() + LASTS,
            "public": links.canonical_url(obj) if shown else "",
            "has_next": following,
            "back": reverse(f"{name}_change", args=[pk]),
        }
        return private(TemplateResponse(request, "admin/editing/preview_link.html", context))

    def _change_links(self, request, obj, following, shown):
        if "end" in request.POST:
            key = request.POST["end"]
            if PreviewLink.objects.of(obj).filter(key=key).delete()[0]:
                messages.success(request, _("The link is ended: it opens nothing any more."))
        elif following or not shown:
            link_to(obj, user=request.user, next_version=following)
            messages.success(request, _("Here is the link. Send it to your colleague."))

    def _previewed(self, request, pk):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        obj = self.get_object(request, str(pk))
        if obj is None:
            raise Http404
        return obj

    def preview_address(self, obj=None):
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_preview"
        return reverse(name, args=[obj.pk]) if obj else reverse(f"{name}_new")

    def editing_context(self, request, context, obj):
        found = super().editing_context(request, context, obj)
        link = (
            reverse(
                f"admin:{self.opts.app_label}_{self.opts.model_name}_preview_link", args=[obj.pk]
            )
            if obj
            else ""
        )
        return {
            **found,
            "preview": self.preview_address(obj),
            "preview_link": link,
            "live_links": list(live_links(obj)) if obj else [],
        }
