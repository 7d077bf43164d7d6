"""The history of a thing: who saved it, when and why; what differs between two versions; one of
them taken back."""

from contextlib import nullcontext

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from reversion.admin import VersionAdmin
from reversion.errors import RevertError
from reversion.models import Version
from reversion.revisions import is_registered, register
from taggit.models import TaggedItem

from . import versions

PER_PAGE = 50
NOW = "now"

if not is_registered(TaggedItem):
    # By the name of the subject: its row may be another one by the time it is read.
    register(TaggedItem, use_natural_foreign_keys=True)


class HasHistory(VersionAdmin):
    """For a ModelAdmin whose things keep their versions. Looking takes the permission to view,
    taking back to change."""

    # Computed on save: not a version's own words, and computed again when an old version is taken
    # back.
    computed = ("body_html", "contents", "words", "references_html", "updated")

    def reversion_register(self, model, follow=(), **options):
        names = {field.name for field in model._meta.get_fields()}
        # Rows with what a version calls them by, where the model has such: else each asks for it.
        follow = [getattr(model, "FOLLOWED", {}).get(name, name) for name in follow]
        follow = (*follow, "tag_rows") if hasattr(model, "tag_rows") else follow
        register(
            model,
            exclude=[name for name in self.computed if name in names],
            follow=follow,
            **options,
        )

    def create_revision(self, request):
        """None for a page that is only looked at: it would take the lock of whoever writes. That of
        a form begins where it is saved (`editing.LosesNothing`)."""
        waits = request.method in ("GET", "HEAD") or getattr(request, "writes_later", False)
        return nullcontext() if waits else super().create_revision(request)

    def restored(self, request, obj):
        """Called before a version that was taken back is saved as a new one. Extend it where more
        follows."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_compare"
        own = path(
            "<path:object_id>/history/compare/",
            self.admin_site.admin_view(self.compare_view),
            name=name,
        )
        return [own, *super().get_urls()]

    def _seen(self, request, object_id):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404
        return obj, Version.objects.get_for_object(obj).select_related("revision__user").order_by(
            "-pk"
        )

    def _page(self, request, obj, template, **context):
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        context |= {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": obj,
            "back": reverse(f"{name}_change", args=[obj.pk]),
            "history": reverse(f"{name}_history", args=[obj.pk]),
            "compare": reverse(f"{name}_compare", args=[obj.pk]),
        }
        return TemplateResponse(request, template, context)

    def history_view(self, request, object_id, extra_context=None):
        obj, found = self._seen(request, object_id)
        page = Paginator(found.defer("serialized_data"), PER_PAGE).get_page(request.GET.get("p"))
        return self._page(
            request,
            obj,
            "admin/editing/history.html",
            title=_("History"),
            page=page,
            versions=list(page),
        )

    def compare_view(self, request, object_id, extra_context=None):
        """What differs from `from` to `to`: the numbers of two versions, or `now` for what is
        saved."""
        obj, found = self._seen(request, object_id)
        older, newer = (self._version(found, request.GET.get(name, NOW)) for name in ("from", "to"))
        if older and (newer is None or older.pk <= newer.pk):
            return self._differences(request, obj, older, newer)
        if newer:
            return self._differences(request, obj, newer, older)
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_history", obj.pk)

    def _version(self, found, number):
        if number == NOW:
            return None
        version = (
            found.filter(pk=number).first()
            if number.isascii() and number.isdigit() and len(number) < 19
            else None
        )
        if version is None:
            raise Http404
        return version

    def _differences(self, request, obj, older, newer):
        try:
            before = versions.of_version(self, request, obj, older)
            after = (
                versions.of_version(self, request, obj, newer)
                if newer
                else versions.of_now(self, request, obj)
            )
        except RevertError:
            return self._unreadable(request, obj)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_revision"
        return self._page(
            request, obj, "admin/editing/compare.html", title=_("What differs"), older=older,
            newer=newer,
            changes=versions.changes(obj, before, after),
            may_restore=self.has_change_permission(request, obj),
            restore=[(each, reverse(name, args=[obj.pk, each.pk])) for each in (older,
                newer) if each],
        )  # fmt: skip

    def _unreadable(self, request, obj):
        messages.error(request, _("This version cannot be read any more."))
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_history", obj.pk)

    def revision_view(self, request, object_id, version_id, extra_context=None):
        """What a version differs in from what is saved; by POST it is taken back, as a new
        version."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        obj, found = self._seen(request, object_id)
        version = self._version(found, str(version_id))
        if request.method != "POST":
            return self._differences(request, obj, version, None)
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        try:
            lost = versions.restore(self, request, obj, version)
        except RevertError:
            return self._unreadable(request, obj)
        except ValidationError as error:
            messages.error(request, " ".join([_("It was not restored:"), *error.messages]))
            return self._differences(request, obj, version, None)
        address = reverse(
            f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[obj.pk]
        )
        messages.success(
            request, format_html('{} <a href="{}">{}</a>', _("It is restored."), address, obj)
        )
        if lost:
            messages.warning(
                request,
                _("Gone meanwhile, and not restored: %(names)s.") % {"names": ", ".join(lost)},
            )
        return redirect(address)
