"""What has to be corrected in a form, named one by one on top of it, each with the way there."""

from dataclasses import dataclass

from django import forms
from django.contrib import admin
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Error:
    """`field`: the id of the field it is about, empty where it is about several."""

    name: str
    field: str
    words: str


def named(form, formsets):
    """Every error of a form and of the rows below it."""
    yield from _of(form, "")
    for formset in formsets:
        title = capfirst(formset.model._meta.verbose_name_plural)
        for words in formset.non_form_errors():
            yield Error(title, "", words)
        for number, row in enumerate(formset.forms, 1):
            yield from _of(row, f"{title}, {number}: ")


def _of(form, before):
    for name, errors in form.errors.items():
        bound = form[name] if name in form.fields else None
        label = capfirst(bound.label) if bound else ""
        for words in errors:
            yield Error(before + label, _first_of(bound) if bound else "", words)


def _first_of(bound):
    """The id of what is written into: a day and its time are two, and have no name together."""
    parts = isinstance(bound.field.widget, forms.MultiWidget)
    return f"{bound.auto_id}_0" if parts else bound.id_for_label


class NamesErrors(admin.ModelAdmin):
    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        for field in form.base_fields.values():
            says_how(field)
        return form

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context.setdefault("show_save_and_add_another", False)
        if context.get("errors"):
            formsets = [each.formset for each in context["inline_admin_formsets"]]
            context["named_errors"] = list(named(context["adminform"].form, formsets))
        return super().render_change_form(request, context, add, change, form_url, obj)


def says_how(field):
    """What is no day, no time, no address is answered with how to write one; Django says that it is
    not valid, and “slug”."""
    day, time = field.fields if isinstance(field, forms.SplitDateTimeField) else (field, field)
    if isinstance(day, forms.DateField):
        day.error_messages["invalid"] = _(
            "This is no day. Write it as 3/5/2026 (the day first) or 2026-05-03, or choose it from"
            " the calendar."
        )
    if isinstance(time, forms.TimeField):
        time.error_messages["invalid"] = _("This is no time. Write it as 9:30 or 21:05.")
    if isinstance(field, forms.SlugField):
        field.error_messages["invalid"] = _(
            "Letters, digits, hyphens and underscores only, for example fat-over-the-sacrum."
        )
    if isinstance(field, forms.URLField):
        field.error_messages["invalid"] = _(
            "This is no address on the web. Copy all of it, from https:// on."
        )
