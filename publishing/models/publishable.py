"""Pages with a title and an address of their own, which stand in lists; and their translations."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from .. import slugs
from ..tags import TagManager, rows_of
from .page import RichPage, rich_page_models


class Publishable(slugs.Addressed, RichPage):
    """A rich page with a title and an address of its own, which stands in lists: a chapter, a
    post."""

    title = models.CharField(_("title"), max_length=300)
    slug = slugs.field(
        _("The last part of the page's address. Leave it empty to take it from the title."),
        unique=False,
    )
    summary = models.TextField(
        _("summary"),
        blank=True,
        max_length=1000,
        help_text=_("One or two sentences, shown under the title, in lists and in search results."),
    )
    comments_open = models.BooleanField(
        _("comments open"),
        default=True,
        help_text=_("Whether readers can write under this page. What is there stays."),
    )
    tags = TaggableManager(
        _("tags"), blank=True, manager=TagManager, help_text=_("Subjects, separated by commas.")
    )
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
    WORKED_ON = ("title", "summary", *RichPage.WORKED_ON)
    tag_rows = property(rows_of)

    class Meta:
        abstract = True

    def __str__(self):
        return self.title

    def clean(self):
        super().clean()
        if self.translation_of_id:
            self._clean_translation()

    def _clean_translation(self):
        original = self.translation_of.original
        if original.pk == self.pk:
            raise ValidationError({"translation_of": _("A page is no translation of itself.")})
        group = (
            type(self)
            ._default_manager.filter(Q(pk=original.pk) | Q(translation_of=original.pk))
            .exclude(pk=self.pk)
        )
        twin = group.filter(language=self.language).first()
        if twin:
            raise ValidationError(
                {
                    "translation_of": _("“%(title)s” is there in this language already.")
                    % {"title": twin.title}
                }
            )

    @property
    def shown_cover(self):
        """Its cover, unless that was withdrawn."""
        return self.cover if self.cover and not self.cover.withdrawn else None

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

    def save(self, *args, **kwargs):
        with transaction.atomic():
            self.fill_slug()
            self._follow_original()
            super().save(*args, **kwargs)

    def _follow_original(self):
        """Every translation names the original, none another translation."""
        if not self.translation_of_id:
            return
        original = self.translation_of.original
        self.translation_of = None if original.pk == self.pk else original
        if self.pk and self.translation_of:
            type(self)._default_manager.filter(translation_of=self.pk).update(
                translation_of=original.pk
            )

    def index_text(self):
        """`(title, text)` for the search index."""
        return self.title, f"{self.summary}\n{self.public_text}".strip()

    @property
    def index_summary(self):
        return " ".join([self.summary or "", *(heading["text"] for heading in self.contents)])


def publishable_models():
    """Those with a title and an address of their own."""
    return [model for model in rich_page_models() if issubclass(model, Publishable)]
