"""Which mails hold whose words."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MailedComment(models.Model):
    """That a mail holds the words of a comment: it goes, or is rewritten, when they do."""

    email = models.ForeignKey("post_office.Email", models.CASCADE, related_name="mailed_comments")
    comment = models.ForeignKey("comments.Comment", models.CASCADE, related_name="mailed")

    class Meta:
        verbose_name = _("comment in a mail")
        verbose_name_plural = _("comments in mails")
        constraints = [
            models.UniqueConstraint(fields=["email", "comment"], name="comments_mailedcomment_once")
        ]

    def __str__(self):
        return f"{self.comment_id} in {self.email_id}"
