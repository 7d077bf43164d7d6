"""Works that readers named because they missed them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .searching import Hit


class Nomination(models.Model):
    """What one reader sent. No word of it is public; the address serves one answer and goes."""

    work = models.CharField(_("work"), max_length=500)  # as it was typed
    why = models.TextField(_("why"), blank=True, max_length=1000)
    email = models.EmailField(blank=True)
    language = models.CharField(_("language"), max_length=8)
    token = models.CharField(max_length=40, unique=True)  # of the form: each makes one
    hit = models.ForeignKey(
        Hit,
        models.SET_NULL,
        null=True,
        related_name="nominations",
        verbose_name=_("record found"),
    )
    created = models.DateTimeField(_("when"), auto_now_add=True)
    answered = models.DateTimeField(_("answered"), null=True)
    mail = models.BigIntegerField(null=True)  # the number of the answer in the outbox

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("work named by a reader")
        verbose_name_plural = _("works named by readers")

    def __str__(self):
        return self.work[:80]
