from datetime import date

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models, transaction
from django.db.models import Case, Q, Value, When
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from publishing import links, rendering, richtext, search
from publishing.fields import RichTextField
from publishing.languages import country_name, language_name
from publishing.models import (
    PageLink,
    Publishable,
    PublishableQuerySet,
    Redirect,
    SiteSettings,
    delete_page,
    of,
    rerender_pages_linking_to,
)

from . import citations, citing, identifiers, pdf
from .formats import dates
from .vocabulary import STUDY_DESIGNS, CSLType, ReadingState, Role, Season

MANY = 100_000
# Pages of the library that stand where a work's page does.
RESERVED = {"evidence", "people", "take", "wanted"}

citekey_validator = RegexValidator(
    r"^[\w][\w:.+-]*$", _("A citekey has letters, digits and - _ : . + only, for example sutro1935.")
)


def _exists(year, month, day):
    try:
        return bool(date(year, month, day))
    except ValueError:
        return False


def _recite(html, old, new):
    return html.replace(f'data-cite="{old}"', f'data-cite="{new}"')


class PersonQuerySet(models.QuerySet):
    def published(self):
        """Everybody in the library is public."""
        return self.all()


class Person(models.Model):
    family = models.CharField(_("family name"), max_length=150, help_text=_("With its particle: van der Berg."))
    given = models.CharField(
        _("given names"), max_length=150, blank=True, help_text=_("In full or as initials: William S. C.")
    )
    suffix = models.CharField(_("suffix"), max_length=20, blank=True, help_text=_("Jr, III."))
    literal = models.BooleanField(
        _("an organisation"), default=False, help_text=_("The name is written as it stands, never shortened.")
    )
    slug = models.SlugField(
        _("address"),
        max_length=160,
        unique=True,
        allow_unicode=True,
        blank=True,
        help_text=_("The last part of the address of the person's page. Leave it empty to take it from the name."),
    )
    born = models.PositiveSmallIntegerField(_("born"), null=True, blank=True, help_text=_("Year."))
    died = models.PositiveSmallIntegerField(_("died"), null=True, blank=True, help_text=_("Year."))
    orcid = models.CharField(
        _("ORCID"),
        max_length=19,
        blank=True,
        help_text=_("The number that tells one researcher from another, for example 0000-0002-1825-0097."),
    )
    biography = RichTextField(_("biography"), blank=True, help_text=_("Shown on the person's page."))
    biography_html = models.TextField(editable=False, blank=True)
    references_html = models.TextField(editable=False, blank=True)

    objects = PersonQuerySet.as_manager()

    # The author writes of people in one language; the interface around it is translated.
    language = settings.LANGUAGE_CODE

    class Meta:
        ordering = ["family", "given", "pk"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes = [models.Index(fields=["family", "given"], name="references_person_name")]

    def __str__(self):
        return ", ".join(part for part in (self.family, self.given, self.suffix) if part)

    @property
    def name(self):
        return " ".join(part for part in (self.given, self.family, self.suffix) if part)

    @property
    def short(self):
        """“Copeman WSC”, as lists and citations have it."""
        return citations.short_name(self.family, self.given, self.suffix, self.literal)

    @property
    def life(self):
        if not (self.born or self.died):
            return ""
        return f"{self.born or '?'}–{self.died or ''}"

    def clean(self):
        try:
            self.orcid = identifiers.orcid(self.orcid)
        except identifiers.BadIdentifier as error:
            raise ValidationError({"orcid": str(error)}) from None
        if self.born and self.died and self.died < self.born:
            raise ValidationError({"died": _("This is before the year of birth.")})

    def save(self, *args, **kwargs):
        """Save with the biography rendered, as a page's text is."""
        if not self.slug:
            self.slug = self._free_slug()
        with transaction.atomic():
            before = Person.objects.filter(pk=self.pk).first() if self.pk else None
            self.biography = links.to_stored(richtext.clean(self.biography))
            found = self._render()
            super().save(*args, **kwargs)
            self._record(*found)
            search.index(self)
            if before and before.slug != self.slug:
                Redirect.objects.record({links.canonical_url(before): self})
                rerender_pages_linking_to([self])

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            Citation.objects.filter(**of(self, "page")).delete()
            return delete_page(self, super().delete, *args, **kwargs)

    def rerender(self):
        found = self._render()
        super().save(update_fields=["biography_html", "references_html"])
        self._record(*found)

    def _render(self):
        cited = citing.CitationPass(self.language)
        rendered = rendering.render(self.biography, language=self.language, passes=(cited,))
        self.biography_html, self.references_html = rendered.html, cited.references_html()
        return rendered, cited

    def _record(self, rendered, cited):
        PageLink.objects.record(self, rendered.targets)
        Citation.objects.record(self, cited)

    def recite(self, old, new):
        self.biography = _recite(self.biography, old, new)
        self.save()

    def refresh_works(self):
        """Format the works again after a change of the name."""
        for reference in self.references.distinct():
            reference.refresh()

    def _free_slug(self):
        base = slugify(self.name, allow_unicode=True)[:150] or "person"
        slug, number = base, 2
        while Person.objects.filter(slug=slug).exclude(pk=self.pk).exists():
            slug, number = f"{base}-{number}", number + 1
        return slug

    def get_absolute_url(self):
        return reverse("references:person", args=[self.slug])

    def card_words(self):
        return {"title": self.name}

    def has_public_address(self):
        return True

    def index_kind(self):
        return "person"

    def index_text(self):
        return self.name, richtext.text_of(self.biography)

    @property
    def index_authors(self):
        return self.name


class ReferenceQuerySet(models.QuerySet):
    def cited_by(self, page):
        """The works a page's text cites."""
        return self.filter(pk__in=Citation.objects.filter(**of(page, "page")).values("reference"))

    def with_people(self):
        """With people in their order, joined: SQLite takes no list of more than a thousand of them."""
        return self.prefetch_related(models.Prefetch("authorships", Authorship.objects.select_related("person")))


class Reference(models.Model):
    """One work of the library: what is known of it, as CSL names it, with formatted forms kept beside it."""

    citekey = models.CharField(
        _("citekey"),
        max_length=120,
        unique=True,
        validators=[citekey_validator],
        help_text=_("Its short name in texts and in its address: first author and year, for example sutro1935."),
    )
    type = models.CharField(
        _("kind of work"),
        max_length=30,
        choices=CSLType.choices,
        default=CSLType.ARTICLE_JOURNAL,
        help_text=_("It decides how the work is cited."),
    )
    title = models.TextField(
        _("title"), blank=True, help_text=_("As printed, in its own language. Empty if only a translation of it is known.")
    )
    original_title = models.TextField(
        _("title in its own script"), blank=True, help_text=_("If the title above is a transliteration.")
    )
    translated_title = models.TextField(
        _("translated title"), blank=True, help_text=_("In English, if the work is in another language.")
    )
    container = models.CharField(
        _("journal or book"), max_length=400, blank=True, help_text=_("Where it appeared, in full.")
    )
    container_short = models.CharField(
        _("abbreviated"), max_length=200, blank=True, help_text=_("The NLM abbreviation, for example Am J Med Sci.")
    )
    year = models.SmallIntegerField(
        _("year"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1000), MaxValueValidator(2200)],
        db_index=True,
        help_text=_("Of publication. Empty if nobody knows."),
    )
    month = models.PositiveSmallIntegerField(
        _("month"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
        help_text=_("1 to 12. Leave it empty if only the year is known."),
    )
    day = models.PositiveSmallIntegerField(
        _("day"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(31)],
        help_text=_("Of the issue or the publication, if it is known."),
    )
    year_approximate = models.BooleanField(_("about that year"), default=False, help_text=_("Shown as c. 1904."))
    season = models.PositiveSmallIntegerField(
        _("season"),
        null=True,
        blank=True,
        choices=Season.choices,
        help_text=_("Of an issue that names one instead of a month."),
    )
    until = models.CharField(
        _("until"),
        max_length=10,
        blank=True,
        help_text=_("The end, if it spans several: 1999, 1998-04 or 1998-04-15; 1998-21 to 1998-24 from spring to winter."),
    )
    volume = models.CharField(_("volume"), max_length=50, blank=True, help_text=_("The number of the volume alone: 190."))
    issue = models.CharField(_("issue"), max_length=50, blank=True, help_text=_("The number in brackets: 5."))
    pages = models.CharField(_("pages"), max_length=100, blank=True, help_text=_("833-837, or an article number."))
    number_of_pages = models.CharField(_("number of pages"), max_length=30, blank=True, help_text=_("Of a book or thesis."))
    edition = models.CharField(_("edition"), max_length=50, blank=True, help_text=_("2nd, revised. Empty for the first."))
    chapter_number = models.CharField(_("chapter number"), max_length=30, blank=True, help_text=_("Of a book chapter."))
    genre = models.CharField(_("genre"), max_length=100, blank=True, help_text=_("Thesis, Poster, Letter, Editorial."))
    event = models.CharField(
        _("meeting"), max_length=300, blank=True, help_text=_("For a poster or a lecture: the meeting where it was shown.")
    )
    publisher = models.CharField(
        _("publisher"), max_length=300, blank=True, help_text=_("For a book, a thesis or a report.")
    )
    place = models.CharField(_("place"), max_length=200, blank=True, help_text=_("Town of the publisher."))
    doi = models.CharField(
        _("DOI"), max_length=300, null=True, blank=True, unique=True, help_text=_("Paste it in any form.")
    )
    pmid = models.CharField(
        _("PMID"),
        max_length=40,
        null=True,
        blank=True,
        unique=True,
        help_text=_("The number PubMed gives it. Paste it in any form."),
    )
    pmcid = models.CharField(
        _("PMCID"),
        max_length=40,
        null=True,
        blank=True,
        unique=True,
        help_text=_("The number PubMed Central gives it: PMC2441105."),
    )
    nlm_id = models.CharField(
        _("NLM ID"),
        max_length=30,
        blank=True,
        help_text=_("Of the journal or book in the catalogue of the National Library of Medicine."),
    )
    isbn = models.CharField(_("ISBN"), max_length=40, blank=True, help_text=_("Of a book, 10 or 13 digits."))
    issn = models.CharField(_("ISSN"), max_length=60, blank=True, help_text=_("Of a journal: 0002-9629."))
    url = models.URLField(_("web address"), max_length=600, blank=True, help_text=_("Of the work itself, where it has one."))
    full_text_url = models.URLField(
        _("full text"), max_length=600, blank=True, help_text=_("Where anybody can read it free.")
    )
    pdf = pdf.PdfField(
        _("PDF"),
        storage=pdf.private_storage,
        upload_to=pdf.place,
        blank=True,
        max_length=100,
        help_text=_("Your copy. Readers get it only if you state its licence below; until then it is yours alone."),
    )
    pdf_licence = models.CharField(
        _("licence of the PDF"),
        max_length=100,
        blank=True,
        help_text=_("Under which it may be given to anybody: CC BY 4.0, public domain. Empty: nobody else gets it."),
    )
    # Kept by the database, so that the library can count by it from an index alone.
    has_free_text = models.GeneratedField(
        expression=Case(
            When(~Q(full_text_url="") | (~Q(pdf="") & ~Q(pdf_licence="")), then=Value(True)), default=Value(False)
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    language = models.CharField(_("language"), max_length=8, blank=True, db_index=True, help_text=_("en, es, ca, fr, de …"))
    country = models.CharField(
        _("country"),
        max_length=100,
        blank=True,
        db_index=True,
        help_text=_("Two letters (ES, FR, US), or a name for a country of the past."),
    )
    abstract = models.TextField(
        _("abstract"), blank=True, help_text=_("As printed. Mind the rights: many abstracts belong to a publisher.")
    )
    one_line = models.CharField(
        _("in one sentence"),
        max_length=300,
        blank=True,
        help_text=_("For a reader’s doctor, on the sheet a reader prints. Empty: the first sentence of your notes."),
    )
    study_design = models.CharField(
        _("study design"), max_length=80, blank=True, db_index=True, help_text=_("What kind of study it is.")
    )
    sample_size = models.PositiveIntegerField(
        _("sample size"), null=True, blank=True, help_text=_("How many patients, specimens or studies. Empty: not stated.")
    )
    sample_unit = models.CharField(
        _("counted in"), max_length=80, blank=True, help_text=_("patients, dissections, specimens")
    )
    record_note = models.TextField(
        _("note on the record"), blank=True, help_text=_("What is uncertain or missing in this record. Public.")
    )
    reading_state = models.CharField(
        _("reading"),
        max_length=16,
        choices=ReadingState.choices,
        default=ReadingState.IN_HAND,
        db_index=True,
        help_text=_("Where you are with it. Once there are notes it follows them by itself."),
    )
    cites_checked = models.BooleanField(
        _("list of references gone through"),
        default=False,
        help_text=_(
            "All works of this library that it cites are entered below. Then its page says which earlier ones it does not "
            "mention."
        ),
    )
    comments_open = models.BooleanField(
        _("comments open"), default=True, help_text=_("Whether readers can write under this reference. What is there stays.")
    )
    tags = TaggableManager(_("tags"), blank=True, help_text=_("Subjects, separated by commas."))
    people = models.ManyToManyField(Person, through="Authorship", related_name="references", verbose_name=_("people"))
    added = models.DateTimeField(_("added"), auto_now_add=True)
    changed = models.DateTimeField(_("changed"), auto_now=True)

    # Kept forms, written by refresh(): nothing is formatted while somebody reads.
    authors_short = models.TextField(editable=False, blank=True)
    families = models.JSONField(editable=False, null=True, default=None)
    where_html = models.TextField(editable=False, blank=True)
    citation_html = models.TextField(editable=False, blank=True)
    kept_citations = models.JSONField(editable=False, default=dict, blank=True)
    # What a list of references links to beside the entry: when it changes, pages are rendered again.
    shown_links = models.TextField(editable=False, blank=True)
    sort_key = models.CharField(max_length=120, editable=False, blank=True)
    # Title, year and first author, folded: by it a record without identifiers is known again.
    match_key = models.CharField(max_length=32, editable=False, blank=True, db_index=True)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        ordering = ["year", "sort_key", "pk"]
        verbose_name = _("reference")
        verbose_name_plural = _("references")
        # The orders of the library's list, so that its first page is read and not sorted.
        indexes = [
            models.Index(fields=["year", "sort_key", "id"], name="references_by_year"),
            models.Index(fields=["sort_key", "year", "id"], name="references_by_author"),
            models.Index(fields=["-added", "-id"], name="references_by_added"),
            models.Index(fields=["-changed", "-id"], name="references_by_changed"),
            # All that the counts beside the list need, for references.tally.
            models.Index(
                fields=["year", "study_design", "language", "country", "reading_state", "has_free_text", "id"],
                name="references_tally",
            ),
            # What an import brought in and nobody has formatted yet, and books by their number.
            models.Index(fields=["id"], condition=Q(citation_html=""), name="references_unformatted"),
            models.Index(fields=["isbn"], condition=~Q(isbn=""), name="references_by_isbn"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") | ~Q(translated_title="") | ~Q(original_title=""), name="references_reference_titled"
            )
        ]

    def __str__(self):
        return f"{self.label}: {self.display_title}"

    @property
    def display_title(self):
        return self.title or self.original_title or f"[{self.translated_title}]"

    @property
    def title_language(self):
        """`lang` of the displayed title: a bracketed translation is English."""
        return self.language or "en" if self.title or self.original_title else "en"

    @property
    def label(self):
        """“Copeman 1944”, “Copeman and Ackerman 1944”, “Baciu and others 1968”."""
        return citations.label(self)

    @property
    def year_text(self):
        if self.year is None:
            return str(_("no year"))
        end = dates.of(self).end
        year = f"{self.year}–{end[0]}" if end and end[0] > self.year else str(self.year)
        return f"c. {year}" if self.year_approximate else year

    @property
    def language_label(self):
        return language_name(self.language)

    @property
    def country_label(self):
        return country_name(self.country)

    @property
    def design_label(self):
        return STUDY_DESIGNS.get(self.study_design, self.study_design)

    @property
    def is_article(self):
        """Whether it should have a periodical to be named, and a reader should hear that none is known."""
        return self.type.startswith("article")

    @property
    def free_text(self):
        """Address where anybody can read it: our own copy, where its licence lets us give it, or somebody else's."""
        return self.pdf.url if self.pdf and self.pdf_licence else self.full_text_url

    @property
    def decade(self):
        return None if self.year is None else self.year // 10 * 10

    @property
    def issued_iso(self):
        """The date as far as it is known: 1945, 1945-07, 1945-07-28; empty if no year is."""
        if self.year is None:
            return ""
        parts = [f"{self.year:04d}"]
        if self.month:
            parts.append(f"{self.month:02d}")
            if self.day:
                parts.append(f"{self.day:02d}")
        return "-".join(parts)

    @property
    def decade_end(self):
        return None if self.year is None else self.decade + 9

    def get_absolute_url(self):
        return reverse("references:reference", args=[self.citekey])

    def card_words(self):
        """What the shared picture says of a work that is somebody else's."""
        where = self.container_short or self.container or self.publisher
        return {
            "number": str(self.year or ""),
            "title": self.display_title,
            "foot": f"{self.label}. {where}".removesuffix(". "),
        }

    def has_public_address(self):
        return True

    def is_public(self):
        return True

    def clean(self):
        super().clean()
        errors = {}
        for name in ("doi", "pmid", "pmcid", "isbn"):
            try:
                value = getattr(identifiers, name)(getattr(self, name) or "")
            except identifiers.BadIdentifier as error:
                errors[name] = str(error)
            else:
                setattr(self, name, value or (None if name != "isbn" else ""))
        if self.citekey in RESERVED:
            errors["citekey"] = _("The library has a page of this name; choose another citekey.")
        if not (self.title or self.original_title or self.translated_title):
            errors["title"] = _("Give the title, or a translation of it below.")
        if self.day and not self.month:
            errors["month"] = _("A day needs its month.")
        elif self.day and not _exists(self.year or 2000, self.month, self.day):
            errors["day"] = _("That month has no such day.")
        if self.month and self.season:
            errors["season"] = _("Give the month or the season.")
        if self.until and dates.checked(*dates.of(self)).until != self.until:
            errors["until"] = _("Give what comes after the date above, as exact as it: 1999, 1998-04 or 1998-04-15.")
        if errors:
            raise ValidationError(errors)

    def save(self, *args, **kwargs):
        """Save with identifiers in their one form; `refresh()` follows once the people are in place."""
        for name in ("doi", "pmid", "pmcid"):
            setattr(self, name, getattr(identifiers, name)(getattr(self, name) or "") or None)
        self.isbn = identifiers.isbn(self.isbn)
        if self.pdf and self.pdf._committed and not self.pdf.storage.exists(self.pdf.name):
            self.pdf = ""  # an old version came back whose file is gone
        before = Reference.objects.filter(pk=self.pk).exclude(pdf="").values_list("pdf", flat=True).first()
        super().save(*args, **kwargs)
        if before != self.pdf.name:
            pdf.forget(before)

    def delete(self, *args, **kwargs):
        """Refused while a page cites it; its own notes are no such page and go with it."""
        with transaction.atomic():
            for notes in Notes.objects.filter(reference=self):
                notes.delete()
            name = self.pdf.name
            result = delete_page(self, super().delete, *args, **kwargs)
            pdf.forget(name)
            return result

    FORMATTED = ("authors_short", "families", "where_html", "citation_html", "sort_key", "shown_links")

    def refresh(self):
        """Format again after a change to the record or its people, and bring every page that cites it up to date."""
        with transaction.atomic():
            before = tuple(getattr(self, name) for name in self.FORMATTED)
            citations.fill(self)
            super().save(update_fields=[*self.FORMATTED, "kept_citations", "match_key"])
            search.index(self)
            if before != tuple(getattr(self, name) for name in self.FORMATTED):
                self.rerender_citing_pages()

    def cited_in(self):
        """The citations of it on pages the public sees, its own notes aside, each with its `page`, in page order."""
        rows = {}
        for row in self.citations.all():
            rows.setdefault(row.page_type_id, {})[row.page_id] = row
        found = []
        for kind, by_page in rows.items():
            model = ContentType.objects.get_for_id(kind).model_class()
            if not getattr(model, "is_page", True):
                continue
            pages = model._default_manager.published().filter(pk__in=by_page)
            if model is Notes:
                # Their address and name are their reference's.
                pages = pages.select_related("reference")
            for page in pages:
                if self._is_own_notes(page):
                    continue
                by_page[page.pk].page = page
                found.append(by_page[page.pk])
        return found

    def rerender_citing_pages(self):
        pages = {(row.page_type_id, row.page_id): row.page for row in self.citations.prefetch_related("page")}
        for page in pages.values():
            if page is not None:
                page.rerender()

    def rename(self, citekey):
        """Give it another citekey, in every text that cites it too."""
        with transaction.atomic():
            old, address = self.citekey, links.canonical_url(self)
            self.citekey = citekey
            super().save(update_fields=["citekey"])
            Redirect.objects.record({address: self})
            for row in self.citations.prefetch_related("page"):
                if row.page is not None:
                    row.page.recite(old, citekey)
            self.refresh()
            rerender_pages_linking_to([self])

    def number_people(self):
        """Count the positions from 1; 0 stands for “last”."""
        rows = sorted(self.authorships.all(), key=lambda row: (row.position or MANY, row.pk))
        for position, row in enumerate(rows, 1):
            if row.position != position:
                Authorship.objects.filter(pk=row.pk).update(position=position)

    def citations_elsewhere(self):
        """The citations on any page but its own notes, whoever may see it, each with its `page`."""
        rows = self.citations.prefetch_related("page")
        return [row for row in rows if row.page is not None and not self._is_own_notes(row.page)]

    def _is_own_notes(self, page):
        return isinstance(page, Notes) and page.reference_id == self.pk

    def index_kind(self):
        return "reference"

    @property
    def index_label(self):
        return self.year_text

    def index_text(self):
        titles = " ".join(filter(None, [self.title, self.original_title, self.translated_title]))
        tags = " ".join(tag.name for tag in self.tags.all())
        notes = Notes.objects.published().filter(reference=self).first()
        text = richtext.text_of(notes.body) if notes else ""
        ids = " ".join(filter(None, [self.doi, self.pmid, self.pmcid, self.citekey]))
        where = f"{self.container} {self.year or ''}".strip()
        return titles, f"{self.index_authors}. {where}. {text} {self.abstract} {tags} {ids}"

    @property
    def index_authors(self):
        rows = self.authorships.all()
        if "authorships" not in getattr(self, "_prefetched_objects_cache", {}):
            rows = rows.select_related("person")
        return ", ".join(authorship.person.name for authorship in rows)

    @property
    def index_year(self):
        return self.year


class Authorship(models.Model):
    reference = models.ForeignKey(Reference, models.CASCADE, related_name="authorships")
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="authorships",
        verbose_name=_("person"),
        help_text=_("Type a few letters of the name. The plus adds somebody new."),
    )
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.AUTHOR)
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Order in which the names stand. Leave it 0 to come last.")
    )

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("author, editor or translator")
        verbose_name_plural = _("authors, editors and translators")
        constraints = [models.UniqueConstraint(fields=["reference", "person", "role"], name="references_authorship_once")]

    def __str__(self):
        return f"{self.person} ({self.get_role_display()})"


class Citing(Publishable):
    """A page that cites the library: [3] in the text, the list of what it cites at its end."""

    references_html = models.TextField(editable=False, blank=True)
    # What is cited, in few words, for what machines read of a page.
    cited = models.JSONField(editable=False, default=list)
    # How to cite this page itself, in every style.
    cited_as = models.JSONField(editable=False, default=dict, blank=True)

    class Meta:
        abstract = True

    RENDERED = (*Publishable.RENDERED, "references_html", "cited")

    def render_body(self):
        self._citations = citing.CitationPass(self.language)
        rendered = super().render_body()
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
        return (self._citations,)

    def after_render(self, rendered):
        super().after_render(rendered)
        Citation.objects.record(self, self._citations)
        self.keep_own_citation()

    def keep_own_citation(self):
        """How to cite this page, in every style: written when it or the site's name changes, never while reading."""
        if self.cited_as is None or not self.has_address():
            return
        site = SiteSettings.load()
        address = settings.SITE_URL + links.canonical_url(self)
        cited = citations.of_page(self, author=site.author_name, site_name=site.name, address=address)
        if cited != self.cited_as:
            self.cited_as = cited
            type(self)._base_manager.filter(pk=self.pk).update(cited_as=cited)

    def has_address(self):
        """Whether it has one yet: a chapter gets its own from its place, after it is saved."""
        return True

    def site_changed(self):
        self.keep_own_citation()

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            Citation.objects.filter(**of(self, "page")).delete()
            return super().delete(*args, **kwargs)

    def recite(self, old, new):
        """Cite under another citekey; the date of the last work stays."""
        self.body = _recite(self.body, old, new)
        self.save(updated=self.updated)

    @property
    def unknown_citekeys(self):
        """Citekeys in the text that the library does not hold; the page shows [?] there."""
        return citing.unknown(self.body)

    @property
    def cited_count(self):
        return self.references_html.count("<li")


class CitationManager(models.Manager):
    def record(self, page, found):
        """Replace what is recorded of `page` by the citations one rendering found."""
        self.filter(**of(page, "page")).delete()
        self.bulk_create(
            Citation(**of(page, "page"), reference=reference, number=number, places=places)
            for reference, number, places in found.cited()
        )


class Citation(models.Model):
    """That a page cites a reference, as which number and where. A cited reference cannot be deleted."""

    page_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    page_id = models.PositiveBigIntegerField()
    page = GenericForeignKey("page_type", "page_id")
    reference = models.ForeignKey(Reference, models.PROTECT, related_name="citations")
    number = models.PositiveIntegerField()
    places = models.JSONField(default=list)

    objects = CitationManager()

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        constraints = [
            models.UniqueConstraint(fields=["page_type", "page_id", "reference"], name="references_citation_once")
        ]

    def __str__(self):
        return f"[{self.number}] {self.page}"

    def places_in_page(self):
        """`(letter, address)` of every place that cites it, lettered as in the page's own list."""
        address = self.page.get_absolute_url().partition("#")[0]
        return [(citing.letter(index), f"{address}#{anchor}") for index, anchor in enumerate(self.places, 1)]


class Notes(Citing):
    """The author's notes on one reference: a page of its own, shown at the reference's address."""

    title = None
    slug = None
    summary = None
    tags = None
    cover = None
    comments_open = None
    translation_of = None
    translation_of_id = None
    reference = models.OneToOneField(Reference, models.CASCADE, related_name="notes", verbose_name=_("reference"))

    objects = PublishableQuerySet.as_manager()
    WORKED_ON = ("body", "state")
    cited_as = None

    class Meta:
        verbose_name = _("notes on a reference")
        verbose_name_plural = _("notes on references")

    def __str__(self):
        return str(_("Notes on %(reference)s") % {"reference": self.reference.label})

    def get_absolute_url(self):
        return self.reference.get_absolute_url() + "#notes"

    def save(self, *args, **kwargs):
        with transaction.atomic():
            super().save(*args, **kwargs)
            self.follow()

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            result = super().delete(*args, **kwargs)
            self.reference.reading_state = ReadingState.READ
            models.Model.save(self.reference, update_fields=["reading_state"])
            self.reference.refresh()
            self.reference.rerender_citing_pages()
            return result

    def follow(self):
        """The reference's reading state, marks and search row follow its notes."""
        reference = self.reference
        state = ReadingState.NOTES_PUBLISHED if self.has_public_address() else ReadingState.NOTES_DRAFTED
        if self.body and reference.reading_state != state:
            reference.reading_state = state
            models.Model.save(reference, update_fields=["reading_state"])
            reference.rerender_citing_pages()
        search.index(reference)

    def index_kind(self):
        """None of its own once they are public: search finds notes with their reference."""
        return "" if self.is_public() else "notes"

    def index_text(self):
        return self.reference.display_title, richtext.text_of(self.body)

    @property
    def index_authors(self):
        return self.reference.index_authors

    @property
    def index_year(self):
        return self.reference.year


# These name `Reference` by its label, so that nothing depends on which module is read first.
from .evidence import StudyFacts  # noqa: E402
from .lineage import Cites  # noqa: E402
from .names import Condition, Name, NameUse  # noqa: E402
from .pending import LookupAnswer, LookupTurn, PendingImport, PendingRecord  # noqa: E402

__all__ = [
    "Authorship", "Citation", "Cites", "Citing", "Condition", "LookupAnswer", "LookupTurn", "Name", "NameUse", "Notes",
    "PendingImport", "PendingRecord", "Person", "Reference", "StudyFacts",
]  # fmt: skip
