"""The journals of the library at the desk: their names in full and in short."""

from django.contrib import admin

from publishing.desk.admin import EditorAdmin

from ..models import Journal


@admin.register(Journal)
class JournalAdmin(EditorAdmin):
    list_display = ("title", "abbreviation", "iso")
    search_fields = ("title", "abbreviation")
    ordering = ("title",)
    list_per_page = 50
