"""In the admin: announcements, consents to publish letters, old addresses."""

from django import forms
from django.contrib import admin
from django.http import JsonResponse
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from ..models import Announcement, Consent, MenuSection, Redirect
from ..richtext import links
from .admin import EditorAdmin


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
class AnnouncementAdmin(EditorAdmin):
    form = AnnouncementForm
    list_display = ("text", "shown", "where", "language", "begins", "ends")
    search_fields = ("text",)

    @admin.display(description=_("shown now"), boolean=True)
    def shown(self, obj):
        return obj.begins <= timezone.now() and (obj.ends is None or obj.ends > timezone.now())

    @admin.display(description=_("where"))
    def where(self, obj):
        names = dict(MenuSection.choices)
        return ", ".join(str(names.get(each, each)) for each in obj.sections) or _("the whole site")


@admin.register(Consent)
class ConsentAdmin(EditorAdmin):
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
        make_view = path(
            "make/", self.admin_site.admin_view(self.make), name="publishing_consent_make"
        )
        return [pick_view, make_view, *super().get_urls()]

    @method_decorator(require_POST)
    def make(self, request):
        """A consent put on record from within the editor's dialog."""
        if not self.has_add_permission(request):
            return JsonResponse(
                {"error": gettext("You may not put consents on record.")}, status=403
            )
        form = self.get_form(request)(request.POST)
        if not form.is_valid():
            words = (
                f"{form.fields[name].label}: {' '.join(errors)}"
                if name in form.fields
                else errors[0]
                for name, errors in form.errors.items()
            )
            return JsonResponse({"error": " ".join(words)}, status=400)
        with self.create_revision(request):
            consent = form.save()
            self.log_addition(request, consent, [{"added": {}}])
        return JsonResponse({"id": consent.pk, "label": str(consent)}, status=201)

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
