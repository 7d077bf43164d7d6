"""The author's desk: what every list and every form of the admin has in common."""

from csp.decorators import csp_update
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django_tasks_db.admin import DBTaskResult

from .. import advisory
from . import trash, waiting
from .editing import LosesNothing
from .errors import NamesErrors, says_how
from .history import HasHistory

for_the_editor = method_decorator(csp_update(settings.EDITOR_CSP))


def without_side_doors(field):
    """A chooser chooses. Changing or deleting what is chosen belongs to its own list."""
    if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
        field.widget.can_change_related = field.widget.can_delete_related = (
            field.widget.can_view_related
        ) = False
    return field


def _or_again(view):
    """Where somebody, or the same form sent twice, saved at the same moment: asked again, the form
    sees that and says so."""
    try:
        return view()
    except DatabaseError as error:
        again = isinstance(error, IntegrityError) or advisory.was_in_the_way(error)
        if connection.in_atomic_block or not again:
            raise
        return view()


class UsesTrash(admin.ModelAdmin):
    """What is deleted goes into the trash."""

    uses_trash = True
    delete_confirmation_template = "admin/editing/delete_confirmation.html"
    delete_selected_confirmation_template = "admin/editing/delete_selected_confirmation.html"

    def delete_model(self, request, obj):
        trash.put(obj, user=request.user)

    def delete_queryset(self, request, queryset):
        for obj in queryset:
            trash.put(obj, user=request.user)

    def response_delete(self, request, obj_display, obj_id):
        response = super().response_delete(request, obj_display, obj_id)
        self._say_trashed(request)
        return response

    def _say_trashed(self, request):
        text = format_html(
            '<a href="{}">{}</a>',
            reverse("admin:publishing_trashed_changelist"),
            _("It is in the trash."),
        )
        messages.info(request, text)

    def came_back(self, request, obj):
        """Called after a thing was taken out of the trash. Extend it where more follows."""


class EditorAdmin(UsesTrash, LosesNothing, NamesErrors, HasHistory):
    """For any model with rich text: the editor may run, every saved version is kept and can be
    compared, and what is deleted goes into the trash."""

    save_on_top = True

    @for_the_editor
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        return super().changeform_view(request, object_id, form_url, extra_context)

    def add_view(self, request, form_url="", extra_context=None):
        return _or_again(
            lambda: super(EditorAdmin, self).add_view(request, form_url, extra_context)
        )

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return _or_again(
            lambda: super(EditorAdmin, self).change_view(
                request, object_id, form_url, extra_context
            )
        )

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        return without_side_doors(super().formfield_for_dbfield(db_field, request, **kwargs))

    def get_formsets_with_inlines(self, request, obj=None):
        """In a row below, what stands for “delete” is the row's own: a cross beside an author would
        delete the person out of every work."""
        for formset, inline in super().get_formsets_with_inlines(request, obj):
            for field in formset.form.base_fields.values():
                says_how(field)
                if isinstance(field.widget, RelatedFieldWidgetWrapper):
                    field.widget.can_delete_related = False
            yield formset, inline

    def changelist_view(self, request, extra_context=None):
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def recoverlist_view(self, request, extra_context=None):
        return redirect("admin:publishing_trashed_changelist")

    def recover_view(self, request, version_id, extra_context=None):
        # What the history alone brings back has lost its tags and its old addresses.
        return redirect("admin:publishing_trashed_changelist")

    def response_add(self, request, obj, post_url_continue=None):
        answer = super().response_add(request, obj, post_url_continue)
        self.tell(request, obj)
        return answer

    def response_change(self, request, obj):
        answer = super().response_change(request, obj)
        self.tell(request, obj)
        return answer

    def tell(self, request, obj):
        """What the author should know of what was just saved. Extend it where there is more to
        say."""

    def duties(self):
        """What there may be to do in this list: `waiting.Duty`s, each with its filter."""
        return []

    def to_do(self, request):
        """What the first page of the desk asks the author to do: pairs of words and a query of this
        list. Who may only look at it is asked for nothing."""
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            return []
        return waiting.count(self.duties(), self.get_queryset(request))

    def went_on(self, request):
        """The objects of this list worked on last, the newest first."""
        return []


class OneRowMixin:
    """One row, which is there once it is saved: its list is its form."""

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", 1)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Its name is that of its list: it stands once in the trail and once above the form."""
        only = {"subtitle": None, "only_row": True}
        return super().change_view(request, object_id, form_url, (extra_context or {}) | only)

    def get_object(self, request, object_id, from_field=None):
        found = super().get_object(request, object_id, from_field)
        return self.model.load() if found is None and str(object_id) == "1" else found

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


admin.site.site_title = _("The desk")
admin.site.index_title = _("The desk")
admin.site.enable_nav_sidebar = False

# It says nothing to the author; what fails stands on the desk's first page.
admin.site.unregister(DBTaskResult)
