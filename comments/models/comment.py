"""A comment, and what an answer points to."""

import html
import re

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from publishing import search
from publishing.addresses import reverse
from publishing.languages import PAGE_LANGUAGES
from publishing.models import generic_key, publishable_models
from publishing.richtext import links
from references.models import Citation, Reference
from references.models.citation import recite

from ..text import html as text_html
from ..text import language as text_language
from .choices import COMMENT_LANGUAGES, SUSPECT, Kind, Role, Status
from .people import Writer

THANKED = 12


class CommentQuerySet(models.QuerySet):
    def approved(self):
        """Words the author let through and their writer has not taken back."""
        return self.shown().filter(erased=None)

    def shown(self):
        """What has a place in a thread: the approved, and the empty places of what was erased above
        a reply."""
        return self.filter(status=Status.APPROVED, withdrawn=None)

    def published(self):
        """Approved, and on a page the public sees."""
        hidden = Q(pk=None)
        for model in publishable_models():
            kind = ContentType.objects.get_for_model(model)
            hidden |= Q(page_type=kind) & ~Q(
                page_id__in=model.objects.published().order_by().values("pk")
            )
        return self.approved().exclude(hidden)

    def waiting(self):
        return self.filter(status=Status.PENDING, withdrawn=None)

    def marked_spam(self):
        """What somebody has read and called spam, not what was filed there by its score."""
        said = self.filter(status=Status.SPAM, decisions__action="spam", decisions__undone=None)
        return self.filter(pk__in=said.order_by().values("pk"))

    def urgent(self):
        """What may be about self-harm or an emergency and nobody has read, wherever it lies."""
        unread = Q(status=Status.PENDING) | Q(status=Status.SPAM) & ~Q(
            pk__in=Comment.objects.marked_spam().values("pk")
        )
        return self.filter(unread, urgent=True, withdrawn=None, erased=None)

    def on(self, page):
        return self.filter(**generic_key(page, "page"))

    def put_right(self, page):
        """Reports of mistakes on a page that led to a correction, the latest first; a few."""
        found = self.approved().on(page).filter(kind=Kind.CORRECTION).exclude(put_right=None)
        return list(found.order_by("-put_right", "-pk").only("pk", "name", "put_right")[:THANKED])

    def delete(self):
        with transaction.atomic():
            for comment in self:
                search.remove(comment)
                Citation.objects.filter(**generic_key(comment, "page")).delete()
            return super().delete()

    delete.alters_data = True
    delete.queryset_only = True


class Comment(models.Model):
    """A comment or question on any page.

    `root`, `position` and `depth` are kept at write (see `threads`): reading a page's threads is
    one ordered query, whatever their depth. The e-mail address is for the author alone.
    """

    page_type = models.ForeignKey(
        ContentType, models.CASCADE, related_name="+", verbose_name=_("kind of page")
    )
    page_id = models.PositiveBigIntegerField(_("page"))
    page = GenericForeignKey("page_type", "page_id")
    parent = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="replies",
        verbose_name=_("in reply to"),
    )
    # A thread keeps its beginning: that cannot be deleted while replies stand below it, only sent
    # to the trash.
    root = models.ForeignKey("self", models.RESTRICT, null=True, editable=False, related_name="+")
    position = models.PositiveIntegerField(editable=False, default=0)
    depth = models.PositiveIntegerField(editable=False, default=0)
    thread_at = models.DateTimeField(editable=False, default=timezone.now)

    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("Never public."))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.COMMENT)
    role = models.CharField(_("writes as"), max_length=10, choices=Role.choices, blank=True)
    language = models.CharField(
        _("language"), max_length=8, choices=COMMENT_LANGUAGES, default="en"
    )
    text = models.TextField(
        _("text"), help_text=_("Plain text. Blank lines make paragraphs; addresses become links.")
    )
    html = models.TextField(editable=False, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.PENDING, db_index=True
    )
    by_author = models.BooleanField(_("by the author"), default=False)
    created = models.DateTimeField(_("written"), default=timezone.now)
    decided = models.DateTimeField(_("decided"), null=True, editable=False)
    consent_at = models.DateTimeField(_("consent given"), null=True, editable=False)
    consent_version = models.CharField(
        _("to the text of"), max_length=10, blank=True, editable=False
    )
    form_token = models.CharField(max_length=40, null=True, unique=True, editable=False)

    # What its writer can do by the signed link; see `own`.
    writer = models.ForeignKey(
        Writer,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="comments",
        verbose_name=_("writer"),
    )
    edited = models.DateTimeField(_("corrected by its writer"), null=True, editable=False)
    withdrawn = models.DateTimeField(_("withdrawn by its writer"), null=True, editable=False)
    erased = models.DateTimeField(_("erased at its writer's wish"), null=True, editable=False)
    # Of a correction: when the page was put right, which readers are told with thanks.
    put_right = models.DateTimeField(_("mistake put right"), null=True, editable=False)
    # That those who asked for it were told of this reply.
    announced = models.DateTimeField(null=True, editable=False)

    # What the author adds; all of it but the gloss is for her alone.
    draft = models.TextField(_("draft of an answer"), blank=True, editable=False)
    original_text = models.TextField(_("as it was written"), blank=True, editable=False)
    gloss = models.TextField(
        _("summary or translation"),
        blank=True,
        help_text=_("In your words, shown below the comment as yours."),
    )
    gloss_language = models.CharField(
        _("language of the summary"), max_length=8, choices=PAGE_LANGUAGES, blank=True
    )
    # Its number on the site it came from, where that is not its own: an anchor that lives on.
    old_number = models.PositiveBigIntegerField(null=True, editable=False, db_index=True)
    settled = models.BooleanField(_("needs no answer"), default=False, editable=False)
    closed = models.BooleanField(
        _("conversation closed"), default=False, editable=False
    )  # of its root only

    address_hash = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    # That it may be about self-harm or an emergency; see `moderation.flags`.
    urgent = models.BooleanField(editable=False, default=False, db_index=True)
    spam_score = models.PositiveSmallIntegerField(editable=False, default=0)
    spam_reasons = models.JSONField(editable=False, default=list)

    objects = CommentQuerySet.as_manager()

    # Written by `threads` alone: a comment read earlier and saved now must not bring an old place
    # back.
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
                fields=[
                    "page_type",
                    "page_id",
                    "status",
                    "withdrawn",
                    "root",
                    "thread_at",
                    "position",
                ],
                name="comments_on_page",
            ),
            models.Index(fields=["root", "position"], name="comments_in_thread"),
            # By their moment, with what the desk counts of each month.
            models.Index(fields=["created", "by_author", "parent"], name="comments_by_moment"),
            # Questions that may wait for an answer, and her answers: nothing else is read to count
            # those that do.
            models.Index(
                fields=["id", "status"],
                condition=models.Q(
                    kind=Kind.QUESTION, by_author=False, settled=False, withdrawn=None, erased=None
                ),
                name="comments_open_question",
            ),
            models.Index(
                fields=["parent"],
                condition=models.Q(
                    by_author=True, status=Status.APPROVED, withdrawn=None, erased=None
                ),
                name="comments_answer",
            ),
            models.Index(
                fields=["page_type", "page_id", "status", "language"], name="comments_by_language"
            ),
        ]

    def __str__(self):
        return _("%(name)s, %(date)s") % {
            "name": self.name,
            "date": f"{timezone.localtime(self.created):%Y-%m-%d %H:%M}",
        }

    def save(self, *args, **kwargs):
        names = set(kwargs.get("update_fields") or ())
        says_else = not names or bool({"text", "language"} & names)
        cited = []
        if says_else:
            self.text = text_html.normalise(self.text)
            cited = self._render()
        if names:
            kwargs["update_fields"] = names | ({"html"} if says_else else set())
        elif not self._state.adding:
            names = {field.name for field in self._meta.concrete_fields if not field.primary_key}
            kwargs["update_fields"] = names - self.PLACE
        with transaction.atomic(savepoint=False):
            super().save(*args, **kwargs)
            if self.by_author and says_else:
                Citation.objects.record(self, Cited(self, cited))
                Mention.objects.record(self)
            search.index(self)
            if self._is_answer():
                search.index(self.parent)

    def _render(self):
        """Fill the HTML; gives the works cited."""
        works = self._cited_works()
        with override(self.language):
            cited = {key: (links.canonical_url(work), work.label) for key, work in works.items()}
        self.html = text_html.to_html(
            self.text, cited, lambda part: text_language.of_part(part, self.language)
        )
        return list(works.values())

    def _cited_works(self):
        """`{citekey: work}` in their order. Only the author cites: a reader's brackets are a
        reader's brackets."""
        keys = text_html.citekeys(self.text) if self.by_author else []
        works = (
            {
                work.citekey: work
                for work in Reference.objects.with_people().filter(citekey__in=keys)
            }
            if keys
            else {}
        )
        return {key: works[key] for key in keys if key in works}

    def rerender(self):
        """Show again what it cites, after a change there."""
        self.save(update_fields=["text"])

    def recite(self, old, new):
        recite(self, "text", old, new, marks=["[@{}]"])

    @property
    def unknown_citekeys(self):
        """Citekeys in an answer that the library does not hold; readers see them as they were
        typed."""
        keys = text_html.citekeys(self.text)
        known = (
            set(Reference.objects.filter(citekey__in=keys).values_list("citekey", flat=True))
            if keys
            else set()
        )
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
        return text_html.named(
            self.text, {key: work.label for key, work in self._cited_works().items()}
        )

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            search.remove(self)
            Citation.objects.filter(**generic_key(self, "page")).delete()
            return super().delete(*args, **kwargs)

    def has_public_address(self):
        page = self.page
        return self.is_approved and page is not None and page.has_public_address()

    @classmethod
    def for_index(cls, comments):
        answers = cls.objects.approved().filter(parent=models.OuterRef("pk"), by_author=True)
        return (
            comments.annotate(has_answer=models.Exists(answers.order_by()))
            .select_related("parent")
            .prefetch_related("page")
        )

    def index_kind(self):
        """An answered question, and its answer, are found before what else is said."""
        return "question" if self._is_question() or self._is_answer() else "comment"

    def _is_question(self):
        asks = self.kind == Kind.QUESTION and not self.by_author and self.pk
        if asks and hasattr(self, "has_answer"):
            return self.has_answer
        return asks and type(self).objects.approved().filter(parent=self, by_author=True).exists()

    def _is_answer(self):
        return self.by_author and self.parent is not None and self.parent.kind == Kind.QUESTION

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
        self.bulk_create(Mention(comment=answer, **generic_key(page, "page")) for page in pages)


class Mention(models.Model):
    """That an answer of the author's links to a page of the site, which thereby helped to answer a
    question."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="mentions")
    page_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    page_id = models.PositiveBigIntegerField()

    objects = MentionManager()

    class Meta:
        indexes = [models.Index(fields=["page_type", "page_id"], name="comments_mention_of")]
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "page_type", "page_id"], name="comments_mention_once"
            ),
        ]

    def __str__(self):
        return f"{self.comment_id} → {self.page_type_id}/{self.page_id}"
