"""The next version of a page that readers see: written for weeks beside the live one, published in
one press.

It is the form's words, kept as a draft is: unchecked, unrendered, in no list, search, feed or
export. Publishing it is a save of the form like any other, so it is checked, asks where the live
page was changed meanwhile, and makes one version.
"""

import reversion
from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from reversion.revisions import is_active

from ..models import NextVersion, next_versions
from ..templatetags.richtext import day
from . import before_public, drafts, waiting, words
from .editing import BASE, RESTORED, LosesNothing, key_of

# In the form: the mark of the next version it was made from; empty for one that is not kept yet.
NEXT = "_next"
WHY, TOLD = "_why", "_why_told"
LONGEST_WHY = 300


class KeptElsewhere(Exception):
    """Somebody kept another next version since this form was made."""


class HasNextVersion(LosesNothing):
    """For the desk of pages that readers see. Its form has a second life at `?next=1`."""

    def is_live(self, obj) -> bool:
        """Whether readers see the words of this form."""
        return obj.is_public()

    def live_since(self, obj):
        """The day of the words readers see."""
        return obj.updated

    def tell_readers(self, request, obj, form, why) -> None:
        """Put what changed at the foot of the page, before it is saved."""
        obj.tell_change(why, timezone.localdate())

    # Addresses

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        own = self.admin_site.admin_view(self.discard_next)
        discard = path("<int:pk>/next/discard/", own, name=f"{name}_next_discard")
        return [discard, *super().get_urls()]

    def next_address(self, obj):
        return f"{self._address('change', obj.pk)}?next=1"

    # The form

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        request.next_mark = request.POST.get(NEXT) if request.method == "POST" else None
        if object_id is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        if request.method == "POST":
            publishes = "_publish_next" in request.POST
            if "_keep_next" in request.POST or (request.next_mark is not None and not publishes):
                return self._keep_next(request, object_id, form_url, extra_context)
        elif "next" in request.GET:
            row = self._next_row(object_id)
            if row is None:
                return redirect(self._address("change", unquote(object_id)))
            request.words, request.next_mark = words.as_post(row.fields), row.mark
            request.next_base = row.base
        elif request.GET.get("draft", "").isdecimal():
            draft, _obj = self._draft(request, int(request.GET["draft"]))
            request.next_mark = next(iter(draft.fields.get(NEXT, [])), None)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except KeptElsewhere:
            obj = self._allowed(request, unquote(object_id))
            return self._ask_next(request, obj, form_url, extra_context)

    def _next_row(self, object_id):
        pk = unquote(str(object_id))
        obj = self.model(pk=int(pk)) if pk.isdecimal() and len(pk) < 19 else None
        return NextVersion.objects.of(obj).first() if obj else None

    @method_decorator(csp_update(settings.EDITOR_CSP))
    def _keep_next(self, request, object_id, form_url, extra_context):
        """Keep what is typed, as it is; readers see nothing of it."""
        obj = self._allowed(request, unquote(object_id))
        try:
            with transaction.atomic():
                self._write_next(request, obj)
                keys = (key_of(request.POST), request.POST.get(RESTORED, ""))
                drafts.discard(request.user, *filter(None, keys))
        except KeptElsewhere:
            return self._ask_next(request, obj, form_url, extra_context)
        text = _("The next version is kept. Readers go on seeing the one of %(day)s.")
        messages.success(request, text % {"day": day(self.live_since(obj))})
        return redirect(self.next_address(obj))

    def _write_next(self, request, obj):
        mark = request.POST.get(NEXT, "")
        row = NextVersion.objects.of(obj).select_for_update().first()
        if row is not None and row.mark != mark:
            if row.fields == words.of_post(request.POST):  # pressed twice
                return
            raise KeptElsewhere
        values = {
            "fields": words.of_post(request.POST),
            "base": request.POST.get(BASE, ""),
            "user": request.user,
            "saved": timezone.now(),
        }
        if row is None:
            NextVersion.objects.create(**next_versions.key_of(obj), **values)
        else:
            NextVersion.objects.filter(pk=row.pk).update(**values)

    def _ask_next(self, request, obj, form_url, extra_context):
        """The form with her words in it; who kept another next version, and the way to it."""
        row = self._next_row(obj.pk)
        if key := key_of(request.POST):
            self._keep(request, obj, key)
        request.next_mark = row.mark
        context = {
            **(extra_context or {}),
            "other_next": row,
            "other_address": self.next_address(obj),
        }
        return self._shown_again(request, obj, form_url, context)

    def _words(self, request):
        found = super()._words(request)
        return {**found, NEXT: [request.POST[NEXT]]} if NEXT in request.POST else found

    # Saving

    def save_model(self, request, obj, form, change):
        if getattr(request, "next_mark", None) is not None:
            row = NextVersion.objects.of(obj).select_for_update().first()
            if row is not None and row.mark != request.next_mark:
                raise KeptElsewhere
        why = _why(request)
        if change and why and TOLD in request.POST:
            self.tell_readers(request, obj, form, why)
        super().save_model(request, obj, form, change)

    def log_change(self, request, obj, message):
        entry = super().log_change(request, obj, message)
        if is_active() and (why := _why(request)):
            reversion.set_comment(why)
        return entry

    def _saved(self, request, response):
        super()._saved(request, response)
        if getattr(request, "next_mark", None) is not None:
            object_id = request.resolver_match.kwargs["object_id"]
            row = self._next_row(object_id)
            if row:
                row.delete()
            drafts.discard_next(request.user, self.model, int(unquote(object_id)), NEXT)

    def response_change(self, request, obj):
        if "_publish_next" in request.POST:
            messages.success(request, _("The next version is published."))
        return super().response_change(request, obj)

    def discard_next(self, request, pk):
        """Asks, then throws the next version away."""
        obj = self._allowed(request, str(pk))
        row = self._next_row(pk)
        if row is None:
            return redirect(self._address("change", pk))
        if request.method != "POST":
            context = {
                **self.admin_site.each_context(request),
                "title": _("Discard the next version"),
                "opts": self.opts,
                "original": obj,
                "row": row,
                "back": self.next_address(obj),
            }
            return TemplateResponse(request, "admin/editing/next_discard.html", context)
        row.delete()
        messages.success(request, _("The next version is discarded. Readers saw nothing of it."))
        return redirect(self._address("change", pk))

    # What its form and its list show

    def editing_context(self, request, context, obj):
        found = super().editing_context(request, context, obj)
        found["before_public"] = before_public.of_texts(list(self._texts(request, obj)))
        if obj is None:
            return found
        fresh = self._fresh(obj)
        mark = getattr(request, "next_mark", None)
        posted = request.POST if request.method == "POST" or "newer" in context else {}
        if mark is not None and hasattr(request, "next_base"):
            found |= {"base": request.next_base}
        return found | {
            "live": self.is_live(fresh),
            "live_since": self.live_since(fresh),
            "next_mark": mark,
            "next_row": self._next_row(obj.pk),
            "next_address": self.next_address(obj),
            "next_discard": self._address("next_discard", obj.pk),
            "why": posted.get(WHY, "")[:LONGEST_WHY],
            "why_told": TOLD in posted,
            "longest_why": LONGEST_WHY,
        }

    # The names of the form's rich texts.
    rich_texts = ("body",)

    def _texts(self, request, obj):
        """`(id of the field, HTML)` of the texts as the form shows them."""
        typed = getattr(request, "words", None) or (request.POST if request.POST else {})
        for name in self.rich_texts:
            html = typed[name] if name in typed else self.stored_text(obj, name)
            yield f"id_{name}", html or ""  # read for its words and names alone

    def stored_text(self, obj, name):
        return getattr(obj, name, "") if obj is not None else ""

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if getattr(request, "next_mark", None) is not None:
            context |= {"show_save": False}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_queryset(self, request):
        rows = NextVersion.objects.filter(
            **(next_versions.key_of(self.model()) | {"object_id": OuterRef("pk")})
        )
        return super().get_queryset(request).annotate(next_kept=Subquery(rows.values("saved")))

    def next_word(self, obj):
        """For a list: that there is a next version, and the way to it; else nothing."""
        if not getattr(obj, "next_kept", None):
            return ""
        said = _("next version, kept on %(day)s") % {"day": day(obj.next_kept)}
        return format_html('<a href="{}">{}</a>', self.next_address(obj), said)

    def duties(self):
        yield from super().duties()
        kind = next_versions.key_of(self.model())["content_type"]
        yield waiting.Duty(
            "next",
            gettext_lazy("with a next version"),
            lambda n: (
                ngettext("%(count)s next version", "%(count)s next versions", n) % {"count": n}
            ),
            # Of all pages few have one: looked for among those.
            lambda pages: pages.filter(
                pk__in=NextVersion.objects.filter(content_type=kind).values("object_id")
            ),
        )


def _why(request):
    return " ".join(request.POST.get(WHY, "").replace("\x00", "").split())[:LONGEST_WHY]
