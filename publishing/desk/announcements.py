"""In the admin: announcements, consents to publish letters, old addresses."""

from django import forms
from django.contrib import admin
from django.http import JsonResponse
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from ..models import Announcement, Consent, MenuSection, Redirect
from ..richtext import links


class AnnouncementForm(forms.ModelForm):
    sections = forms.MultipleChoiceField(
        label=_("Sections"),
        choices=MenuSection.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose none for the whole site."),
    )

    class Meta:
        model = Announcement
        fields = ("text", "address", "language", "only_its_language", "sections", "begins", "ends")
        widgets = {"text": forms.Textarea(attrs={"rows": 2, "cols": 70})}


@admin.register(Announcement)
class AnnouncementAdmin(admin.ModelAdmin):
    form = AnnouncementForm
    list_display = ("text", "shown", "where", "language", "begins", "ends")
    search_fields = ("text",)

    def delete_queryset(self, request, queryset):
        for each in queryset:
            each.delete()

    @admin.display(description=_("shown now"), boolean=True)
    def shown(self, obj):
        return obj.begins <= timezone.now() and (obj.ends is None or obj.ends > timezone.now())

    @admin.display(description=_("where"))
    def where(self, obj):
        names = dict(MenuSection.choices)
        return ", ".join(str(names.get(each, each)) for each in obj.sections) or _("the whole site")


@admin.register(Consent)
class ConsentAdmin(admin.ModelAdmin):
    list_display = ("who", "shown_as", "given", "withdrawn")
    search_fields = ("who", "shown_as", "scope")
    readonly_fields = ("stands_in",)
    fieldsets = (
        (_("Readers see"), {"fields": ("shown_as", "given")}),
        (_("For you alone"), {"fields": ("who", "scope", "withdrawn", "stands_in")}),
    )

    def get_urls(self):
        pick_view = path(
            "pick/", self.admin_site.admin_view(self.pick), name="publishing_consent_pick"
        )
        return [pick_view, *super().get_urls()]

    def pick(self, request):
        """What the editor's dialog offers for a letter."""
        if not self.has_view_permission(request):
            return JsonResponse({"error": gettext("You may not see who gave consent.")}, status=403)
        return consent_pick(request)

    def get_deleted_objects(self, objs, request):
        deleted, counts, missing, protected = super().get_deleted_objects(objs, request)
        return (
            deleted,
            counts,
            missing,
            [*protected, *(str(page) for consent in objs for page in consent.letters())],
        )

    @admin.display(description=_("letters it covers"))
    def stands_in(self, obj):
        if not obj.pk:
            return "–"
        pages = [(links.canonical_url(page), page) for page in obj.letters()]
        return format_html_join(", ", '<a href="{}">{}</a>', pages) or _("none yet")


@require_safe
def consent_pick(request):
    consents = Consent.objects.filter(withdrawn=None)
    return JsonResponse(
        {"consents": [{"id": each.pk, "label": f"{each.who}, {each.given}"} for each in consents]}
    )


@admin.register(Redirect)
class RedirectAdmin(admin.ModelAdmin):
    """Written by the pages themselves; here they can be looked up."""

    list_display = ("path", "page", "since")
    search_fields = ("path",)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("page")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
