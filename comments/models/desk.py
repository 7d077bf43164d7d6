"""What the author does and how she wants it: decisions, snippets, words to look for, mail to
her."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publishing.languages import PAGE_LANGUAGES

from .comment import Comment


class Decision(models.Model):
    """Who did what to a comment, and what was there before, so that it can be taken back."""

    class Action(models.TextChoices):
        APPROVED = "approved", _("Approved")
        SPAM = "spam", _("Marked as spam")
        TRASHED = "trash", _("Put in the trash")
        WAITING = "pending", _("Put back to waiting")
        ANSWERED = "answered", _("Answered")
        EDITED = "edited", _("Edited")
        REDACTED = "redacted", _("Redacted")
        GLOSSED = "glossed", _("Summary written")
        SETTLED = "settled", _("Needs no answer")
        PUT_RIGHT = "put right", _("Mistake put right")
        CLOSED = "closed", _("Conversation closed or opened")
        TRUSTED = "trusted", _("Trust given or taken back")
        UNDONE = "undone", _("Taken back")

    comment = models.ForeignKey(
        Comment, models.CASCADE, related_name="decisions", verbose_name=_("comment")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )
    action = models.CharField(_("what"), max_length=10, choices=Action.choices)
    before = models.JSONField(default=dict, editable=False, encoder=DjangoJSONEncoder)
    # One press may decide several comments: they are taken back together.
    batch = models.CharField(max_length=32, db_index=True, editable=False)
    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    undone = models.DateTimeField(_("taken back"), null=True, editable=False)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("decision")
        verbose_name_plural = _("log of decisions")

    def __str__(self):
        return f"{self.get_action_display()}: {self.comment}"


class Snippet(models.Model):
    """Words the author uses again and again."""

    title = models.CharField(
        _("title"), max_length=80, help_text=_("For you, to find it in the list.")
    )
    language = models.CharField(_("language"), max_length=8, choices=PAGE_LANGUAGES, default="en")
    text = models.TextField(
        _("text"), help_text=_("Put into your answer where you are writing. [@citekey] cites.")
    )

    class Meta:
        ordering = ["language", "title"]
        verbose_name = _("snippet")
        verbose_name_plural = _("snippets")

    def __str__(self):
        return self.title


class WordList(models.Model):
    """Words that raise a flag in one language, as the author changed them; `moderation/words/` has
    the first ones."""

    class Kind(models.TextChoices):
        CLINICIAN = "clinician", _("Titles before a clinician's name")
        PHOTO = "photo", _("Offers of pictures")
        CRISIS = "crisis", _("Self-harm or an emergency")

    kind = models.CharField(_("what they tell"), max_length=10, choices=Kind.choices)
    language = models.CharField(_("language"), max_length=8, choices=PAGE_LANGUAGES)
    words = models.TextField(
        _("words"),
        blank=True,
        help_text=_(
            "One word or phrase a line. Accents and capitals do not matter; * at the end stands for"
            " any ending."
        ),
    )

    class Meta:
        ordering = ["kind", "language"]
        verbose_name = _("list of words")
        verbose_name_plural = _("lists of words")
        constraints = [
            models.UniqueConstraint(fields=["kind", "language"], name="comments_wordlist_once")
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.get_language_display()}"


class Blocked(models.Model):
    """Words or addresses nobody wants here: what holds them counts as spam."""

    words = models.CharField(
        _("words"),
        max_length=200,
        unique=True,
        help_text=_(
            "A word, an e-mail address, a web address or a part of one. Looked for in name, e-mail"
            " and text."
        ),
    )
    note = models.CharField(_("note"), max_length=200, blank=True, help_text=_("For you: why."))
    added = models.DateTimeField(_("added"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["words"]
        verbose_name = _("blocked words")
        verbose_name_plural = _("blocklist")

    def __str__(self):
        return self.words


class DeskSettings(models.Model):
    """One row: how the author wants to hear of comments."""

    class Notify(models.TextChoices):
        NEVER = "never", _("Never")
        ONCE = "once", _("At once, one mail for each")
        HOURLY = "hourly", _("Once an hour, if there is something")
        DAILY = "daily", _("Once a day, if there is something")

    notify = models.CharField(
        _("mail about new comments"), max_length=8, choices=Notify.choices, default=Notify.DAILY
    )
    address = models.EmailField(
        _("your e-mail"),
        blank=True,
        help_text=_("Never shown. Empty: the contact address of the site, if there is one."),
    )
    language = models.CharField(
        _("language of these mails"), max_length=8, choices=PAGE_LANGUAGES, default="en"
    )
    last_digest = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("mail to you")
        verbose_name_plural = _("mail to you")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="comments_desksettings_one_row")
        ]

    def __str__(self):
        return str(_("Mail to you"))

    @classmethod
    def load(cls):
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    def save(self, *args, **kwargs):
        self.pk = 1
        super().save(*args, **kwargs)


class TaskLock(models.Model):
    """Whose turn it is to run the site's chores, until when, and when they last ran through."""

    name = models.CharField(primary_key=True, max_length=40)
    until = models.DateTimeField()
    last_run = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("turn")
        verbose_name_plural = _("turns")

    def __str__(self):
        return self.name
