"""Who writes, as far as it is known."""

import secrets

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def new_key():
    return secrets.token_urlsafe(16)


class Writer(models.Model):
    """Somebody who wrote here, known by the signed link to their own page and by nothing else (see
    `own`)."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    trusted = models.BooleanField(
        _("trusted"),
        default=False,
        help_text=_("What comes in by this person's own link needs no reading first."),
    )
    created = models.DateTimeField(_("first wrote"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["-created", "-pk"]
        verbose_name = _("writer")
        verbose_name_plural = _("personal data of readers")

    def __str__(self):
        return _("Writer %(number)s") % {"number": self.pk}


class Subscription(models.Model):
    """That the writer of a comment asked to hear of replies to it, at the comment's own e-mail
    address.

    Nothing is sent before it is confirmed; ending it deletes the row.
    """

    comment = models.OneToOneField("comments.Comment", models.CASCADE, related_name="subscription")
    language = models.CharField(max_length=8)
    asked = models.DateTimeField(default=timezone.now)
    confirmed = models.DateTimeField(null=True, db_index=True)

    class Meta:
        verbose_name = _("request for replies by e-mail")
        verbose_name_plural = _("requests for replies by e-mail")

    def __str__(self):
        return str(self.comment_id)


class SpentChallenge(models.Model):
    """That a form has used up a challenge it was given (see `captcha`); kept for as long as the
    form is good."""

    pair = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self):
        return self.pair


class AddressSecret(models.Model):
    """The secret of one day, for the marks of the addresses that wrote on it. Once it is deleted
    none can be computed."""

    day = models.DateField(unique=True)
    secret = models.CharField(max_length=64)

    def __str__(self):
        return str(self.day)
