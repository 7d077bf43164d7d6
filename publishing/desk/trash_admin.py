"""The page of the desk that shows the trash: what lies there, back with it, or away for good."""

from functools import wraps

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ..models import Trashed
from . import trash

PER_PAGE = 50


def _while_it_is_there(view):
    """Pressed twice, or in two windows: whoever comes second is told, and sees the trash as it
    is."""

    @wraps(view)
    def seen(self, request, pk):
        try:
            return view(self, request, pk)
        except Trashed.DoesNotExist:
            messages.info(request, _("It is not in the trash any more."))
            return redirect("admin:publishing_trashed_changelist")

    return seen


@admin.register(Trashed)
class TrashAdmin(admin.ModelAdmin):
    """Who may delete a kind of thing sees it here, and may bring it back."""

    def get_urls(self):
        own = self.admin_site.admin_view
        return [
            path("", own(self.shown), name="publishing_trashed_changelist"),
            path("<int:pk>/restore/", own(self.restore), name="publishing_trashed_restore"),
            path("<int:pk>/delete/", own(self.delete_for_good), name="publishing_trashed_delete"),
        ]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return any(self._allowed(desk, request) for desk in self._desks().values())

    def _desks(self):
        """The admins whose things come here, by model."""
        return {
            model: desk
            for model, desk in self.admin_site._registry.items()
            if getattr(desk, "uses_trash", False)
        }

    @staticmethod
    def _allowed(desk, request):
        return desk.has_delete_permission(request)

    def _kinds(self, request):
        return [
            model._meta.label_lower
            for model, desk in self._desks().items()
            if self._allowed(desk, request)
        ]

    def _rows(self, request):
        kinds = set(self._kinds(request))
        rows = Trashed.objects.select_related("content_type", "user").defer("rows", "pointed")
        known = [
            each
            for each in {row.content_type for row in rows}
            if ".".join(each.natural_key()) in kinds
        ]
        return rows.filter(content_type__in=known)

    def shown(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        page = Paginator(self._rows(request), PER_PAGE).get_page(request.GET.get("p"))
        others = (getattr(desk, "in_trash", None) for desk in self.admin_site._registry.values())
        context = {
            **self.admin_site.each_context(request),
            "title": _("Trash"),
            "opts": self.opts,
            "page": page,
            "days": settings.TRASH_DAYS,
            "others": [found for other in others if other and (found := other(request))],
        }
        return TemplateResponse(request, "admin/editing/trash.html", context)

    def _one(self, request, pk):
        row = Trashed.objects.select_related("content_type").filter(pk=pk).first()
        if row is None:
            raise Trashed.DoesNotExist
        desk = self._desks().get(row.content_type.model_class())
        if desk is None or not self._allowed(desk, request):
            raise PermissionDenied
        return row, desk

    @method_decorator(require_POST)
    @_while_it_is_there
    def restore(self, request, pk):
        row, desk = self._one(request, pk)
        try:
            obj = trash.restore(row)
        except ValidationError as error:
            reason = " ".join(error.messages)
            messages.error(
                request,
                _("“%(title)s” stays in the trash. %(reason)s") % {"title": row, "reason": reason},
            )
        else:
            desk.came_back(request, obj)
            desk.log_change(request, obj, _("Taken out of the trash."))
            address = reverse(
                f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk]
            )
            link = format_html('<a href="{}">{}</a>', address, obj)
            messages.success(request, format_html(_("{} is back, as it was."), link))
        return redirect("admin:publishing_trashed_changelist")

    @_while_it_is_there
    def delete_for_good(self, request, pk):
        row, _desk = self._one(request, pk)
        if request.method != "POST":
            context = {
                **self.admin_site.each_context(request),
                "title": _("Delete for good"),
                "opts": self.opts,
                "row": row,
            }
            return TemplateResponse(request, "admin/editing/trash_delete.html", context)
        trash.delete(row)
        messages.success(request, _("“%(title)s” is deleted for good.") % {"title": row})
        return redirect("admin:publishing_trashed_changelist")
