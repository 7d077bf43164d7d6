"""The authors of works at the desk."""

from django.contrib import admin
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from publishing.desk.admin import EditorAdmin
from publishing.richtext import links

from ..models import Authorship, Person
from .filters import IndexSearchMixin


@admin.register(Person)
class PersonAdmin(IndexSearchMixin, EditorAdmin):
    index_kind = "person"
    list_display = ("__str__", "life", "works", "orcid")
    list_filter = ("literal",)
    search_fields = ("family",)
    ordering = ("sort_key", "pk")
    list_per_page = 50
    computed = (*EditorAdmin.computed, "biography_html")
    fieldsets = (
        (_("Name"), {"fields": ("family", "given", "suffix", "literal")}),
        (_("Life"), {"fields": (("born", "died"), "orcid", "biography")}),
        (_("Address"), {"classes": ("collapse",), "fields": ("slug",)}),
    )
    NAMES = {"family", "given", "suffix", "literal"}

    def get_queryset(self, request):
        """Works are counted for the people on the page alone, not for all to show fifty."""
        of_each = Authorship.objects.filter(person=OuterRef("pk")).order_by().values("person")
        works = of_each.annotate(works=Count("reference", distinct=True)).values("works")
        return super().get_queryset(request).annotate(work_count=Coalesce(Subquery(works), 0))

    def get_view_on_site_url(self, obj=None):
        return links.canonical_url(obj) if obj is not None and obj.pk else None

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and self.NAMES & set(form.changed_data):
            obj.refresh_works()

    @admin.display(description=_("life"), ordering="born")
    def life(self, obj):
        return obj.life or "–"

    @admin.display(description=_("works"), ordering="work_count")
    def works(self, obj):
        return obj.work_count
