"""Facts of studies, as fields: not yet extracted, not reported, or what the work says."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from publishing import search
from publishing.models import rerender_pages_linking_to

NOT_EXTRACTED, NOT_REPORTED, GIVEN = "", "none", "given"
RELIEF = re.compile(r"(\d{1,6}) of (\d{1,6})(?:\W.*)?", re.DOTALL)


class FactWidget(forms.MultiWidget):
    """What is known of it, and the words."""

    template_name = "django/forms/widgets/multiwidget.html"

    def __init__(self, label="", attrs=None):
        states = [
            (NOT_EXTRACTED, _("not yet extracted")),
            (NOT_REPORTED, _("not reported")),
            (GIVEN, _("reported:")),
        ]
        words = forms.TextInput({"class": "vTextField", "aria-label": label})
        super().__init__({"state": forms.Select(choices=states), "words": words}, attrs)

    def decompress(self, value):
        if value is None:
            return [NOT_EXTRACTED, ""]
        return [GIVEN, value] if value else [NOT_REPORTED, ""]


class FactFormField(forms.MultiValueField):
    widget = FactWidget

    def __init__(self, *, max_length=None, **kwargs):
        kwargs["required"] = False
        fields = (forms.CharField(required=False), forms.CharField(required=False))
        super().__init__(fields=fields, require_all_fields=False, **kwargs)

    def compress(self, values):
        """Words typed are a fact, whatever stands before them."""
        state, words = [*values, "", ""][:2]
        if words:
            return words
        if state == GIVEN:
            raise ValidationError(_("Say what is reported, or choose “not reported”."))
        return "" if state == NOT_REPORTED else None

    def has_changed(self, initial, data):
        try:
            return self.clean(data) != initial
        except ValidationError:
            return True


class FactField(models.TextField):
    """`None`: not yet extracted. Empty: the work does not report it. Else what it reports."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{**kwargs, "null": True, "blank": True, "default": None})

    def formfield(self, **kwargs):
        label = capfirst(self.verbose_name)
        return FactFormField(label=label, help_text=self.help_text, widget=FactWidget(label))

    def clean(self, value, model_instance):
        # An empty fact is a fact; Django would take it for none.
        if value:
            self.run_validators(value)
        return value

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs


def validate_relief(value):
    match = RELIEF.fullmatch(value)
    if not match or int(match[1]) > int(match[2]):
        raise ValidationError(_("Write how many of how many: 31 of 37. More words may follow."))


# What a text with a picture of the evidence points to, among the links between pages.
EVIDENCE = ("references.studyfacts", 0)


def draw_anew():
    """Texts with a picture of the evidence are rendered again, by tasks."""
    rerender_pages_linking_to([StudyFacts(pk=EVIDENCE[1])])


class StudyFacts(models.Model):
    """What one study did and found. Its design and the number of its patients stand in the record
    itself."""

    reference = models.OneToOneField(
        "references.Reference", models.CASCADE, related_name="facts", verbose_name=_("reference")
    )
    patients = FactField(
        _("patients"), help_text=_("Who they were. How many is in the record already.")
    )
    intervention = FactField(_("intervention"), help_text=_("What was done."))
    comparator = FactField(_("comparator"), help_text=_("With what it was compared."))
    outcome = FactField(_("outcome"), help_text=_("What was measured, and what was found."))
    relief = FactField(
        _("relief"), validators=[validate_relief], help_text=_("How many of how many: 31 of 37.")
    )
    recurrence = FactField(_("recurrence"), help_text=_("How many came back, and when."))
    histology = FactField(_("histology"), help_text=_("What the microscope showed."))
    follow_up = FactField(_("follow-up"), help_text=_("How long they were followed."))
    funding = FactField(_("funding"), help_text=_("Who paid, and interests declared."))
    relief_share = models.FloatField(null=True, editable=False)

    FACTS = (
        "patients", "intervention", "comparator", "outcome", "relief", "recurrence", "histology",
        "follow_up", "funding",
    )  # fmt: skip

    class Meta:
        verbose_name = _("facts of a study")
        verbose_name_plural = _("facts of studies")

    def __str__(self):
        return str(_("Facts of %(reference)s") % {"reference": self.reference.label})

    def save(self, *args, **kwargs):
        match = RELIEF.fullmatch(self.relief or "")
        self.relief_share = int(match[1]) / int(match[2]) if match and int(match[2]) else None
        with transaction.atomic():
            super().save(*args, **kwargs)
            search.index(self.reference)
            draw_anew()

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            deleted = super().delete(*args, **kwargs)
            draw_anew()
        return deleted
