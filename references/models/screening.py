"""What she decides about what was found, and what readers are told of it."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from publishing.addresses import reverse

from .searching import Hit, SavedSearch


class ExclusionReason(models.Model):
    """Why a record or a report is left out; its number is the key that gives it."""

    number = models.PositiveSmallIntegerField(
        _("number"),
        unique=True,
        validators=[MinValueValidator(1), MaxValueValidator(9)],
        help_text=_("1 to 9: the key that gives this reason."),
    )
    name = models.CharField(
        _("reason"), max_length=120, help_text=_("Readers see it: for example, another population.")
    )
    name_es = models.CharField(_("in Spanish"), max_length=120, blank=True)
    name_ca = models.CharField(_("in Catalan"), max_length=120, blank=True)

    class Meta:
        ordering = ["number"]
        verbose_name = _("reason to exclude")
        verbose_name_plural = _("reasons to exclude")

    def __str__(self):
        return getattr(self, f"name_{get_language()}", "") or self.name


class Decision(models.Model):
    """One line of the log; nothing in it is ever changed. What is undone is undone by another
    line."""

    class Stage(models.TextChoices):
        SCREENING = "screening", _("title and abstract")
        FULL_TEXT = "full text", _("full text")
        AGAIN = "again", _("blind, again")

    class Verdict(models.TextChoices):
        INCLUDE = "include", _("include")
        EXCLUDE = "exclude", _("exclude")
        MAYBE = "maybe", _("maybe")
        NOT_RETRIEVED = "no text", _("full text not to be had")
        REMOVE = "remove", _("remove before screening")
        RESTORE = "restore", _("screen it all the same")
        UNDO = "undo", _("undone")

    hit = models.ForeignKey(
        Hit, models.CASCADE, related_name="decisions", verbose_name=_("record found")
    )
    stage = models.CharField(_("stage"), max_length=10, choices=Stage.choices)
    verdict = models.CharField(_("decision"), max_length=10, choices=Verdict.choices)
    reason = models.ForeignKey(
        ExclusionReason, models.PROTECT, null=True, blank=True, verbose_name=_("reason")
    )
    note = models.CharField(_("remark"), max_length=300, blank=True)
    # What it takes back, and how far the hit had come before.
    undoes = models.OneToOneField(
        "self", models.CASCADE, null=True, blank=True, related_name="undone_by"
    )
    before = models.JSONField(default=dict, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("decision on a record")
        verbose_name_plural = _("decisions on records")

    def __str__(self):
        return f"{self.hit_id}: {self.get_verdict_display()}"


class Methods(models.Model):
    """The page “How this was searched”: her words, and beside them what was computed of searches
    and decisions. What readers see is made from this one row."""

    why_living = models.TextField(_("why this review is kept up"), blank=True, max_length=3000)
    criteria = models.TextField(
        _("criteria"),
        blank=True,
        max_length=5000,
        help_text=_("What is included and what is not; they stand beside what you screen."),
    )
    words_to_mark = models.TextField(
        _("words to mark"),
        blank=True,
        max_length=2000,
        help_text=_("One a line; they are marked in titles and abstracts that you screen."),
    )
    other_methods = models.TextField(
        _("other ways of looking"),
        blank=True,
        max_length=3000,
        help_text=_("Registers, websites, lists of references, people asked."),
    )
    prior_work = models.TextField(
        _("searches of others that were used"), blank=True, max_length=3000
    )
    chase_every = models.PositiveSmallIntegerField(
        _("citations are chased"),
        choices=SavedSearch.Interval.choices,
        default=SavedSearch.Interval.NEVER,
        help_text=_(
            "Who cites the works you included, and whom they cite, is asked of OpenAlex and"
            " OpenCitations."
        ),
    )
    peer_review = models.TextField(_("who checked the strategies"), blank=True, max_length=1000)
    ends = models.TextField(_("when it ends or rests"), blank=True, max_length=2000)
    changes = models.TextField(_("changes of methods"), blank=True, max_length=5000)
    roles = models.TextField(
        _("who did what"),
        blank=True,
        max_length=2000,
        help_text=_("Empty: readers are told that one person searched and screened."),
    )
    # What was included before this day belongs to the version before; empty: there was none.
    new_since = models.DateField(
        _("new since"),
        null=True,
        blank=True,
        help_text=_("The day of the version before. What is older counts as included before."),
    )
    public = models.BooleanField(
        _("public"), default=False, help_text=_("Whether readers have the page.")
    )
    # Written by screening.record: the flow, the strategies, the heartbeat.
    kept = models.JSONField(default=dict, editable=False)
    searched_to = models.DateField(null=True, editable=False)
    taken_in_to = models.DateField(null=True, editable=False)

    class Meta:
        verbose_name = _("how this was searched")
        verbose_name_plural = _("how this was searched")

    def __str__(self):
        return str(_("How this was searched"))

    @classmethod
    def load(cls):
        return cls.objects.order_by("pk").first() or cls()

    def save(self, *args, **kwargs):
        self.pk = 1
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("references:methods")
