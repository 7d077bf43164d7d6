"""The register of names at the desk."""

from django.contrib import admin, messages
from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from publishing.desk.admin import EditorAdmin
from publishing.richtext import links

from ..models import Condition, Name, NameUse


class NameUseInline(admin.TabularInline):
    model = NameUse
    fields = ("reference", "remark")
    autocomplete_fields = ("reference",)
    extra = 1


@admin.register(Name)
class NameAdmin(EditorAdmin):
    list_display = ("title", "language", "standing", "years", "used", "coined_by")
    list_filter = ("condition", "standing", "language")
    list_select_related = ("coined_by",)
    search_fields = ("title", "forms", "note")
    autocomplete_fields = ("coined_by",)
    inlines = (NameUseInline,)
    actions = ("find_in_titles",)
    fieldsets = (
        (
            _("The name"),
            {"fields": ("condition", "title", "forms", "language", "standing", "note")},
        ),
        (_("Use"), {"fields": ("coined_by", ("used_from", "used_to"), "expands")}),
        (_("Address"), {"classes": ("collapse",), "fields": ("slug",)}),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).with_years()

    def get_view_on_site_url(self, obj=None):
        return links.canonical_url(obj) if obj is not None and obj.pk else None

    @admin.display(description=_("in use"), ordering="first")
    def years(self, obj):
        if not obj.first:
            return "–"
        return str(obj.first) if obj.first == obj.last else f"{obj.first}–{obj.last}"

    @admin.display(description=_("works"), ordering="works")
    def used(self, obj):
        return obj.works

    @admin.action(description=_("Find the works with it in their title"), permissions=["change"])
    def find_in_titles(self, request, queryset):
        found = sum(name.find_uses() for name in queryset)
        text = ngettext(
            "%(count)s work more uses these names.", "%(count)s works more use these names.", found
        )
        messages.success(request, text % {"count": found})


@admin.register(Condition)
class ConditionAdmin(EditorAdmin):
    list_display = ("title", "names_count")
    prepopulated_fields = {"slug": ("title",)}
    view_on_site = False

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(name_count=Count("names"))

    @admin.display(description=_("names"), ordering="name_count")
    def names_count(self, obj):
        return obj.name_count
