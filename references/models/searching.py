"""What is searched for and when; each search that was run; what it found. The words are those of
PRISMA: a *record* (here `Hit`) is one title found by one source, a *report* a work about a *study*.
"""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..formats.records import from_dict

# Of one run: PubMed gives no more, and nobody screens more.
MOST_HITS = 10_000


class Study(models.Model):
    """What several works report on; a work without one is a study of its own."""

    name = models.CharField(
        _("name"), max_length=200, help_text=_("As the field calls it: its name, place or years.")
    )

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("study with several reports")
        verbose_name_plural = _("studies with several reports")

    def __str__(self):
        return self.name


class Source(models.TextChoices):
    """What the site asks by itself."""

    PUBMED = "pubmed", "PubMed"
    EUROPEPMC = "europepmc", "Europe PMC"
    CROSSREF = "crossref", "Crossref"


class CitationIndex(models.TextChoices):
    """Whom the site asks who cites a work and whom it cites."""

    OPENALEX = "openalex", _("OpenAlex, citation chasing")
    OPENCITATIONS = "opencitations", _("OpenCitations, citation chasing")


READERS = "readers"  # the source of what readers named by the site's form


class Method(models.TextChoices):
    """How records are come by; the first two make the left arm of the flow, the others the
    right."""

    DATABASE = "database", _("database")
    REGISTER = "register", _("register")
    WEBSITE = "website", _("websites")
    ORGANISATION = "organisation", _("organisations")
    CITATIONS = "citations", _("citation searching")
    CONTACTS = "contacts", _("contacts and readers")


def label_of_source(source):
    """What a source of the site's own is called; the name she gave any other."""
    own = [*Source.choices, *CitationIndex.choices, (READERS, _("Readers of this site"))]
    return dict(own).get(source, source)


DATABASES = (Method.DATABASE, Method.REGISTER)


class SavedSearch(models.Model):
    """A strategy for each source, and how often it is run."""

    class Interval(models.IntegerChoices):
        NEVER = 0, _("only by hand")
        WEEK = 7, _("every week")
        MONTH = 30, _("every month")
        QUARTER = 91, _("every three months")
        YEAR = 365, _("every year")

    name = models.CharField(
        _("name"), max_length=120, unique=True, help_text=_("For you and for the methods page.")
    )
    pubmed = models.TextField(_("strategy for PubMed"), blank=True, max_length=4000)
    europepmc = models.TextField(_("strategy for Europe PMC"), blank=True, max_length=4000)
    crossref = models.TextField(
        _("words for Crossref"),
        blank=True,
        max_length=500,
        help_text=_("Crossref knows no AND or OR: a few words, the nearest works come first."),
    )
    limits = models.TextField(
        _("limits and filters"),
        blank=True,
        max_length=2000,
        help_text=_("In words, with the reason: languages, years, kinds of work. Or that none."),
    )
    # What is taken out before screening, `searching.rules`.
    only_languages = models.CharField(
        _("only in these languages"),
        max_length=120,
        blank=True,
        help_text=_("Codes with commas, such as en, es. What does not say its language is kept."),
    )
    first_year = models.PositiveSmallIntegerField(_("from the year"), null=True, blank=True)
    last_year = models.PositiveSmallIntegerField(_("to the year"), null=True, blank=True)
    not_kinds = models.CharField(_("none of these kinds"), max_length=600, blank=True)
    interval = models.PositiveSmallIntegerField(
        pgettext_lazy("search", "how often"), choices=Interval.choices, default=Interval.MONTH
    )
    resting = models.BooleanField(
        _("resting"), default=False, help_text=_("It is not run until you wake it; readers see so.")
    )
    resting_why = models.CharField(_("why it rests"), max_length=300, blank=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")

    def __str__(self):
        return self.name

    @property
    def strategies(self):
        """`{source: strategy}` of those there are."""
        return {source: text for source in Source.values if (text := getattr(self, source).strip())}

    def due(self, now=None):
        """The sources whose last run is an interval ago. A run that a wrong clock put into the
        future counts as not there."""
        now = now or timezone.now()
        if self.resting or not self.interval:
            return []
        lately = self.runs.filter(begun__gt=now - timedelta(days=self.interval), begun__lte=now)
        ran = {
            *lately.exclude(state=SearchRun.State.FAILED).values_list("source", flat=True),
            *self.runs.filter(state__in=SearchRun.OPEN).values_list("source", flat=True),
        }
        # What failed for good is tried again the next day, not every minute.
        failed = self.runs.filter(
            state=SearchRun.State.FAILED, ended__gt=now - timedelta(days=1), ended__lte=now
        )
        ran.update(failed.values_list("source", flat=True))
        return [source for source in self.strategies if source not in ran]


class SearchRun(models.Model):
    """One search of one source as it was run: also one by hand, whose file was imported."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("given up")

    OPEN = (State.WAITING, State.RUNNING)

    search = models.ForeignKey(
        SavedSearch,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="runs",
        verbose_name=_("saved search"),
    )
    method = models.CharField(
        _("kind of source"), max_length=12, choices=Method.choices, default=Method.DATABASE
    )
    # `Source`, `CitationIndex` or `READERS` where the site asked; the name she gave where she did.
    source = models.CharField(_("source"), max_length=120)
    by_hand = models.BooleanField(_("by hand"), default=False)
    on = models.DateField(_("searched on"))
    strategy = models.TextField(_("strategy as it was run"), blank=True)
    translation = models.TextField(_("as the source understood it"), blank=True)
    warnings = models.JSONField(_("warnings"), default=list, blank=True)
    # By when the source entered the record; null: all there is.
    window_from = models.DateField(null=True, blank=True)
    window_to = models.DateField(null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=State.choices, default=State.WAITING, db_index=True
    )
    error = models.TextField(_("what went wrong"), blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    # What the source says it has; how many records came, how many of them had come before.
    counted = models.PositiveIntegerField(_("hits"), null=True, blank=True)
    fetched = models.PositiveIntegerField(_("fetched"), default=0)
    again = models.PositiveIntegerField(_("came before"), default=0)
    # Where to go on, in the source's own words or as a number.
    cursor = models.TextField(blank=True, editable=False)
    # A file left to be read, in the private storage.
    file = models.CharField(max_length=100, blank=True, editable=False)
    begun = models.DateTimeField(pgettext_lazy("search", "begun"), null=True, blank=True)
    ended = models.DateTimeField(_("ended"), null=True, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-on", "-pk"]
        verbose_name = _("search that was run")
        verbose_name_plural = _("searches that were run")
        constraints = [
            # Two workers that look at the same moment begin it once.
            models.UniqueConstraint(
                fields=["search", "source"],
                condition=Q(state__in=["waiting", "running"]),
                name="references_searchrun_one_open",
            ),
            # The same of citation chasing, which belongs to no saved search.
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(method="citations", by_hand=False, state__in=["waiting", "running"]),
                name="references_searchrun_one_chase",
            ),
        ]

    def __str__(self):
        return f"{self.source_label}, {self.on}"

    @property
    def source_label(self):
        return label_of_source(self.source)

    @property
    def first_stage(self):
        """Where what it brings begins. What other methods bring is no list of titles: it is sought
        at once."""
        return Hit.Stage.WAITING if self.method in DATABASES else Hit.Stage.SOUGHT


class Hit(models.Model):
    """A record that a source gave: once for each source, however often it comes."""

    class Verdict(models.TextChoices):
        NEW = "new", _("new")
        PERHAPS = "perhaps", _("perhaps the same")
        SAME = "same", _("the same")

    class Removed(models.TextChoices):
        """Why it was taken out before screening."""

        DUPLICATE = "duplicate", _("duplicate")
        AUTOMATION = "automation", _("by an automatic rule")
        OTHER = "other", _("for another reason")

    class Rule(models.TextChoices):
        """Which rule of its search took it out."""

        LANGUAGE = "language", _("by its language")
        YEAR = "year", _("by its year")
        KIND = "kind", _("by its kind")

    class Stage(models.TextChoices):
        """How far the decisions of `Decision` have brought it; written with them."""

        WAITING = "waiting", _("to be screened")
        MAYBE = "maybe", _("maybe")
        EXCLUDED = "excluded", _("excluded by title and abstract")
        SOUGHT = "sought", _("full text to be judged")
        NOT_RETRIEVED = "no text", _("full text not to be had")
        REFUSED = "refused", _("excluded by full text")
        INCLUDED = "included", _("included")

    run = models.ForeignKey(
        SearchRun, models.CASCADE, related_name="hits", verbose_name=_("search")
    )
    source = models.CharField(max_length=120)
    key = models.CharField(max_length=200)  # the source's own number, or what stands for one
    title = models.TextField(_("title"))
    year = models.SmallIntegerField(_("year"), null=True, blank=True)
    data = models.JSONField()  # the record, as asdict(formats.Record)
    verdict = models.CharField(
        _("verdict"), max_length=8, choices=Verdict.choices, default=Verdict.NEW
    )
    why = models.CharField(max_length=20, blank=True)  # a code of matching.REASONS
    duplicate_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="duplicates"
    )
    # The work of the library it is, or became.
    reference = models.ForeignKey(
        "references.Reference", models.SET_NULL, null=True, blank=True, related_name="hits"
    )
    removed = models.CharField(
        _("removed before screening"), max_length=10, choices=Removed.choices, blank=True
    )
    removed_by = models.CharField(_("rule"), max_length=8, choices=Rule.choices, blank=True)
    stage = models.CharField(
        _("stage"), max_length=10, choices=Stage.choices, default=Stage.WAITING
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("record found")
        verbose_name_plural = _("records found")
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="references_hit_once")
        ]
        indexes = [
            models.Index(fields=["stage", "removed", "id"], name="references_hit_by_stage"),
        ]

    def __str__(self):
        return self.title[:120]

    @property
    def record(self):
        return from_dict(self.data)


class HitKey(models.Model):
    """By what a hit is found when another record of the same work comes: numbers, as `MatchKey`
    has them for works; its identifiers are among them."""

    hit = models.ForeignKey(Hit, models.CASCADE, related_name="keys")
    key = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "hit"], name="references_hitkey_once")
        ]

    def __str__(self):
        return f"{self.hit_id}: {self.key}"


class HitTurn(models.Model):
    """One row: how often hits were written. Who compares notes the number before and finds it
    again when writing, or compares anew; so two at once miss no duplicate, and none waits."""

    number = models.BigIntegerField(default=0)

    def __str__(self):
        return str(self.number)
