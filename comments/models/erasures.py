"""What was erased, so that it stays so."""

from django.db import models
from django.utils import timezone


class Erasure(models.Model):
    """That a comment was erased, or all that a mailbox sent: whatever brings back an earlier state,
    such as a restored backup or an import, repeats it. It holds nothing of what was erased: a
    number, a moment, and of the mailbox a mark nobody can compute without the site's key.
    """

    at = models.DateTimeField(default=timezone.now, db_index=True)
    comment = models.PositiveBigIntegerField(null=True)
    created = models.DateTimeField(null=True)  # numbers are given out again after a restore
    mailbox = models.CharField(max_length=64, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "created"], name="comments_erasure_comment_once"
            )
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d}: {self.comment or self.mailbox}"
