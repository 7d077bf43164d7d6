"""Who follows the site by mail, and what they are told: once a month at most, and at once of what
is retracted."""

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def new_key():
    return secrets.token_urlsafe(24)


class Follower(models.Model):
    """That somebody follows one thing by mail. Nothing is sent before it is confirmed; ending it
    deletes the row.

    `topic`: “review”, “blog”, or a page as “review.chapter/12”. `wording`: the sentence that was
    agreed to, as it was shown. `told`: up to what moment they have been told of changes; `warned`:
    of notices that touch a conclusion, where the sentence spoke of those (`at_once`).
    """

    email = models.EmailField()
    topic = models.CharField(max_length=60)
    language = models.CharField(max_length=8)
    key = models.CharField(max_length=40, unique=True, default=new_key)
    wording = models.TextField()
    agreed = models.DateTimeField(default=timezone.now)
    confirmed = models.DateTimeField(null=True, db_index=True)
    told = models.DateTimeField(null=True)
    at_once = models.BooleanField(default=False)
    warned = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("follower")
        verbose_name_plural = _("followers")
        constraints = [
            models.UniqueConstraint(fields=["email", "topic"], name="publishing_follower_once")
        ]

    def __str__(self):
        return f"{self.topic} {self.pk}"


class Digest(models.Model):
    """What followers are told of a stretch of time, after the author has seen it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for you")
        GOING = "going", _("on its way")
        GONE = "gone", _("sent")
        LEFT_OUT = "left out", _("left out")

    since = models.DateTimeField()
    until = models.DateTimeField()
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    line = models.TextField(
        _("your line"),
        blank=True,
        max_length=1000,
        help_text=_("It stands at the top of the mail. Leave it empty for none."),
    )
    mails = models.PositiveIntegerField(_("mails"), default=0)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    ended = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-until", "-pk"]
        verbose_name = _("digest for followers")
        verbose_name_plural = _("digests for followers")

    def __str__(self):
        return f"{timezone.localtime(self.until):%Y-%m-%d}"
