"""The desk of what the site says of itself."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from .. import orcid
from ..models import SiteSettings
from ..richtext import links
from . import waiting
from .admin import EditorAdmin, OneRowMixin


class SiteSettingsForm(forms.ModelForm):
    # Longer than what is kept: an address that is pasted must not be cut in the field.
    orcid = forms.CharField(
        label=_("ORCID"),
        required=False,
        max_length=200,
        help_text=_("Paste it in any form: 0000-0002-1825-0097."),
    )

    def clean_orcid(self):
        try:
            return orcid.clean(self.cleaned_data["orcid"])
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # The author knows pages by their address, the row by their identity.
        page = links.target(self.instance.project_page)
        if page:
            self.initial["project_page"] = links.canonical_url(page)


@admin.register(SiteSettings)
class SiteSettingsAdmin(OneRowMixin, EditorAdmin):
    form = SiteSettingsForm
    autocomplete_fields = ("front_figure",)
    fieldsets = (
        (
            _("The site"),
            {"fields": ("name", "tagline", "introduction", "front_figure", "project_page")},
        ),
        (
            _("The author"),
            {"fields": ("author_name", "author_credentials", "orcid", "contact", "interests")},
        ),
        (_("For readers"), {"fields": ("disclaimer", "licence", "stale_after_months")}),
        (
            _("Legal notice and editorial policy"),
            {
                "description": _(
                    "Readers find these on the pages “Privacy” and “Legal notice”. Have the words"
                    " looked at by somebody who knows the law of your country."
                ),
                "fields": (
                    "responsible",
                    "tax_number",
                    "postal_address",
                    "registration",
                    "supervisor",
                    "editorial_policy",
                ),
            },
        ),
        *(
            (name, {"fields": [f"{each}_{code}" for each in SiteSettings.TRANSLATED]})
            for code, name in (("es", _("In Spanish")), ("ca", _("In Catalan")))
        ),
    )

    def first_day(self):
        """What the site should say of itself before readers come."""
        site, address = (
            SiteSettings.load(),
            reverse("admin:publishing_sitesettings_change", args=[1]),
        )
        default = SiteSettings()
        for words, name, done in (
            (_("Name the site"), "name", site.name != default.name),
            (_("Say in a few sentences what it is"), "introduction", site.introduction),
            (_("Your name"), "author_name", site.author_is_named),
            (_("Your credentials"), "author_credentials", site.author_credentials),
            (_("Your ORCID, so that others are not taken for you"), "orcid", site.orcid),
            (
                _("An address where readers reach you; the page about privacy gives it too"),
                "contact",
                site.contact,
            ),
            (_("Who pays for the site, and your interests"), "interests", site.interests),
            (_("Who answers for the site before the law"), "responsible", site.responsible),
            (_("Where letters reach you"), "postal_address", site.postal_address),
            (_("Your registration as a professional"), "registration", site.registration),
            (_("Your editorial policy"), "editorial_policy", site.editorial_policy),
            (
                _("The disclaimer, in your words"),
                "disclaimer",
                site.disclaimer != default.disclaimer,
            ),
        ):
            yield waiting.Step(words, f"{address}#id_{name}", bool(done))

    def get_urls(self):
        own = self.admin_site.admin_view(require_POST(self.end_first_day))
        return [path("first-day/", own, name="publishing_first_day"), *super().get_urls()]

    def end_first_day(self, request):
        """Put the list of the first day away, done or not."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        SiteSettings.objects.get_or_create(pk=1)
        SiteSettings.objects.update(first_day_over=True)
        return redirect("admin:index")
