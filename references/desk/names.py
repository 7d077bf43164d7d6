"""The register of names at the desk, and the words of readers beside it."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from publishing.desk.admin import EditorAdmin
from publishing.richtext import links

from .. import synonyms
from ..models import Condition, GlossaryTerm, LayWord, Name, NameUse, Reference


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


@admin.register(GlossaryTerm)
class GlossaryTermAdmin(EditorAdmin):
    """Words that texts explain where they stand."""

    list_display = ("title", "language", "meaning")
    list_filter = ("language",)
    search_fields = ("title", "forms", "meaning")
    fieldsets = (
        (None, {"fields": ("title", "language", "meaning", "forms")}),
        (_("Address"), {"classes": ("collapse",), "fields": ("slug",)}),
    )

    def get_view_on_site_url(self, obj=None):
        return links.canonical_url(obj) if obj is not None and obj.pk else None


@admin.register(LayWord)
class LayWordAdmin(EditorAdmin):
    """What a search in readers' words finds."""

    change_list_template = "admin/references/layword/change_list.html"
    list_display = ("says", "instead")
    search_fields = ("said", "finds")
    fields = ("said", "finds")
    view_on_site = False

    def get_urls(self):
        own = self.admin_site.admin_view(require_POST(self.add_starter))
        return [path("starter/", own, name="references_layword_starter"), *super().get_urls()]

    def add_starter(self, request):
        if not request.user.has_perm("references.add_layword"):
            raise PermissionDenied
        count = synonyms.add_starter()
        words = ngettext("%(count)s entry added.", "%(count)s entries added.", count)
        messages.success(request, words % {"count": count})
        return redirect("admin:references_layword_changelist")

    def changelist_view(self, request, extra_context=None):
        may = request.user.has_perm("references.add_layword")
        return super().changelist_view(request, {"may_add": may, **(extra_context or {})})

    def to_do(self, request):
        """An upgraded site has works to find and none of the words we bring."""
        if not self.model.objects.exists() and Reference.objects.exists():
            yield _("No words of readers yet, by which the search understands them"), ""

    @admin.display(description=_("what readers say"), ordering="said")
    def says(self, obj):
        return ", ".join(obj.said.splitlines())

    @admin.display(description=_("what the texts say"), ordering="finds")
    def instead(self, obj):
        return ", ".join(obj.finds.splitlines())
