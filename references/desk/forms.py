from functools import partial

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from publishing.languages import country_code, source_language_choices

from .. import identifiers
from ..formats import Record
from ..models import Journal, ReadingList, Reference
from ..vocabulary import STUDY_DESIGNS


class ReferenceForm(forms.ModelForm):
    """A record as the author types it: known words to choose from, and duplicates named while her
    typing stays."""

    on_lists = forms.ModelMultipleChoiceField(
        ReadingList.objects,
        label=gettext_lazy("Your lists"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("For you alone."),
    )
    new_list = forms.CharField(
        label=gettext_lazy("On a new list"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("For example: to read this month."),
    )

    class Meta:
        model = Reference
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets say which
        widgets = {
            "title": AdminTextareaWidget(attrs={"rows": 2}),
            "original_title": AdminTextareaWidget(attrs={"rows": 2}),
            "translated_title": AdminTextareaWidget(attrs={"rows": 2}),
            "abstract": AdminTextareaWidget(attrs={"rows": 6}),
            "private_note": AdminTextareaWidget(attrs={"rows": 3}),
            "record_note": AdminTextareaWidget(attrs={"rows": 2}),
            "one_line": AdminTextareaWidget(attrs={"rows": 2}),
            "until": forms.TextInput(attrs={"size": 10}),
        }
        field_classes = dict.fromkeys(
            ("url", "full_text_url"), partial(forms.URLField, assume_scheme="https")
        )
        help_texts = {
            "language": gettext_lazy("The language of the work itself."),
            "country": gettext_lazy(
                "Where it was made: Spain or ES. For a country of the past, its name."
            ),
            "citekey": gettext_lazy(
                "Its short name in texts and in its address: first author and year, for example"
                " sutro1935. Changing it mends every text that cites it."
            ),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "on_lists" in self.fields:
            lists = self.instance.lists.values_list("pk", flat=True)
            self.initial.setdefault("on_lists", list(lists))
        if "on_lists" in self.fields and not ReadingList.objects.exists():
            self.fields["on_lists"].help_text = gettext_lazy("There is none yet; name one beside.")
        self._offer("language", source_language_choices())
        self._offer("study_design", STUDY_DESIGNS.items())
        if "tags" in self.fields:
            self.fields["tags"].widget.attrs["class"] = "vLargeTextField"

    def _offer(self, name, choices):
        """Known words in a menu, with the word in use if it is another."""
        if name not in self.fields:
            return
        current = getattr(self.instance, name)
        known = dict(choices)
        known.setdefault(current, current)
        known.pop("", None)
        rows = sorted(
            ((value, str(label)) for value, label in known.items()),
            key=lambda row: row[1].casefold(),
        )
        field = self.fields[name]
        self.fields[name] = forms.ChoiceField(
            label=field.label, help_text=field.help_text, required=False, choices=[("", "–"), *rows]
        )

    def save_lists(self):
        """Put the work, once it is stored, on the lists chosen and on a new one."""
        if "on_lists" not in self.fields:
            return
        lists = list(self.cleaned_data.get("on_lists") or ())
        if name := (self.cleaned_data.get("new_list") or "").strip():
            lists.append(ReadingList.objects.get_or_create(name=name)[0])
        self.instance.lists.set(lists)

    def clean(self):
        """A journal typed with one of its names gets the other, as on import."""
        values = super().clean()
        names = ("container", "container_short")
        empty = [name for name in names if name in self.fields and not values.get(name)]
        if set(self.changed_data) & {*names} - {*empty} and len(empty) == 1:
            typed = Record(type=values.get("type") or self.instance.type)
            for name in names:
                setattr(typed, name, values.get(name) or "")
            Journal.objects.complete([typed])
            values |= {name: getattr(typed, name) for name in names}
        return values

    def clean_citekey(self):
        return self._free("citekey", self.cleaned_data["citekey"])

    def clean_doi(self):
        return self._identifier("doi")

    def clean_pmid(self):
        return self._identifier("pmid")

    def clean_pmcid(self):
        return self._identifier("pmcid")

    def clean_country(self):
        return country_code(self.cleaned_data["country"].strip())

    def _identifier(self, name):
        try:
            value = getattr(identifiers, name)(self.cleaned_data[name] or "")
        except identifiers.BadIdentifier as error:
            raise ValidationError(str(error)) from None
        return self._free(name, value) or None

    def _free(self, name, value):
        other = (
            Reference.objects.filter(**{name: value}).exclude(pk=self.instance.pk).first()
            if value
            else None
        )
        if other is None:
            return value
        message = _(
            "Another reference has this %(field)s: {}. If it is the same work, go on there; nothing"
            " is saved here yet."
        )
        link = format_html(
            '<a href="{}">{}</a>',
            reverse("admin:references_reference_change", args=[other.pk]),
            other,
        )
        raise ValidationError(format_html(message % {"field": self.fields[name].label}, link))
