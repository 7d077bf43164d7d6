"""Her notes on works at the desk."""

from django.contrib import admin
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from publishing.desk.publishable import PublishableAdmin

from ..browsing import views as browsing
from ..models import Notes


@admin.register(Notes)
class NotesAdmin(PublishableAdmin):
    list_display = (
        "about",
        "title_short",
        "state_word",
        "language",
        "worked_on",
        "reviewed",
        "on_the_site",
    )
    list_select_related = ("reference",)
    search_fields = (
        "reference__citekey",
        "reference__authors_short",
        "reference__title",
        "reference__translated_title",
        "body",
    )
    autocomplete_fields = ("reference",)
    text_fields = ("reference", "body")

    def preview_response(self, request, preview):
        notes = preview.page
        if notes.reference_id is None:
            return TemplateResponse(
                request, "admin/editing/preview_later.html", self.admin_site.each_context(request)
            )
        return browsing.preview(request, notes.reference, notes)

    @admin.display(description=_("reference"), ordering="reference__sort_key")
    def about(self, obj):
        return f"{obj.reference.authors_short} {obj.reference.year_text}".strip()

    @admin.display(description=_("title"), ordering="reference__title")
    def title_short(self, obj):
        return obj.reference.display_title
