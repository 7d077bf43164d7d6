"""The works of the library."""

from datetime import date
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models, transaction
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from taggit.managers import TaggableManager

from publishing import search, tasks
from publishing.addresses import reverse
from publishing.languages import country_name, language_name
from publishing.models import (
    NextVersion,
    Redirect,
    delete_page,
    generic_key,
    rerender_later,
    rerender_pages_linking_to,
)
from publishing.richtext import links, plain
from publishing.tags import TagManager, rows_of, searched

from .. import identifiers, pdf
from ..citing import entries
from ..formats import dates
from ..vocabulary import STUDY_DESIGNS, CSLType, ReadingState, Season
from .citation import Citation
from .citedin import cited_in
from .notes import Notes
from .notices import WARNED_OF, Status, status_of
from .people import Authorship, Person
from .sameness import MatchKey

MANY = 100_000
# Pages of the library that stand where a work's page does.
RESERVED = {"compare", "evidence", "export", "methods", "people", "take", "wanted"}

# The facts of a study by which it is found.
SEARCHED = ("patients", "intervention", "comparator", "outcome", "follow_up")


def _design_name(design):
    return str(STUDY_DESIGNS.get(design, design))


@lru_cache(maxsize=1000)
def _in_each_language(name_of, value):
    """What readers of each language call it."""
    if not value:
        return ()
    names = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            names.append(str(name_of(value)))
    return tuple(dict.fromkeys(names))


citekey_validator = RegexValidator(
    r"^[\w][\w:.+-]*$",
    _("A citekey has letters, digits and - _ : . + only, for example sutro1935."),
)


def _exists(year, month, day):
    try:
        return bool(date(year, month, day))
    except ValueError:
        return False


class ReferenceQuerySet(models.QuerySet):
    def cited_by(self, page):
        """The works a page's text cites."""
        return self.filter(
            pk__in=Citation.objects.filter(**generic_key(page, "page")).values("reference")
        )

    def with_people(self):
        """With people in their order, joined: SQLite takes no list of more than a thousand of
        them."""
        return self.prefetch_related(
            models.Prefetch("authorships", Authorship.objects.select_related("person"))
        )


# What a list of works shows of each.
IN_LISTS = (
    "citekey", "type", "title", "original_title", "translated_title", "year", "month", "day",
    "year_approximate", "season", "until", "genre", "full_text_url", "pdf", "pdf_licence",
    "language", "record_note", "comments_open", "status", "authors_short", "where_html", "coins",
    "sort_key",
)  # fmt: skip


class Reference(models.Model):
    """One work of the library: what is known of it, as CSL names it, with formatted forms kept
    beside it."""

    citekey = models.CharField(
        _("citekey"),
        max_length=120,
        unique=True,
        validators=[citekey_validator],
        help_text=_(
            "Its short name in texts and in its address: first author and year, for example"
            " sutro1935."
        ),
    )
    type = models.CharField(
        _("kind of work"),
        max_length=30,
        choices=CSLType.choices,
        default=CSLType.ARTICLE_JOURNAL,
        help_text=_("It decides how the work is cited."),
    )
    title = models.TextField(
        _("title"),
        blank=True,
        help_text=_("As printed, in its own language. Empty if only a translation of it is known."),
    )
    original_title = models.TextField(
        _("title in its own script"),
        blank=True,
        help_text=_("If the title above is a transliteration."),
    )
    translated_title = models.TextField(
        _("translated title"),
        blank=True,
        help_text=_("In English, if the work is in another language."),
    )
    container = models.CharField(
        _("journal or book"), max_length=400, blank=True, help_text=_("Where it appeared, in full.")
    )
    container_short = models.CharField(
        _("abbreviated"),
        max_length=200,
        blank=True,
        help_text=_("The NLM abbreviation, for example Am J Med Sci."),
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
    year_approximate = models.BooleanField(
        _("about that year"), default=False, help_text=_("Shown as c. 1904.")
    )
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
        help_text=_(
            "The end, if it spans several: 1999, 1998-04 or 1998-04-15; 1998-21 to 1998-24 from"
            " spring to winter."
        ),
    )
    volume = models.CharField(
        _("volume"), max_length=50, blank=True, help_text=_("The number of the volume alone: 190.")
    )
    issue = models.CharField(
        _("issue"), max_length=50, blank=True, help_text=_("The number in brackets: 5.")
    )
    pages = models.CharField(
        _("pages"), max_length=100, blank=True, help_text=_("833-837, or an article number.")
    )
    number_of_pages = models.CharField(
        _("number of pages"), max_length=30, blank=True, help_text=_("Of a book or thesis.")
    )
    edition = models.CharField(
        _("edition"), max_length=50, blank=True, help_text=_("2nd, revised. Empty for the first.")
    )
    chapter_number = models.CharField(
        _("chapter number"), max_length=30, blank=True, help_text=_("Of a book chapter.")
    )
    genre = models.CharField(
        _("genre"), max_length=100, blank=True, help_text=_("Thesis, Poster, Letter, Editorial.")
    )
    event = models.CharField(
        _("meeting"),
        max_length=300,
        blank=True,
        help_text=_("For a poster or a lecture: the meeting where it was shown."),
    )
    publisher = models.CharField(
        _("publisher"), max_length=300, blank=True, help_text=_("For a book, a thesis or a report.")
    )
    place = models.CharField(
        _("place"), max_length=200, blank=True, help_text=_("Town of the publisher.")
    )
    doi = models.CharField(
        _("DOI"),
        max_length=300,
        null=True,
        blank=True,
        unique=True,
        help_text=_("Paste it in any form."),
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
    isbn = models.CharField(
        _("ISBN"), max_length=40, blank=True, help_text=_("Of a book, 10 or 13 digits.")
    )
    issn = models.CharField(
        _("ISSN"), max_length=60, blank=True, help_text=_("Of a journal: 0002-9629.")
    )
    # What kind each of them is: “electronic linking”.
    issn_kinds = models.CharField(
        _("kinds of ISSN"), max_length=60, blank=True, editable=False, default=""
    )
    url = models.URLField(
        _("web address"),
        max_length=600,
        blank=True,
        help_text=_("Of the work itself, where it has one."),
    )
    full_text_url = models.URLField(
        _("full text"), max_length=600, blank=True, help_text=_("Where anybody can read it free.")
    )
    pdf = pdf.PdfField(
        _("PDF"),
        storage=pdf.private_storage,
        upload_to=pdf.place,
        blank=True,
        max_length=100,
        help_text=_(
            "Your copy. Readers get it only if you state its licence below; until then it is yours"
            " alone."
        ),
    )
    pdf_licence = models.CharField(
        _("licence of the PDF"),
        max_length=100,
        blank=True,
        help_text=_(
            "Under which it may be given to anybody: CC BY 4.0, public domain. Empty: nobody else"
            " gets it."
        ),
    )
    # Kept by the database, so that the library can count by it from an index alone.
    has_free_text = models.GeneratedField(
        expression=Case(
            When(~Q(full_text_url="") | (~Q(pdf="") & ~Q(pdf_licence="")), then=Value(True)),
            default=Value(False),
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    language = models.CharField(
        _("language"), max_length=8, blank=True, db_index=True, help_text=_("en, es, ca, fr, de …")
    )
    country = models.CharField(
        _("country"),
        max_length=100,
        blank=True,
        db_index=True,
        help_text=_("Two letters (ES, FR, US), or a name for a country of the past."),
    )
    abstract = models.TextField(
        _("abstract"),
        blank=True,
        help_text=_("As printed. Mind the rights: many abstracts belong to a publisher."),
    )
    one_line = models.CharField(
        _("in one sentence"),
        max_length=300,
        blank=True,
        help_text=_(
            "For a reader’s doctor, on the sheet a reader prints. Empty: the first sentence of your"
            " notes."
        ),
    )
    study_design = models.CharField(
        _("study design"),
        max_length=80,
        blank=True,
        db_index=True,
        help_text=_("What kind of study it is."),
    )
    sample_size = models.PositiveIntegerField(
        _("sample size"),
        null=True,
        blank=True,
        help_text=_("How many patients, specimens or studies. Empty: not stated."),
    )
    sample_unit = models.CharField(
        _("counted in"), max_length=80, blank=True, help_text=_("patients, dissections, specimens")
    )
    record_note = models.TextField(
        _("note on the record"),
        blank=True,
        help_text=_("What is uncertain or missing in this record. Public."),
    )
    private_note = models.TextField(
        _("private note"),
        blank=True,
        help_text=_(
            "For you alone: what a file noted beside the work, or what you think of it. No page and"
            " no file has it."
        ),
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
            "All works of this library that it cites are entered below. Then its page says which"
            " earlier ones it does not mention."
        ),
    )
    comments_open = models.BooleanField(
        _("comments open"),
        default=True,
        help_text=_("Whether readers can write under this reference. What is there stays."),
    )
    tags = TaggableManager(
        _("tags"), blank=True, manager=TagManager, help_text=_("Subjects, separated by commas.")
    )
    people = models.ManyToManyField(
        Person, through="Authorship", related_name="references", verbose_name=_("people")
    )
    # Most works are a study of their own and have none.
    study = models.ForeignKey(
        "references.Study",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name=_("study"),
        help_text=_("If several works report on one study."),
    )
    added = models.DateTimeField(_("added"), auto_now_add=True)
    changed = models.DateTimeField(_("changed"), auto_now=True)

    # The gravest of what its notices say; written by refresh().
    status = models.CharField(
        _("status"), max_length=12, choices=Status.choices, blank=True, editable=False
    )
    # Kept forms, written by refresh(): nothing is formatted while somebody reads.
    authors_short = models.TextField(editable=False, blank=True)
    families = models.JSONField(editable=False, null=True, default=None)
    where_html = models.TextField(editable=False, blank=True)
    citation_html = models.TextField(editable=False, blank=True)
    kept_citations = models.JSONField(editable=False, default=dict, blank=True)
    # That the entries in all styles are still to be written; until then a plain one stands in for
    # them.
    citations_due = models.BooleanField(editable=False, default=True)
    # What a list of references links to beside the entry: when it changes, pages are rendered
    # again.
    shown_links = models.TextField(editable=False, blank=True)
    coins = models.TextField(editable=False, blank=True, default="")
    sort_key = models.CharField(max_length=120, editable=False, blank=True)

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
            # All that the counts beside the list need, for references.browsing.counts.
            models.Index(
                fields=[
                    "year",
                    "study_design",
                    "language",
                    "country",
                    "reading_state",
                    "has_free_text",
                    "id",
                ],
                name="references_tally",
            ),
            # What an import brought in and nobody has formatted yet, and books by their number.
            models.Index(
                fields=["id"], condition=Q(citations_due=True), name="references_unformatted"
            ),
            models.Index(fields=["status"], condition=~Q(status=""), name="references_by_status"),
            models.Index(fields=["isbn"], condition=~Q(isbn=""), name="references_by_isbn"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(citekey=""), name="references_reference_has_address"
            ),
            models.CheckConstraint(
                condition=~Q(title="") | ~Q(translated_title="") | ~Q(original_title=""),
                name="references_reference_titled",
            ),
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
        return entries.label(self)

    @property
    def year_text(self):
        if self.year is None:
            return str(_("no year"))
        end = dates.date_of(self).end
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
    def warning(self):
        """“Retracted”, what readers hear before the title; empty for most works."""
        return Status(self.status).label if self.status in WARNED_OF else ""

    @property
    def is_article(self):
        """Whether it should have a periodical to be named, and a reader should hear that none is
        known."""
        return self.type.startswith("article")

    @property
    def free_text(self):
        """Address where anybody can read it: our own copy, where its licence lets us give it, or
        somebody else's."""
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

    tag_rows = property(rows_of)

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
        if self.until and dates.checked(*dates.date_of(self)).until != self.until:
            errors["until"] = _(
                "Give what comes after the date above, as exact as it: 1999, 1998-04 or 1998-04-15."
            )
        if errors:
            raise ValidationError(errors)

    def save(self, *args, **kwargs):
        """Save with identifiers in their one form; `refresh()` follows once the people are in
        place."""
        for name in ("doi", "pmid", "pmcid"):
            setattr(self, name, getattr(identifiers, name)(getattr(self, name) or "") or None)
        self.isbn = identifiers.isbn(self.isbn)
        if self.pdf and self.pdf._committed and not self.pdf.storage.exists(self.pdf.name):
            self.pdf = ""  # an old version came back whose file is gone
        before = (
            Reference.objects.filter(pk=self.pk)
            .exclude(pdf="")
            .values_list("pdf", flat=True)
            .first()
        )
        super().save(*args, **kwargs)
        if before != self.pdf.name:
            pdf.forget(before)
        if (before or "") != (self.pdf.name or ""):
            tasks.enqueue("references.pdf_text", self.pk)

    def delete(self, *args, **kwargs):
        """Refused while a page cites it; its own notes are no such page and go with it."""
        with transaction.atomic():
            for notes in Notes.objects.filter(reference=self):
                notes.delete()
            names = [name for _where, name in self.files_kept()]
            result = delete_page(self, super().delete, *args, **kwargs)
            for name in names:
                pdf.forget(name)
            return result

    def files_kept(self):
        """The files that belong to it, as the trash names them."""
        further = self.further_pdfs.values_list("file", flat=True) if self.pk else ()
        return [["private", name] for name in (self.pdf.name, *further) if name]

    def came_back(self):
        """After the trash: formatted with its people, known to search, its reading state after its
        notes."""
        notes = Notes.objects.filter(reference=self).first()
        if notes:
            notes.follow()
            self.refresh_from_db(fields=["reading_state"])
        self.refresh()

    FORMATTED = (
        "authors_short",
        "families",
        "where_html",
        "citation_html",
        "sort_key",
        "shown_links",
        "coins",
        "status",
    )

    def refresh(self):
        """Format again after a change to the record or its people, and bring every page that cites
        it up to date."""
        with transaction.atomic():
            before = tuple(getattr(self, name) for name in self.FORMATTED)
            self.status = status_of(self.notices.all())
            self._read_people()
            entries.fill(self)
            super().save(update_fields=[*self.FORMATTED, "kept_citations", "citations_due"])
            MatchKey.objects.write([self])
            search.index(self)
            tasks.enqueue("references.citing.entries")
            if before != tuple(getattr(self, name) for name in self.FORMATTED):
                self.rerender_citing_pages()
        self._prefetched_objects_cache = {}

    def _read_people(self):
        """As they are now, once, for all that is made of them."""
        self._prefetched_objects_cache = {}
        people = Authorship.objects.select_related("person")
        models.prefetch_related_objects([self], models.Prefetch("authorships", people))

    def cited_in(self):
        """The citations of it on pages the public sees, its own notes aside, each with its `page`,
        in page order. One query."""
        return cited_in(self.pk)

    def rerender_citing_pages(self):
        rerender_later(sorted(set(self.citations.values_list("page_type_id", "page_id"))))

    def rename(self, citekey):
        """Give it another citekey, in every text that cites it too. They are rendered by tasks."""
        with transaction.atomic():
            old, address = self.citekey, links.canonical_url(self)
            self.citekey = citekey
            super().save(update_fields=["citekey"])
            Redirect.objects.record({address: self})
            for row in self.citations.prefetch_related("page"):
                if row.page is not None:
                    row.page.recite(old, citekey)
            NextVersion.objects.recite(old, citekey)
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

    @classmethod
    def for_index(cls, works):
        notes = models.Prefetch("notes", Notes.objects.published(), to_attr="public_notes")
        return works.prefetch_related(
            notes, "authorships__person", "tags__names", "keywords", "facts"
        )

    def index_text(self):
        titles = " ".join(filter(None, [self.title, self.original_title, self.translated_title]))
        if hasattr(self, "public_notes"):
            notes = self.public_notes
        else:
            notes = Notes.objects.published().filter(reference=self).first()
        text = plain.lines_of(notes.body) if notes else ""
        return titles, f"{text}\n{self.abstract}".strip()

    @property
    def index_summary(self):
        """Where it appeared, and what it is filed under: subjects, design, facts of the study."""
        facts = getattr(self, "facts", None)
        words = [self.container, str(self.year or ""), searched(self.tags.all())]
        words += [getattr(facts, name) for name in SEARCHED] if facts else []
        return "; ".join(
            filter(None, [*words, *_in_each_language(_design_name, self.study_design)])
        )

    @property
    def index_extra(self):
        """What finds it and is no text of it: keywords, identifiers, its language by name."""
        words = [word.text for word in self.keywords.all()]
        words += _in_each_language(language_name, self.language)
        return " ".join(filter(None, [*words, self.doi, self.pmid, self.pmcid, self.citekey]))

    @property
    def index_authors(self):
        rows = self.authorships.all()
        if "authorships" not in getattr(self, "_prefetched_objects_cache", {}):
            rows = rows.select_related("person")
        return ", ".join(authorship.person.name for authorship in rows)

    @property
    def index_year(self):
        return self.year
