"""Pages that cite the library, and what is recorded of it."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import F, Value
from django.db.models.functions import Replace
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publishing.models import Publishable, RichPage, SiteSettings, generic_key
from publishing.richtext import links

from .. import explaining
from ..citing import own, rendering

# How a stored text cites: the attribute, and the words that stand for it in the editor.
MARKS = ('data-cite="{}"', ">[{}]</span>")


def recite(page, field, old, new, marks=MARKS):
    """Write one citekey for another into a stored text, by the database: what was saved meanwhile
    is not written over, and nothing is rendered; that follows by tasks."""
    text = F(field)
    for mark in marks:
        text = Replace(text, Value(mark.format(old)), Value(mark.format(new)))
    type(page)._base_manager.filter(pk=page.pk).update(**{field: text})


class CitationManager(models.Manager):
    def record(self, page, found):
        """Replace what is recorded of `page` by the citations one rendering found."""
        kept = self.filter(**generic_key(page, "page"))
        rows = [(reference.pk, number, places) for reference, number, places in found.cited()]
        if sorted(kept.values_list("reference_id", "number", "places")) == sorted(rows):
            return
        kept.delete()
        self.bulk_create(
            Citation(
                **generic_key(page, "page"), reference_id=reference, number=number, places=places
            )
            for reference, number, places in rows
        )


class Citation(models.Model):
    """That a page cites a reference, as which number and where. A cited reference cannot be
    deleted."""

    page_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    page_id = models.PositiveBigIntegerField()
    page = GenericForeignKey("page_type", "page_id")
    reference = models.ForeignKey("references.Reference", models.PROTECT, related_name="citations")
    number = models.PositiveIntegerField()
    places = models.JSONField(default=list)

    objects = CitationManager()

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        constraints = [
            models.UniqueConstraint(
                fields=["page_type", "page_id", "reference"], name="references_citation_once"
            )
        ]

    def __str__(self):
        return f"[{self.number}] {self.page}"


class Citing(RichPage):
    """A page that cites the library: [3] in the text, the list of what it cites at its end."""

    references_html = models.TextField(editable=False, blank=True)
    # What is cited, in few words, for what machines read of a page.
    cited = models.JSONField(editable=False, default=list)

    # By what it is named where a work says what cites it; see `citedin`.
    NAMED = ("language",)

    # Its words are explained where they stand, by the glossary and the register of names.
    EXPLAINS = True

    class Meta:
        abstract = True

    RENDERED = (*RichPage.RENDERED, "references_html", "cited")
    COMPUTED = (*RichPage.COMPUTED, "_citations")

    def render_body(self, root=None):
        self._citations = rendering.CitationPass(self.language, self)
        self._pictures = rendering.picture_pass()
        rendered = super().render_body(root)
        if self._pictures.drawn:
            rendered.targets.add(self._pictures.TARGET)
        self.references_html = self._citations.references_html()
        self.cited = [
            {
                "title": reference.display_title,
                "authors": reference.authors_short,
                "year": reference.year,
                "doi": reference.doi,
            }
            for reference, _number, _places in self._citations.cited()
        ]
        return rendered

    def render_passes(self):
        return (self._citations, explaining.Explained(self.language), self._pictures)

    def after_render(self, rendered, before):
        super().after_render(rendered, before)
        Citation.objects.record(self, self._citations)

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            Citation.objects.filter(**generic_key(self, "page")).delete()
            return super().delete(*args, **kwargs)

    def recite(self, old, new):
        """Cite under another citekey."""
        recite(self, "body", old, new)

    @property
    def unknown_citekeys(self):
        """Citekeys in the text that the library does not hold; the page shows [?] there."""
        return rendering.unknown(self.body)


class CitingPage(Citing, Publishable):
    """A page of its own that cites the library, and can be cited itself."""

    NAMED = ("language", "title", "slug")

    # How to cite it, in every style.
    cited_as = models.JSONField(editable=False, default=dict, blank=True)

    class Meta:
        abstract = True

    def after_render(self, rendered, before):
        super().after_render(rendered, before)
        if before is None or not self._still_cited_as(before):
            self.keep_own_citation()

    def _still_cited_as(self, before):
        """Whether the page's own citation as kept is right for the page as it is now; a new name of
        the site is the business of `site_changed()`."""
        pages = [
            (
                str(page),
                timezone.localdate(page.updated),
                page.first_published,
                page.language,
                page.has_address(),
            )
            for page in (before, self)
        ]
        if not self.cited_as or pages[0] != pages[1]:
            return False
        address = own.SITE + links.canonical_url(self)
        return any(address in citation for citation in self.cited_as.values())

    def keep_own_citation(self):
        """How to cite this page, in every style: written when it or the site's name changes, never
        while reading."""
        if not self.has_address():
            return
        name, author = SiteSettings.names()
        path = links.canonical_url(self)
        cited = own.of_page(self, author=author, site_name=name, path=path)
        if cited != self.cited_as:
            self.cited_as = cited
            type(self)._base_manager.filter(pk=self.pk).update(cited_as=cited)

    def has_address(self):
        """Whether it has one yet: a chapter gets its own from its place, after it is saved."""
        return True

    def site_changed(self):
        self.keep_own_citation()

    @classmethod
    def renew_old_citations(cls):
        """Write again those that were stored with the address of the site in them."""
        stored = cls._base_manager.exclude(cited_as={}).values_list("pk", "cited_as")
        old = [pk for pk, kept in stored.iterator() if own.SITE not in str(kept)]
        for page in cls._base_manager.filter(pk__in=old).iterator():
            page.keep_own_citation()
