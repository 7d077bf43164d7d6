"""What the desk keeps of its upkeep of texts: replacements asked for, addresses of other sites."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..richtext.replacing import Search


class Replacement(models.Model):
    """Words put in the place of others at chosen places.

    `chosen`: `{"<model label>/<pk>": {field: {"mark": digest of the text that was seen, "places":
    [index]}}}`.
    `done` and `skipped`: `[key, what was said of it]`; a task works through what is in neither.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    find = models.CharField(max_length=200)
    replace = models.CharField(max_length=500, blank=True)
    match_case = models.BooleanField(default=False)
    whole_words = models.BooleanField(default=True)
    language = models.CharField(max_length=8, default="en")
    chosen = models.JSONField(default=dict)
    done = models.JSONField(default=list)
    skipped = models.JSONField(default=list)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("find and replace")
        verbose_name_plural = _("find and replace")

    def __str__(self):
        return f"{self.find} → {self.replace}"

    @property
    def search(self):
        return Search(self.find, self.replace, self.match_case, self.whole_words)

    @property
    def left(self):
        """The keys nobody has come to yet."""
        over = {row[0] for row in [*self.done, *self.skipped]}
        return [key for key in self.chosen if key not in over]


class LinkState(models.TextChoices):
    WAITING = "waiting", _("not looked at yet")
    GOOD = "good", _("answers")
    MOVED = "moved", _("has moved")
    BROKEN = "broken", _("broken")
    TROUBLE = "trouble", _("no answer this time")
    CLOSED = "closed", _("asks not to be looked at")
    REFUSED = "refused", _("not an address for readers")


class ExternalLink(models.Model):
    """An address of another site that texts here link to, and what came of asking for it.

    `used_in`: `[model label, pk]` of the pages it stands in. `tag` and `modified` are what its site
    said of its version.
    """

    url = models.CharField(_("address"), max_length=2000, unique=True)
    host = models.CharField(max_length=255, db_index=True)
    used_in = models.JSONField(default=list)
    state = models.CharField(
        _("state"), max_length=8, choices=LinkState.choices, default=LinkState.WAITING
    )
    said = models.CharField(max_length=200, blank=True)
    moved_to = models.CharField(max_length=2000, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    checked = models.DateTimeField(_("looked at"), null=True, blank=True)
    due = models.DateTimeField(default=timezone.now, db_index=True)
    tag = models.CharField(max_length=300, blank=True)
    modified = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["host", "url"]
        verbose_name = _("link to another site")
        verbose_name_plural = _("links to other sites")

    def __str__(self):
        return self.url
