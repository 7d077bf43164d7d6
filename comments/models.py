import html
import re
import secrets

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from publishing import links, search
from publishing.languages import PAGE_LANGUAGES
from publishing.models import of, publishable_models
from references.models import Citation, Reference

from . import text

# What readers write in; `comments.languages` tells these apart.
COMMENT_LANGUAGES = [
    *PAGE_LANGUAGES,
    ("fr", _("French")),
    ("pt", _("Portuguese")),
    ("it", _("Italian")),
    ("de", _("German")),
]


class Kind(models.TextChoices):
    COMMENT = "comment", _("Comment")
    QUESTION = "question", _("Question")
    EXPERIENCE = "experience", _("Experience")
    CORRECTION = "correction", _("Correction")


class Role(models.TextChoices):
    """What somebody says of themselves; nobody checks it."""

    PATIENT = "patient", _("Patient")
    RELATIVE = "relative", _("Relative")
    CLINICIAN = "clinician", _("Clinician")
    RESEARCHER = "researcher", _("Researcher")


class Status(models.TextChoices):
    PENDING = "pending", _("Waiting")
    APPROVED = "approved", _("Approved")
    SPAM = "spam", _("Spam")
    TRASH = "trash", _("Trash")


SUSPECT = 5  # points of `spam` from which it may be some


class CommentQuerySet(models.QuerySet):
    def approved(self):
        """Words the author let through and their writer has not taken back."""
        return self.shown().filter(erased=None)

    def shown(self):
        """What has a place in a thread: the approved, and the empty places of what was erased above a reply."""
        return self.filter(status=Status.APPROVED, withdrawn=None)

    def published(self):
        """Approved, and on a page the public sees."""
        hidden = Q(pk=None)
        for model in publishable_models():
            kind = ContentType.objects.get_for_model(model)
            hidden |= Q(page_type=kind) & ~Q(page_id__in=model.objects.published().order_by().values("pk"))
        return self.approved().exclude(hidden)

    def waiting(self):
        return self.filter(status=Status.PENDING, withdrawn=None)

    def on(self, page):
        return self.filter(**of(page, "page"))

    def delete(self):
        with transaction.atomic():
            for comment in self:
                search.remove(comment)
                Citation.objects.filter(**of(comment, "page")).delete()
            return super().delete()

    delete.alters_data = True
    delete.queryset_only = True

    def in_thread_order(self):
        """Newest conversation first; inside one, each reply after what it answers."""
        return self.order_by("-thread_at", "-root_id", "position")


def new_key():
    return secrets.token_urlsafe(16)


class Writer(models.Model):
    """Somebody who wrote here, known by the signed link to their own page and by nothing else (see `own`)."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    trusted = models.BooleanField(
        _("trusted"), default=False, help_text=_("What comes in by this person's own link needs no reading first.")
    )
    created = models.DateTimeField(_("first wrote"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["-created", "-pk"]
        verbose_name = _("writer")
        verbose_name_plural = _("what is kept of somebody")

    def __str__(self):
        return _("Writer %(number)s") % {"number": self.pk}


class Comment(models.Model):
    """A comment or question on any page.

    `root`, `position` and `depth` are kept at write (see `threads`): reading a page's threads is one ordered query,
    whatever their depth. The e-mail address is for the author alone.
    """

    page_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+", verbose_name=_("kind of page"))
    page_id = models.PositiveBigIntegerField(_("page"))
    page = GenericForeignKey("page_type", "page_id")
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="replies", verbose_name=_("in reply to")
    )
    # A thread keeps its beginning: that cannot be deleted while replies stand below it, only sent to the trash.
    root = models.ForeignKey("self", models.RESTRICT, null=True, editable=False, related_name="+")
    position = models.PositiveIntegerField(editable=False, default=0)
    depth = models.PositiveIntegerField(editable=False, default=0)
    thread_at = models.DateTimeField(editable=False, default=timezone.now)

    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("Never public."))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.COMMENT)
    role = models.CharField(_("writes as"), max_length=10, choices=Role.choices, blank=True)
    language = models.CharField(_("language"), max_length=8, choices=COMMENT_LANGUAGES, default="en")
    text = models.TextField(_("text"), help_text=_("Plain text. Blank lines make paragraphs; addresses become links."))
    html = models.TextField(editable=False, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PENDING, db_index=True)
    by_author = models.BooleanField(_("by the author"), default=False)
    created = models.DateTimeField(_("written"), default=timezone.now, db_index=True)
    decided = models.DateTimeField(_("decided"), null=True, editable=False)
    consent_at = models.DateTimeField(_("consent given"), null=True, editable=False)
    consent_version = models.CharField(_("to the text of"), max_length=10, blank=True, editable=False)
    form_token = models.CharField(max_length=40, null=True, unique=True, editable=False)

    # What its writer can do by the signed link; see `own`.
    writer = models.ForeignKey(
        Writer, models.SET_NULL, null=True, blank=True, editable=False, related_name="comments", verbose_name=_("writer")
    )
    edited = models.DateTimeField(_("corrected by its writer"), null=True, editable=False)
    withdrawn = models.DateTimeField(_("withdrawn by its writer"), null=True, editable=False)
    erased = models.DateTimeField(_("erased at its writer's wish"), null=True, editable=False)
    # That those who asked for it were told of this reply.
    announced = models.DateTimeField(null=True, editable=False)

    # What the author adds; all of it but the gloss is for her alone.
    draft = models.TextField(_("draft of an answer"), blank=True, editable=False)
    original_text = models.TextField(_("as it was written"), blank=True, editable=False)
    gloss = models.TextField(
        _("summary or translation"), blank=True, help_text=_("In your words, shown below the comment as yours.")
    )
    gloss_language = models.CharField(_("language of the summary"), max_length=8, choices=PAGE_LANGUAGES, blank=True)
    settled = models.BooleanField(_("needs no answer"), default=False, editable=False)
    closed = models.BooleanField(_("conversation closed"), default=False, editable=False)  # of its root only

    address_hash = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    spam_score = models.PositiveSmallIntegerField(editable=False, default=0)
    spam_reasons = models.JSONField(editable=False, default=list)

    objects = CommentQuerySet.as_manager()

    # Written by `threads` alone: a comment read earlier and saved now must not bring an old place back.
    PLACE = {"root", "position", "depth", "thread_at"}
    # It may cite; but what helped to answer a question is listed with that question.
    is_page = False

    class Meta:
        ordering = ["-created", "-pk"]
        verbose_name = _("comment or question")
        verbose_name_plural = _("comments and questions")
        indexes = [
            # Holds all that is asked of a page's conversations before any comment is read.
            models.Index(
                fields=["page_type", "page_id", "status", "withdrawn", "root", "thread_at", "position"],
                name="comments_on_page",
            ),
            models.Index(fields=["root", "position"], name="comments_in_thread"),
            models.Index(fields=["page_type", "page_id", "status", "language"], name="comments_by_language"),
        ]

    def __str__(self):
        return _("%(name)s, %(date)s") % {"name": self.name, "date": f"{timezone.localtime(self.created):%Y-%m-%d %H:%M}"}

    def save(self, *args, **kwargs):
        self.text = text.normalise(self.text)
        cited = self._render()
        if kwargs.get("update_fields"):
            words = {"html"} if "text" in kwargs["update_fields"] else set()
            kwargs["update_fields"] = words.union(kwargs["update_fields"])
        elif not self._state.adding:
            names = {field.name for field in self._meta.concrete_fields if not field.primary_key}
            kwargs["update_fields"] = names - self.PLACE
        with transaction.atomic():
            super().save(*args, **kwargs)
            if self.by_author:
                Citation.objects.record(self, Cited(self, cited))
                Mention.objects.record(self)
            search.index(self)

    def _render(self):
        """Fill the HTML; gives the works cited."""
        works = self._cited_works()
        with override(self.language):
            cited = {key: (links.canonical_url(work), work.label) for key, work in works.items()}
        self.html = text.to_html(self.text, cited)
        return list(works.values())

    def _cited_works(self):
        """`{citekey: work}` in their order. Only the author cites: a reader's brackets are a reader's brackets."""
        keys = text.citekeys(self.text) if self.by_author else []
        works = {work.citekey: work for work in Reference.objects.with_people().filter(citekey__in=keys)} if keys else {}
        return {key: works[key] for key in keys if key in works}

    def rerender(self):
        """Show again what it cites, after a change there."""
        self.save(update_fields=["text"])

    def recite(self, old, new):
        self.text = text.recite(self.text, old, new)
        self.save(update_fields=["text"])

    @property
    def unknown_citekeys(self):
        """Citekeys in an answer that the library does not hold; readers see them as they were typed."""
        keys = text.citekeys(self.text)
        known = set(Reference.objects.filter(citekey__in=keys).values_list("citekey", flat=True)) if keys else set()
        return [key for key in keys if key not in known]

    def get_absolute_url(self):
        return reverse("comments:permalink", args=[self.pk])

    @property
    def anchor(self):
        return f"comment-{self.pk}"

    @property
    def is_approved(self):
        return self.status == Status.APPROVED and self.withdrawn is None and self.erased is None

    @property
    def is_suspect(self):
        return self.spam_score >= SUSPECT

    @property
    def readable(self):
        """The words for where there are no links: works are named as on the page."""
        return text.named(self.text, {key: work.label for key, work in self._cited_works().items()})

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            search.remove(self)
            Citation.objects.filter(**of(self, "page")).delete()
            return super().delete(*args, **kwargs)

    def has_public_address(self):
        page = self.page
        return self.is_approved and page is not None and page.has_public_address()

    def index_kind(self):
        return "comment"

    @property
    def index_label(self):
        return str(self.page)

    def index_text(self):
        return f"{self.name}: {self.page}", self.text

    @property
    def index_authors(self):
        return self.name

    @property
    def index_year(self):
        return timezone.localtime(self.created).year


class Cited:
    """The works an answer cites, as `Citation` records them."""

    def __init__(self, comment, works):
        self.comment, self.works = comment, works

    def cited(self):
        for number, work in enumerate(self.works, 1):
            yield work, number, [self.comment.anchor]


class MentionManager(models.Manager):
    def record(self, answer):
        """Replace what is recorded of an answer by the pages of ours its text links to."""
        self.filter(comment=answer).delete()
        addresses = re.findall(r'href="([^"]+)"', answer.html)
        pages = {links.page_at(html.unescape(address)) for address in addresses} - {None}
        self.bulk_create(Mention(comment=answer, **of(page, "page")) for page in pages)


class Mention(models.Model):
    """That an answer of the author's links to a page of the site, which thereby helped to answer a question."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="mentions")
    page_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    page_id = models.PositiveBigIntegerField()

    objects = MentionManager()

    class Meta:
        indexes = [models.Index(fields=["page_type", "page_id"], name="comments_mention_of")]
        constraints = [
            models.UniqueConstraint(fields=["comment", "page_type", "page_id"], name="comments_mention_once"),
        ]

    def __str__(self):
        return f"{self.comment_id} → {self.page_type_id}/{self.page_id}"


class Subscription(models.Model):
    """That the writer of a comment asked to hear of replies to it, at the comment's own e-mail address.

    Nothing is sent before it is confirmed; ending it deletes the row.
    """

    comment = models.OneToOneField(Comment, models.CASCADE, related_name="subscription")
    language = models.CharField(max_length=8)
    asked = models.DateTimeField(default=timezone.now)
    confirmed = models.DateTimeField(null=True, db_index=True)

    class Meta:
        verbose_name = _("request for replies by e-mail")
        verbose_name_plural = _("requests for replies by e-mail")

    def __str__(self):
        return str(self.comment_id)


class AddressSecret(models.Model):
    """The secret of one day, for the marks of the addresses that wrote on it. Once it is deleted none can be computed."""

    day = models.DateField(unique=True)
    secret = models.CharField(max_length=64)

    def __str__(self):
        return str(self.day)


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
        CLOSED = "closed", _("Conversation closed or opened")
        TRUSTED = "trusted", _("Trust given or taken back")
        UNDONE = "undone", _("Taken back")

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="decisions", verbose_name=_("comment"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("who"))
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

    title = models.CharField(_("title"), max_length=80, help_text=_("For you, to find it in the list."))
    language = models.CharField(_("language"), max_length=8, choices=PAGE_LANGUAGES, default="en")
    text = models.TextField(_("text"), help_text=_("Put into your answer where you are writing. [@citekey] cites."))

    class Meta:
        ordering = ["language", "title"]
        verbose_name = _("snippet")
        verbose_name_plural = _("snippets")

    def __str__(self):
        return self.title


class WordList(models.Model):
    """Words that raise a flag in one language, as the author has changed them; `comments/words/` has the first ones."""

    class Kind(models.TextChoices):
        CLINICIAN = "clinician", _("Titles before a clinician's name")
        PHOTO = "photo", _("Offers of pictures")
        CRISIS = "crisis", _("Self-harm or an emergency")

    kind = models.CharField(_("what they tell"), max_length=10, choices=Kind.choices)
    language = models.CharField(_("language"), max_length=8, choices=PAGE_LANGUAGES)
    words = models.TextField(
        _("words"),
        blank=True,
        help_text=_("One word or phrase a line. Accents and capitals do not matter; * at the end stands for any ending."),
    )

    class Meta:
        ordering = ["kind", "language"]
        verbose_name = _("list of words")
        verbose_name_plural = _("lists of words")
        constraints = [models.UniqueConstraint(fields=["kind", "language"], name="comments_wordlist_once")]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.get_language_display()}"


class Blocked(models.Model):
    """Words or addresses nobody wants here: what holds them counts as spam."""

    words = models.CharField(
        _("words"),
        max_length=200,
        unique=True,
        help_text=_("A word, an e-mail address, a web address or a part of one. Looked for in name, e-mail and text."),
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

    notify = models.CharField(_("mail about new comments"), max_length=8, choices=Notify.choices, default=Notify.DAILY)
    address = models.EmailField(
        _("your e-mail"), blank=True, help_text=_("Never shown. Empty: the contact address of the site, if there is one.")
    )
    language = models.CharField(_("language of these mails"), max_length=8, choices=PAGE_LANGUAGES, default="en")
    last_digest = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("mail to you")
        verbose_name_plural = _("mail to you")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="comments_desksettings_one_row")]

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
