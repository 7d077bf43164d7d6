from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publishing import search
from publishing.languages import PAGE_LANGUAGES
from publishing.models import of, publishable_models

from . import text


class Kind(models.TextChoices):
    COMMENT = "comment", _("Comment")
    QUESTION = "question", _("Question")


class Status(models.TextChoices):
    PENDING = "pending", _("Waiting")
    APPROVED = "approved", _("Approved")
    SPAM = "spam", _("Spam")
    TRASH = "trash", _("Trash")


class CommentQuerySet(models.QuerySet):
    def approved(self):
        return self.filter(status=Status.APPROVED)

    def published(self):
        """Approved, and on a page the public sees."""
        hidden = Q(pk=None)
        for model in publishable_models():
            kind = ContentType.objects.get_for_model(model)
            hidden |= Q(page_type=kind) & ~Q(page_id__in=model.objects.published().order_by().values("pk"))
        return self.approved().exclude(hidden)

    def waiting(self):
        return self.filter(status=Status.PENDING)

    def on(self, page):
        return self.filter(**of(page, "page"))

    def delete(self):
        with transaction.atomic():
            for comment in self:
                search.remove(comment)
            return super().delete()

    delete.alters_data = True
    delete.queryset_only = True

    def in_thread_order(self):
        """Newest conversation first; inside one, each reply after what it answers."""
        return self.order_by("-thread_at", "-root_id", "position")


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
    language = models.CharField(_("language"), max_length=8, choices=PAGE_LANGUAGES, default="en")
    text = models.TextField(_("text"), help_text=_("Plain text. Blank lines make paragraphs; addresses become links."))
    html = models.TextField(editable=False, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PENDING, db_index=True)
    by_author = models.BooleanField(_("by the author"), default=False)
    created = models.DateTimeField(_("written"), default=timezone.now, db_index=True)
    decided = models.DateTimeField(_("decided"), null=True, editable=False)
    consent_at = models.DateTimeField(_("consent given"), null=True, editable=False)
    form_token = models.CharField(max_length=40, null=True, unique=True, editable=False)

    objects = CommentQuerySet.as_manager()

    # Written by `threads` alone: a comment read earlier and saved now must not bring an old place back.
    PLACE = {"root", "position", "depth", "thread_at"}

    class Meta:
        ordering = ["-created", "-pk"]
        verbose_name = _("comment or question")
        verbose_name_plural = _("comments and questions")
        indexes = [
            models.Index(fields=["page_type", "page_id", "status", "-thread_at"], name="comments_on_page"),
            models.Index(fields=["root", "position"], name="comments_in_thread"),
        ]

    def __str__(self):
        return _("%(name)s, %(date)s") % {"name": self.name, "date": f"{timezone.localtime(self.created):%Y-%m-%d %H:%M}"}

    def save(self, *args, **kwargs):
        self.text = text.normalise(self.text)
        self.html = text.to_html(self.text)
        if kwargs.get("update_fields"):
            words = {"html"} if "text" in kwargs["update_fields"] else set()
            kwargs["update_fields"] = words.union(kwargs["update_fields"])
        elif not self._state.adding:
            names = {field.name for field in self._meta.concrete_fields if not field.primary_key}
            kwargs["update_fields"] = names - self.PLACE
        with transaction.atomic():
            super().save(*args, **kwargs)
            search.index(self)

    def get_absolute_url(self):
        return reverse("comments:permalink", args=[self.pk])

    @property
    def anchor(self):
        return f"comment-{self.pk}"

    @property
    def is_approved(self):
        return self.status == Status.APPROVED

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            search.remove(self)
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
