"""Subjects at the desk. The package's own page merges them for whoever may look, and breaks when it
was not asked to."""

import taggit.admin  # noqa: F401 - it registers its own page, which is taken away below
from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from .. import tags

admin.site.unregister(Tag)


class TagForm(forms.ModelForm):
    class Meta:
        model = Tag
        fields = ("name", "slug")
        help_texts = {
            "slug": _("The last part of its address. Leave it empty to take it from the name.")
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean_name(self):
        name = tags.clean_name(self.cleaned_data["name"])
        pk = tags.known([name]).get(tags.key(name), self.instance.pk)
        if not name or pk != self.instance.pk:
            raise forms.ValidationError(
                _("There is a subject of this name already.") if name else _("Give it a name.")
            )
        return name


@admin.register(Tag)
class SubjectAdmin(admin.ModelAdmin):
    form = TagForm
    list_display = ("name", "slug")
    ordering = ("name",)
    search_fields = ("name",)
