"""How far a study can be believed: forms of the author's own, and her judgement by one of them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

MOST_QUESTIONS = 60


class Judgement(models.TextChoices):
    LOW = "low", _("low risk")
    SOME = "some", _("some concerns")
    HIGH = "high", _("high risk")
    UNCLEAR = "unclear", _("unclear")


class AppraisalForm(models.Model):
    """A list of questions for studies of one design. An appraisal keeps the questions as they were
    asked: a form may go on changing, and each change is a new version of it."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    design = models.CharField(
        _("for studies of this design"), max_length=80, blank=True, help_text=_("Empty: for any.")
    )
    source = models.URLField(
        _("after"), blank=True, help_text=_("Where the tool it follows is described, if any.")
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("form of appraisal")
        verbose_name_plural = _("forms of appraisal")
        ordering = ["name"]

    def __str__(self):
        return self.name

    def domains(self):
        """`[(domain, [AppraisalQuestion])]` in the form's order."""
        found = {}
        for question in self.questions.all():
            found.setdefault(question.domain, []).append(question)
        return list(found.items())


class AppraisalQuestion(models.Model):
    form = models.ForeignKey(AppraisalForm, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    domain = models.CharField(_("domain"), max_length=80)
    text = models.CharField(_("question"), max_length=300)
    help = models.TextField(_("help"), blank=True, max_length=1000)
    answers = models.TextField(
        _("answers"), max_length=400, default="yes\nno\nunclear\nnot applicable",
        help_text=_("One in a line."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["position", "pk"]

    def __str__(self):
        return self.text

    @property
    def choices(self):
        return list(dict.fromkeys(filter(None, map(str.strip, self.answers.splitlines()))))


class Appraisal(models.Model):
    """The author's judgement of one study by one form.

    `asked`: `[{"domain", "text", "answer", "quote", "page"}]`, the questions as they were;
    `domains`: `[{"name", "judgement", "reason"}]`.
    """

    class Level(models.TextChoices):
        """Levels of evidence after OCEBM 2011."""

        ONE = "1", "1"
        TWO = "2", "2"
        THREE = "3", "3"
        FOUR = "4", "4"
        FIVE = "5", "5"

    reference = models.ForeignKey(
        "references.Reference", models.CASCADE, related_name="appraisals", verbose_name=_("work")
    )
    form = models.ForeignKey(
        AppraisalForm, models.PROTECT, related_name="appraisals", verbose_name=_("form")
    )
    version = models.PositiveSmallIntegerField(_("version of the form"))
    asked = models.JSONField(default=list)
    domains = models.JSONField(default=list)
    overall = models.CharField(_("overall"), max_length=8, choices=Judgement.choices, blank=True)
    level = models.CharField(
        _("level of evidence"), max_length=1, choices=Level.choices, blank=True,
        help_text=_("1 to 5, after OCEBM 2011."),
    )  # fmt: skip
    remark = models.CharField(_("in a sentence"), max_length=500, blank=True)
    public = models.BooleanField(_("readers may see it"), default=False)
    changed = models.DateTimeField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("appraisal")
        verbose_name_plural = _("appraisals")
        constraints = [
            models.UniqueConstraint(fields=["reference", "form"], name="references_appraisal_once")
        ]

    def __str__(self):
        return f"{self.reference.label}: {self.form.name}"
