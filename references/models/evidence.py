"""What each study did and found, fact by fact."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..evidence import RELIEF, FactField, validate_relief


class StudyFacts(models.Model):
    """What one study did and found. Its design and the number of its patients stand in the record itself."""

    reference = models.OneToOneField(
        "references.Reference", models.CASCADE, related_name="facts", verbose_name=_("reference")
    )
    patients = FactField(_("patients"), help_text=_("Who they were. How many is in the record already."))
    intervention = FactField(_("intervention"), help_text=_("What was done."))
    comparator = FactField(_("comparator"), help_text=_("With what it was compared."))
    outcome = FactField(_("outcome"), help_text=_("What was measured, and what was found."))
    relief = FactField(_("relief"), validators=[validate_relief], help_text=_("How many of how many: 31 of 37."))
    recurrence = FactField(_("recurrence"), help_text=_("How many came back, and when."))
    histology = FactField(_("histology"), help_text=_("What the microscope showed."))
    follow_up = FactField(_("follow-up"), help_text=_("How long they were followed."))
    funding = FactField(_("funding"), help_text=_("Who paid, and interests declared."))
    relief_share = models.FloatField(null=True, editable=False)

    FACTS = (
        "patients", "intervention", "comparator", "outcome", "relief", "recurrence", "histology", "follow_up", "funding",
    )  # fmt: skip

    class Meta:
        verbose_name = _("facts of a study")
        verbose_name_plural = _("facts of studies")

    def __str__(self):
        return str(_("Facts of %(reference)s") % {"reference": self.reference.label})

    def save(self, *args, **kwargs):
        match = RELIEF.fullmatch(self.relief or "")
        self.relief_share = int(match[1]) / int(match[2]) if match and int(match[2]) else None
        super().save(*args, **kwargs)
