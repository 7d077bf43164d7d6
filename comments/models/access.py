"""Who looked at, took out or erased what is kept of somebody."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AppendOnly(models.QuerySet):
    """Rows are added; none is changed or taken away."""

    def update(self, **kwargs):
        raise TypeError("This log is only added to.")

    def delete(self):
        raise TypeError("This log is only added to.")

    delete.queryset_only = True


class Access(models.Model):
    """One look at, export or erasure of one comment's personal data. Numbers only: no name, no
    address and no words, so that nothing has to be erased here."""

    class What(models.TextChoices):
        READ = "read", _("looked at")
        EXPORTED = "exported", _("exported as a file")
        ERASED = "erased", _("erased")
        KEY_SENT = "key", _("a link to their page was mailed")

    at = models.DateTimeField(_("when"), default=timezone.now)
    what = models.CharField(_("what"), max_length=10, choices=What.choices)
    comment_number = models.PositiveBigIntegerField(_("comment"), db_index=True)
    # The number outlives the account. None: the person themselves, on their own page.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="+",
        verbose_name=_("who"),
    )

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("access to personal data")
        verbose_name_plural = _("accesses to personal data")

    def __str__(self):
        return f"{self.get_what_display()}: {self.comment_number}"

    def save(self, **kwargs):
        if self.pk is not None:
            raise TypeError("This log is only added to.")
        super().save(**kwargs)

    def delete(self, **kwargs):
        raise TypeError("This log is only added to.")
