"""The author's own lists of works, and the filter by them."""

from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from publishing.desk.admin import EditorAdmin

from ..models import ListPlace, ReadingList


class ListFilter(admin.SimpleListFilter):
    title, parameter_name = _("list of yours"), "list"

    def lookups(self, request, model_admin):
        return [(str(each.pk), each.name) for each in ReadingList.objects.all()]

    def queryset(self, request, queryset):
        value = self.value() or ""
        known = value.isascii() and value.isdigit() and len(value) < 19
        return queryset.filter(lists=int(value)) if known else queryset


class ListPlaceInline(admin.TabularInline):
    model = ListPlace
    fields = ("reference",)
    autocomplete_fields = ("reference",)
    extra = 1


@admin.register(ReadingList)
class ReadingListAdmin(EditorAdmin):
    list_display = ("name", "count")
    search_fields = ("name",)
    fields = ("name",)
    inlines = (ListPlaceInline,)

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(work_count=Count("works"))

    @admin.display(description=_("works"), ordering="work_count")
    def count(self, obj):
        return obj.work_count
