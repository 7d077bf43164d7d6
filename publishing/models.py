from functools import partial
from urllib.parse import unquote

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from . import consents, images, links, rendering, richtext, search
from .fields import RichTextField
from .languages import PAGE_LANGUAGES


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
        return max(1, round(self.words / rendering.WORDS_A_MINUTE))

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
            self.body = richtext.dated(
                links.to_stored(richtext.clean(self.body)), timezone.localdate(updated or timezone.now())
            )
            self._follow_original()
            if updated:
                self.updated = updated
            elif before is None or any(getattr(before, name) != getattr(self, name) for name in self.WORKED_ON):
                self.updated = timezone.now() if before else self.updated
            if self.state != State.DRAFT and self.state != State.PLANNED and not self.first_published:
                self.first_published = timezone.localdate(self.publish_at or timezone.now())
            address_before = (links.canonical_url(before), before.state) if before else None
            rendered = self.render_body()
            super().save(*args, **kwargs)
            self.after_render(rendered)
            search.index(self)
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

    def render_body(self):
        """Fill the rendered fields from `body`; gives the `Rendered`."""
        rendered = rendering.render(
            self.public_body, language=self.language, numbered_parts=self.numbered_parts, passes=self.render_passes()
        )
        self.body_html, self.contents, self.words = rendered.html, rendered.contents, rendered.words
        return rendered

    def render_passes(self):
        return ()

    def after_render(self, rendered):
        """Record what the rendered text points to, so that a change there reaches this page."""
        PageLink.objects.record(self, rendered.targets)

    def rerender(self):
        """Compute the reader's HTML again from the same text; dates stay."""
        rendered = self.render_body()
        self.save_rendered()
        self.after_render(rendered)

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
        return self.title, f"{self.summary} {richtext.text_of(self.public_body)}".strip()

    @property
    def index_summary(self):
        return " ".join([self.summary or "", *(heading["text"] for heading in self.contents)])

    @property
    def index_authors(self):
        return SiteSettings.load().author_name

    @property
    def index_year(self):
        return self.first_published.year if self.first_published else None

    def index_kind(self):
        return self._meta.model_name


def of(page, prefix="source"):
    """Filter arguments for rows that belong to a page."""
    return {f"{prefix}_type": ContentType.objects.get_for_model(page, for_concrete_model=True), f"{prefix}_id": page.pk}


def delete_page(page, delete, *args, **kwargs):
    """Delete anything with an address: its links and search row go too, texts that linked to it lose the link."""
    sources = PageLink.objects.sources_of([page])
    PageLink.objects.filter(**of(page)).delete()
    search.remove(page)
    result = delete(*args, **kwargs)
    for source in sources:
        source.rerender()
    return result


def rerender_pages_linking_to(pages):
    for source in PageLink.objects.sources_of(pages):
        source.rerender()


def publishable_models():
    """Every concrete kind of page, in the order of INSTALLED_APPS."""
    return [model for model in apps.get_models() if issubclass(model, Publishable)]


class PageLinkManager(models.Manager):
    def record(self, page, targets):
        """Replace the links recorded for `page` by `targets`, a set of `(model label, pk)`."""
        rows = {(ContentType.objects.get_by_natural_key(*label.split(".")).pk, pk) for label, pk in targets}
        known = set(self.filter(**of(page)).values_list("target_type_id", "target_id"))
        if rows == known:
            return
        self.filter(**of(page)).delete()
        self.bulk_create(PageLink(**of(page), target_type_id=kind, target_id=pk) for kind, pk in sorted(rows))

    def sources_of(self, pages):
        """The distinct pages whose text links to any of `pages`."""
        wanted = Q(pk=None)
        for page in pages:
            wanted |= Q(**of(page, "target"))
        found = {}
        for link in self.filter(wanted).prefetch_related("source"):
            if link.source is not None:
                found[(link.source_type_id, link.source_id)] = link.source
        return list(found.values())


class PageLink(models.Model):
    """That one page's text links to another, so that it can be rendered again when the other moves."""

    source_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    source_id = models.PositiveBigIntegerField()
    source = GenericForeignKey("source_type", "source_id")
    target_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    target_id = models.PositiveBigIntegerField()

    objects = PageLinkManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_type", "source_id", "target_type", "target_id"], name="publishing_pagelink_once"
            )
        ]
        indexes = [models.Index(fields=["target_type", "target_id"], name="publishing_pagelink_target")]

    def __str__(self):
        return f"{self.source_type_id}/{self.source_id} → {self.target_type_id}/{self.target_id}"


class Image(models.Model):
    file = models.ImageField(_("file"), width_field="width", height_field="height", max_length=200, unique=True)
    title = models.CharField(_("name"), max_length=200, help_text=_("For you, to find it again."))
    alt = models.TextField(
        _("description"), blank=True, help_text=_("What one sees, for readers who cannot see it. One or two sentences.")
    )
    credit = models.CharField(
        _("credit"), max_length=300, blank=True, help_text=_("Who made it, or the article it is from.")
    )
    licence = models.CharField(_("licence"), max_length=100, blank=True, help_text=_("For example: CC BY 4.0."))
    width = models.PositiveIntegerField(editable=False, default=0)
    height = models.PositiveIntegerField(editable=False, default=0)
    widths = models.JSONField(editable=False, default=list)
    added = models.DateTimeField(_("added"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["-added", "-pk"]
        verbose_name = _("figure")
        verbose_name_plural = _("figures")

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return settings.MEDIA_URL + self.file.name

    def used_in(self):
        """Everything that shows this figure: texts that hold its file, pages that have it as their cover."""
        found = {}
        for model in apps.get_models():
            shown = Q(pk=None)
            for each in model._meta.concrete_fields:
                if isinstance(each, RichTextField):
                    shown |= Q(**{f"{each.name}__contains": self.file.name})
                elif each.related_model is Image:
                    shown |= Q(**{each.name: self})
            if shown != Q(pk=None):
                found.update({(model, obj.pk): obj for obj in model._base_manager.filter(shown)})
        return list(found.values())

    def delete(self, *args, **kwargs):
        """Refused while a page shows it; else its files go with it."""
        users = self.used_in()
        if users:
            raise models.ProtectedError(_("This figure is used in: %s") % ", ".join(map(str, users)), set(users))
        result = super().delete(*args, **kwargs)
        transaction.on_commit(partial(images.remove, self))
        return result


class SiteSettings(models.Model):
    """One row: what the site says about itself."""

    name = models.CharField(_("name of the site"), max_length=100, default="Back mice")
    tagline = models.CharField(_("tagline"), max_length=200, blank=True, default="an illustrated review of the literature")
    introduction = models.TextField(
        _("introduction"), blank=True, help_text=_("A few sentences on the first page: what this is.")
    )
    author_name = models.CharField(_("author's name"), max_length=100, default="The author")
    author_credentials = models.CharField(_("credentials"), max_length=200, blank=True, help_text=_("For example: MD, PhD."))
    orcid = models.CharField(_("ORCID"), max_length=19, blank=True, help_text=_("For example: 0000-0002-1825-0097."))
    interests = models.TextField(
        _("funding and interests"),
        blank=True,
        help_text=_("Who pays for the site, and what readers should know of interests."),
    )
    disclaimer = models.TextField(
        _("disclaimer"),
        blank=True,
        default=(
            "What is written here is a reading of articles. It is no substitute for your own doctor, who can examine you."
        ),
        help_text=_("Stands at the foot of every page."),
    )
    contact = models.EmailField(
        _("contact address"), blank=True, help_text=_("Shown on the site. Leave it empty to show none.")
    )
    licence = models.CharField(_("licence of the texts"), max_length=200, blank=True, default="CC BY-NC-ND 4.0")
    project_page = models.CharField(
        _("project page"),
        max_length=300,
        blank=True,
        help_text=_("Address of the page the menu calls “The project”, for example /review/the-project/."),
    )
    front_figure = models.ForeignKey(
        Image, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("figure of the first page")
    )
    stale_after_months = models.PositiveSmallIntegerField(
        _("months until a chapter counts as old"),
        default=24,
        help_text=_("A chapter you have not reviewed for longer says so under its title. 0: none ever does."),
    )
    project_url = models.CharField(max_length=400, blank=True, editable=False)
    # Kept by Announcement, so that showing them costs no query.
    announcements = models.JSONField(editable=False, default=list)

    class Meta:
        verbose_name = _("site settings")
        verbose_name_plural = _("site settings")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="publishing_sitesettings_one_row")]

    def __str__(self):
        return self.name

    @property
    def author_is_named(self):
        """False while she is “The author” to readers, who need no “author” beside that."""
        return self.author_name != self._meta.get_field("author_name").default

    @classmethod
    def load(cls):
        return cls.objects.select_related("front_figure").filter(pk=1).first() or cls(pk=1)

    def clean(self):
        if self.project_page and not self.project_page.startswith("page:") and links.page_at(self.project_page) is None:
            raise ValidationError({"project_page": _("There is no page at this address.")})

    def save(self, *args, **kwargs):
        self.pk = 1
        page = links.page_at(self.project_page) if not self.project_page.startswith("page:") else None
        if page:
            self.project_page = f"page:{page._meta.label_lower}/{page.pk}"
        with transaction.atomic():
            before = SiteSettings.objects.filter(pk=1).values_list("name", "author_name").first()
            self._resolve()
            super().save(*args, **kwargs)
            parsed = links.parse(self.project_page)
            PageLink.objects.record(self, {parsed[:2]} if parsed else set())
            if before != (self.name, self.author_name):
                for model in publishable_models():
                    for page in model._base_manager.all():
                        page.site_changed()

    def _resolve(self):
        page = links.target(self.project_page)
        self.project_url = links.canonical_url(page) if page and page.has_public_address() else ""

    def rerender(self):
        self._resolve()
        super().save(update_fields=["project_url"])


class MenuSection(models.TextChoices):
    """Where an announcement may stand: the words of the menu."""

    REVIEW = "review", _("Review")
    REFERENCES = "references", _("References")
    NAMES = "names", _("Names")
    BLOG = "blog", _("Blog")
    PROJECT = "project", _("The project")


class Announcement(models.Model):
    """One dated line above the pages: all of them, or those of some sections."""

    text = models.CharField(_("text"), max_length=300, help_text=_("One or two plain sentences."))
    address = models.CharField(
        _("link"), max_length=500, blank=True, help_text=_("Where it leads, if anywhere: /blog/… or https://…")
    )
    language = models.CharField(_("language"), max_length=8, choices=PAGE_LANGUAGES, default="en")
    only_its_language = models.BooleanField(
        _("only with menus in this language"),
        default=False,
        help_text=_("For an announcement you write once in each language. Else every reader sees it."),
    )
    sections = models.JSONField(_("sections"), default=list, blank=True, help_text=_("Choose none for the whole site."))
    begins = models.DateTimeField(_("from"), default=timezone.now)
    ends = models.DateTimeField(_("until"), null=True, blank=True, help_text=_("Empty: until you delete it."))

    class Meta:
        ordering = ["-begins", "-pk"]
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")

    def __str__(self):
        return self.text

    def clean(self):
        if self.ends and self.ends <= self.begins:
            raise ValidationError({"ends": _("This is before its beginning.")})
        if self.address and not self.address.startswith(("/", "https://", "http://", "mailto:")):
            raise ValidationError({"address": _("Begin with / for a page of this site, else with https://.")})

    def save(self, *args, **kwargs):
        with transaction.atomic():
            super().save(*args, **kwargs)
            keep_announcements()

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            result = super().delete(*args, **kwargs)
            keep_announcements()
            return result


def keep_announcements():
    """Copy the announcements that have not ended to the settings row, which every page reads anyway."""
    rows = [
        {
            "text": row.text,
            "address": row.address,
            "language": row.language,
            "only": row.only_its_language,
            "sections": row.sections,
            "begins": row.begins.isoformat(),
            "ends": row.ends.isoformat() if row.ends else "",
        }
        for row in Announcement.objects.filter(Q(ends=None) | Q(ends__gt=timezone.now()))
    ]
    SiteSettings.objects.get_or_create(pk=1)
    SiteSettings.objects.filter(pk=1).update(announcements=rows)


class Consent(models.Model):
    """That somebody allowed a private letter to be published. Readers see no more of it than `line()`."""

    who = models.CharField(_("who gave it"), max_length=200, help_text=_("For you alone: name and, if you like, address."))
    shown_as = models.CharField(
        _("shown as"),
        max_length=200,
        help_text=_(
            "How the page names the writer: “the writer”, “a colleague in Lyon”, or the name itself if that was agreed."
        ),
    )
    given = models.DateField(_("given on"))
    scope = models.TextField(
        _("what it covers"), help_text=_("For you alone: what may be published, where, in whose name, and how it was given.")
    )
    withdrawn = models.DateField(
        _("taken back on"), null=True, blank=True, help_text=_("From then on no page shows the letter.")
    )

    class Meta:
        ordering = ["-given", "-pk"]
        verbose_name = _("consent to publish a letter")
        verbose_name_plural = _("consents to publish letters")

    def __str__(self):
        return f"{self.who}, {self.given}"

    def save(self, *args, **kwargs):
        with transaction.atomic():
            super().save(*args, **kwargs)
            self.rerender_letters()

    def delete(self, *args, **kwargs):
        """Refused while a page shows a letter under it."""
        letters = self.letters()
        if letters:
            raise models.ProtectedError(_("A letter stands under it in: %s") % ", ".join(map(str, letters)), set(letters))
        return super().delete(*args, **kwargs)

    def letters(self):
        """The pages that hold a letter under this consent."""
        mark = f'data-consent="{self.pk}"'
        return [page for model in publishable_models() for page in model._default_manager.filter(body__contains=mark)]

    def rerender_letters(self):
        for page in self.letters():
            page.rerender()
            search.index(page)


class RedirectManager(models.Manager):
    def record(self, moved):
        """Keep old addresses: `{address: page}`. An address a page left before leads to the one that left it last."""
        for address, page in moved.items():
            self.update_or_create(path=unquote(address), defaults=of(page, "page"))

    def present_address(self, path):
        """The address the page that once stood at `path` has now; None when nobody may see it."""
        row = self.filter(path=path).prefetch_related("page").first()
        if row is None or row.page is None or not getattr(row.page, "is_public", lambda: True)():
            return None
        address = links.canonical_url(row.page)
        return address if unquote(address) != path else None


class Redirect(models.Model):
    """An address a page once had. It names the page, not an address: however often that moves, one step leads there."""

    path = models.CharField(_("old address"), max_length=1200, unique=True)
    page_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    page_id = models.PositiveBigIntegerField()
    page = GenericForeignKey("page_type", "page_id")
    since = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    objects = RedirectManager()

    class Meta:
        ordering = ["path"]
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")

    def __str__(self):
        return self.path


class IndexEntry(models.Model):
    """One row per public page for search. Written by `publishing.search` alone."""

    page_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    page_id = models.PositiveBigIntegerField()
    page = GenericForeignKey("page_type", "page_id")
    kind = models.CharField(max_length=20)
    language = models.CharField(max_length=8)
    label = models.CharField(max_length=300)
    title = models.TextField()
    text = models.TextField()
    authors = models.TextField(blank=True)
    year = models.SmallIntegerField(null=True, db_index=True)
    url = models.CharField(max_length=1200)
    visible_from = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page_type", "page_id"], name="publishing_indexentry_once")]

    def __str__(self):
        return self.title


class WordGram(models.Model):
    """Three letters of a word that stands in a title or a name, to find words spelt nearly alike."""

    gram = models.CharField(max_length=61)
    word = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gram", "word"], name="publishing_wordgram_once")]

    def __str__(self):
        return f"{self.gram} in {self.word}"
