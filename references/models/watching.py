"""How the watch for retractions and other notices stands, and what the author answered to one."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeWatch(models.Model):
    """One source, and the round through the library it is asked in: works in the order of their
    keys, `cursor` the last one asked for."""

    source = models.CharField(max_length=20, primary_key=True)
    begun = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)  # the last whole round
    cursor = models.PositiveBigIntegerField(default=0)
    tried = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("watch for notices")
        verbose_name_plural = _("watches for notices")

    def __str__(self):
        return self.source

    @property
    def is_open(self):
        return self.begun is not None and (self.ended is None or self.ended < self.begun)


class NoticeAnswer(models.Model):
    """What the author says of one sentence, fact or picture that rests on a work with a notice."""

    class Answer(models.TextChoices):
        STANDS = "stands", _("It stands")
        REWRITTEN = "rewritten", _("It is rewritten")
        REVIEW = "review", _("It is under review")

    notice = models.ForeignKey("references.WorkNotice", models.CASCADE, related_name="answers")
    page_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    page_id = models.PositiveBigIntegerField()
    page = GenericForeignKey("page_type", "page_id")
    mark = models.CharField(max_length=64)  # a sum of the sentence
    sentence = models.TextField()
    answer = models.CharField(_("answer"), max_length=10, choices=Answer.choices)
    note = models.CharField(
        _("in a sentence"), max_length=300, blank=True, help_text=_("Readers see it at the place.")
    )
    answered = models.DateTimeField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("answer to a notice")
        verbose_name_plural = _("answers to notices")
        ordering = ["answered", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "page_type", "page_id", "mark"],
                name="references_noticeanswer_once",
            )
        ]

    def __str__(self):
        return f"{self.get_answer_display()}: {self.sentence[:60]}"
