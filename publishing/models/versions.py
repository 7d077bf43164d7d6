"""Published versions: what a page said on a day, frozen at an address of its own."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .links import generic_key


class KindOfChange(models.TextChoices):
    CONCLUSIONS = "conclusions", _("Conclusions changed")
    STUDIES = "studies", _("Studies added")
    CORRECTION = "correction", _("Correction")
    WORDING = "wording", _("Wording")


# Long, and said in no list.
TEXTS = ("body_html", "works_html", "evidence_html", "works", "contents", "set_aside", "cited_as")


class PublishedVersionQuerySet(models.QuerySet):
    def of(self, page):
        """Those of a page, the newest first."""
        return self.filter(**generic_key(page, "page")).order_by("-number")

    def of_pages(self, kind, pk):
        """The same by the page's content type and number, which may name a column."""
        return self.filter(page_type_id=kind, page_id=pk).order_by("-number")

    def of_public(self, model):
        """Those of the pages of a kind that the public sees."""
        public = model._default_manager.published().order_by().values("pk")
        kind = ContentType.objects.get_for_model(model)
        return self.filter(page_type=kind, page_id__in=public)

    def with_letters_under(self, consent):
        """Those that show a letter under a consent."""
        return self.filter(body_html__contains=f'data-letter="{consent.pk}"')

    def told(self):
        """Without those that readers need not be told of."""
        return self.exclude(kind=KindOfChange.WORDING)

    def listed(self):
        """Without their texts."""
        return self.defer(*TEXTS)


class PublishedVersion(models.Model):
    """One public edition of a page, numbered from 1. What it holds does not follow its page; only
    what must not be shown any more is taken out of it (`publishing.versions.withdrawing`).

    `works`: the works as CSL-JSON items; `works_added`, `works_gone`: against the version before,
    as `{"citekey", "label"}`. `set_aside`: `{mark of a notice: the HTML in whose place it stands}`.
    """

    page_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    page_id = models.PositiveBigIntegerField()
    page = GenericForeignKey("page_type", "page_id")
    number = models.PositiveIntegerField()
    published = models.DateTimeField(default=timezone.now, db_index=True)
    kind = models.CharField(_("kind of change"), max_length=12, choices=KindOfChange.choices)
    what_changed = models.TextField(
        _("what changed"),
        max_length=2000,
        help_text=_("In your words, for readers who know the version before."),
    )
    what_to_do = models.TextField(
        _("does it change what you should do?"),
        blank=True,
        max_length=1000,
        help_text=_("One sentence for patients. It stands first wherever the change is told."),
    )
    # To what day it was searched, and the last day whose finds were taken in.
    searched_to = models.DateField(_("searched to"), null=True, blank=True)
    taken_in_to = models.DateField(_("taken in to"), null=True, blank=True)
    # Since when only its wording was mended, without a version of its own.
    reworded = models.DateTimeField(null=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    language = models.CharField(max_length=8)
    label = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=300)
    summary = models.TextField(blank=True)
    body_html = models.TextField(blank=True)
    contents = models.JSONField(default=list)
    works_html = models.TextField(blank=True)
    evidence_html = models.TextField(blank=True)
    works = models.JSONField(default=list)
    works_added = models.JSONField(default=list)
    works_gone = models.JSONField(default=list)
    words = models.PositiveIntegerField(default=0)
    cited_as = models.JSONField(default=dict)
    set_aside = models.JSONField(default=dict)

    # Of the archive it was deposited at: of this version, and of all of them together.
    doi = models.CharField(max_length=200, blank=True)
    concept_doi = models.CharField(max_length=200, blank=True)

    objects = PublishedVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-published", "-pk"]
        verbose_name = _("published version")
        verbose_name_plural = _("published versions")
        constraints = [
            models.UniqueConstraint(
                fields=["page_type", "page_id", "number"], name="publishing_publishedversion_once"
            )
        ]

    def __str__(self):
        return f"{self.label} {self.title} (v{self.number})".strip()

    def get_absolute_url(self):
        return f"{self.page.get_absolute_url()}v/{self.number}/"

    @property
    def kind_words(self):
        """What kind of change it was; the first changed nothing."""
        return _("First version") if self.number == 1 else self.get_kind_display()

    @property
    def updated(self):
        """The moment by which it is cited, by the site's clock: its day is that of every page."""
        return timezone.localtime(self.published)


class Deposit(models.Model):
    """What became of laying a version down in an archive, step by step, so that it goes on where
    it stopped and nothing is laid down twice."""

    class Step(models.TextChoices):
        BEGUN = "begun", pgettext_lazy("deposit", "begun")
        RESERVED = "reserved", _("DOI reserved")
        FILLED = "filled", _("files sent")
        DONE = "done", pgettext_lazy("deposit", "published")

    version = models.OneToOneField(PublishedVersion, models.CASCADE, related_name="deposit")
    sandbox = models.BooleanField(default=True)
    step = models.CharField(max_length=10, choices=Step.choices, default=Step.BEGUN)
    # What the archive calls it, and the addresses it gave.
    record = models.CharField(max_length=40, blank=True)
    links = models.JSONField(default=dict)
    doi = models.CharField(max_length=200, blank=True)
    concept_doi = models.CharField(max_length=200, blank=True)
    error = models.TextField(blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    begun = models.DateTimeField(default=timezone.now)
    tried = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("deposit")
        verbose_name_plural = _("deposits")

    def __str__(self):
        return f"{self.version_id}: {self.step}"
