"""What readers named, at the desk: to be looked at, and taken away where it is nonsense. An address
is shown to nobody."""

from django.contrib import admin
from django.db import transaction
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publishing import tasks

from ..models import READERS, Hit, Nomination


@admin.register(Nomination)
class NominationAdmin(admin.ModelAdmin):
    list_display = ("work", "created", "becomes", "wants_answer", "answered")
    list_per_page = 50
    fields = ("work", "why", "created", "language", "becomes", "wants_answer", "answered")
    readonly_fields = fields

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("hit")

    @admin.display(description=_("record found"))
    def becomes(self, obj):
        if obj.hit is None:
            return "–"
        address = reverse("admin:references_hit_change", args=[obj.hit_id])
        return format_html('<a href="{}">{}</a>', address, obj.hit.get_stage_display())

    @admin.display(description=_("answer by mail"))
    def wants_answer(self, obj):
        return gettext("yes") if obj.email or obj.mail else gettext("no")

    def delete_model(self, request, obj):
        self.delete_queryset(request, Nomination.objects.filter(pk=obj.pk))

    @transaction.atomic
    def delete_queryset(self, request, queryset):
        """With the records that only they brought and nobody decided on: nonsense is in no flow."""
        hits = list(queryset.exclude(hit=None).values_list("hit", flat=True))
        queryset.delete()
        alone = Hit.objects.filter(pk__in=hits, source=READERS, decisions=None, nominations=None)
        alone.delete()
        tasks.enqueue("references.search_record")
