"""What every public page is: its states, who sees it, how it is saved and rendered."""

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from .. import search
from ..languages import PAGE_LANGUAGES
from ..richtext import consents, links, pipeline, render, sanitise
from ..richtext.fields import RichTextField
from .links import PageLink, delete_page, rerender_pages_linking_to
from .redirects import Redirect


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PLANNED = "planned", _("Planned")
    CONSTRUCTION = "construction", _("Under construction")
    PUBLISHED = "published", _("Published")


class PublishableQuerySet(models.QuerySet):
    def published(self):
        """What the public sees: anything but drafts, and nothing before its time."""
        return self.filter(self.model.public_q())


class Publishable(models.Model):
    """A page the author writes and the public reads.

    What a reader gets (`body_html`, `contents`) is computed by `save()`, never on reading. `render_body()` is the
    place to add to it.
    """

    title = models.CharField(_("title"), max_length=300)
    slug = models.SlugField(
        _("address"),
        max_length=120,
        allow_unicode=True,
        blank=True,
        help_text=_("The last part of the page's address. Leave it empty to take it from the title."),
    )
    summary = models.TextField(
        _("summary"),
        blank=True,
        max_length=1000,
        help_text=_("One or two sentences, shown under the title, in lists and in search results."),
    )
    body = RichTextField(_("text"), blank=True)
    language = models.CharField(
        _("language"), max_length=8, choices=PAGE_LANGUAGES, default="en", help_text=_("The language this is written in.")
    )
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=State.choices,
        default=State.DRAFT,
        help_text=_("A draft is seen by you alone. All other states are public and say so on the page."),
    )
    publish_at = models.DateTimeField(
        _("not before"), null=True, blank=True, help_text=_("Keep the page hidden until this moment. Empty: public at once.")
    )
    first_published = models.DateField(
        _("first published"), null=True, blank=True, help_text=_("Filled in by itself when the page is first published.")
    )
    updated = models.DateTimeField(_("last worked on"), default=timezone.now, editable=False)
    reviewed = models.DateField(
        _("last reviewed"), null=True, blank=True, help_text=_("The day you last read it through and found it still right.")
    )
    comments_open = models.BooleanField(
        _("comments open"), default=True, help_text=_("Whether readers can write under this page. What is there stays.")
    )
    tags = TaggableManager(_("tags"), blank=True, help_text=_("Subjects, separated by commas."))
    cover = models.ForeignKey(
        "publishing.Image",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("cover figure"),
        help_text=_("Shown in lists and when the page is shared."),
    )
    translation_of = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="translations",
        verbose_name=_("translation of"),
        help_text=_("The page this is a translation of. Both then lead to each other."),
    )
    body_html = models.TextField(editable=False, blank=True)
    contents = models.JSONField(editable=False, default=list)
    words = models.PositiveIntegerField(editable=False, default=0)

    objects = PublishableQuerySet.as_manager()

    # Whether h2 headings are called parts and numbered.
    numbered_parts = False
    WORKED_ON = ("title", "summary", "body", "state")

    class Meta:
        abstract = True

    def __str__(self):
        return self.title

    @classmethod
    def public_q(cls, prefix=""):
        """The one visibility rule, as a Q; `prefix` reaches it through a relation."""
        return ~Q(**{f"{prefix}state": State.DRAFT}) & (
            Q(**{f"{prefix}publish_at": None}) | Q(**{f"{prefix}publish_at__lte": timezone.now()})
        )

    def is_public(self):
        return type(self)._default_manager.published().filter(pk=self.pk).exists()

    def has_public_address(self):
        """Whether a link to this page may stand in a text. Time is left out: texts are rendered before it comes."""
        return self.state != State.DRAFT

    def clean(self):
        super().clean()
        if not self.slug and hasattr(self, "slug"):
            self.slug = slugify(self.title, allow_unicode=True)[:120] or "page"
        if self.translation_of_id:
            self._clean_translation()

    def _clean_translation(self):
        original = self.translation_of.original
        if original.pk == self.pk:
            raise ValidationError({"translation_of": _("A page is no translation of itself.")})
        group = type(self)._default_manager.filter(Q(pk=original.pk) | Q(translation_of=original.pk)).exclude(pk=self.pk)
        twin = group.filter(language=self.language).first()
        if twin:
            raise ValidationError(
                {"translation_of": _("“%(title)s” is there in this language already.") % {"title": twin.title}}
            )

    @property
    def original(self):
        """The page this is a translation of; itself when it is none."""
        page = self
        while page.translation_of_id:
            page = page.translation_of
        return page

    @property
    def group(self):
        """What a page and its translations have in common."""
        return self.translation_of_id or self.pk

    @property
    def visible_from(self):
        """The moment from which the public may see the page; None for always."""
        return self.publish_at

    @property
    def minutes(self):
        return max(1, round(self.words / render.WORDS_A_MINUTE))

    @property
    def under_construction(self):
        return self.state == State.CONSTRUCTION

    @property
    def planned(self):
        return self.state == State.PLANNED

    def save(self, *args, updated=None, **kwargs):
        """Clean, render, save, then bring what depends on this page up to date, all or nothing.

        `updated` sets the date of the last work, for importers; else it moves when the words or the state do.
        """
        with transaction.atomic():
            before = type(self)._default_manager.filter(pk=self.pk).first() if self.pk else None
            if self.slug == "" and self.title:
                self.slug = slugify(self.title, allow_unicode=True)[:120] or "page"
            self.body, root = pipeline.prepare(self.body, timezone.localdate(updated or timezone.now()))
            self._follow_original()
            if updated:
                self.updated = updated
            elif before is None or any(getattr(before, name) != getattr(self, name) for name in self.WORKED_ON):
                self.updated = timezone.now() if before else self.updated
            if self.state != State.DRAFT and self.state != State.PLANNED and not self.first_published:
                self.first_published = timezone.localdate(self.publish_at or timezone.now())
            address_before = (links.canonical_url(before), before.state) if before else None
            rendered = self.render_body(root)
            super().save(*args, **kwargs)
            self.after_render(rendered, before)
            search.index(self, same_summary=before is not None and before.index_summary == self.index_summary)
            if before and address_before != (links.canonical_url(self), self.state):
                if before.state != State.DRAFT:
                    Redirect.objects.record({address_before[0]: self})
                rerender_pages_linking_to([self])

    def _follow_original(self):
        """Every translation names the original, none another translation."""
        if not self.translation_of_id:
            return
        original = self.translation_of.original
        self.translation_of = None if original.pk == self.pk else original
        if self.pk and self.translation_of:
            type(self)._default_manager.filter(translation_of=self.pk).update(translation_of=original.pk)

    @property
    def public_body(self):
        """The text without letters whose writer has taken the consent back."""
        return consents.without_withdrawn(self.body)

    def render_body(self, root=None):
        """Fill the rendered fields from `body`, of which `root` is the tree if it is at hand; gives the `Rendered`."""
        root = sanitise.parse(self.body) if root is None else root
        consents.drop_withdrawn(root)
        rendered = render.render_tree(
            root, language=self.language, numbered_parts=self.numbered_parts, passes=self.render_passes()
        )
        self.body_html, self.contents, self.words = rendered.html, rendered.contents, rendered.words
        return rendered

    def render_passes(self):
        return ()

    def after_render(self, rendered, before):
        """Record what the rendered text points to, so that a change there reaches this page. `before` is the page
        as it was kept, None for a new one."""
        PageLink.objects.record(self, rendered.targets)

    def rerender(self):
        """Compute the reader's HTML again from the same text; dates stay."""
        rendered = self.render_body()
        self.save_rendered()
        self.after_render(rendered, self)

    RENDERED = ("body_html", "contents", "words")

    def save_rendered(self):
        models.Model.save(self, update_fields=self.RENDERED)

    def site_changed(self):
        """Called when the site or its author is renamed: the place to bring what names them up to date."""

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            return delete_page(self, super().delete, *args, **kwargs)

    def index_text(self):
        """`(title, text)` for the search index."""
        return self.title, f"{self.summary} {sanitise.text_of(self.public_body)}".strip()

    @property
    def index_summary(self):
        return " ".join([self.summary or "", *(heading["text"] for heading in self.contents)])

    @property
    def index_authors(self):
        return apps.get_model("publishing.SiteSettings").load().author_name

    @property
    def index_year(self):
        return self.first_published.year if self.first_published else None

    def index_kind(self):
        return self._meta.model_name


def publishable_models():
    """Every concrete kind of page, in the order of INSTALLED_APPS."""
    return [model for model in apps.get_models() if issubclass(model, Publishable)]
