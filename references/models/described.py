"""What is kept of a work: the fields, each with what the author is told of it."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from publishing.tags import TagManager

from .. import pdf
from ..vocabulary import CSLType, ReadingState, Season
from .notices import Status
from .people import Person

citekey_validator = RegexValidator(
    r"^[\w][\w:.+-]*$",
    _("A citekey has letters, digits and - _ : . + only, for example sutro1935."),
)


class Described(models.Model):
    """For `Reference`: what is known of a work, as CSL names it, with formatted forms kept beside
    it."""

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

    class Meta:
        abstract = True
