"""What was published about a work after it: its retraction, an erratum, a comment."""

import re

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .. import identifiers
from ..formats import WorkNotice as Said
from .sameness import Relation

ROWS = 2000


class Status(models.TextChoices):
    """How a work stands, the gravest of what is said of it."""

    RETRACTED = "retracted", _("Retracted")
    PARTLY = "partly", _("Partly retracted")
    CONCERN = "concern", _("Expression of concern")
    CORRECTED = "corrected", _("Corrected")


_YEAR = re.compile(r"\b(1[89]|20)\d\d\b")
# Of Crossref's two sources of notices.
SAID_BY = {"publisher": _("the publisher"), "retraction-watch": "Retraction Watch"}

# Readers are warned of these before the title.
WARNED_OF = (Status.RETRACTED, Status.PARTLY, Status.CONCERN)


def warned(status):
    """“Retracted”, what readers hear before the title; empty for most works."""
    return Status(status).label if status in WARNED_OF else ""


class WorkNoticeManager(models.Manager):
    def write(self, pairs, *, new=True):
        """Keep what is said of `(reference, [formats.WorkNotice])`, each once, and link the works
        of the library it is about."""
        pairs = [(reference, said) for reference, said in pairs if said]
        known = set()
        if not new and pairs:
            rows = self.filter(reference__in=[reference for reference, _said in pairs])
            known = {row.identity for row in rows}
        rows = []
        for reference, said in pairs:
            for each in said:
                row = WorkNotice.of(reference, each)
                if row.identity not in known:
                    known.add(row.identity)
                    rows.append(row)
        self.bulk_create(rows, batch_size=ROWS)
        self.link(rows)

    def link(self, rows):
        """Record as relations what these rows say of works the library holds."""
        rows = [row for row in rows if row.kind in WorkNotice.RELATIONS and (row.doi or row.pmid)]
        if not rows:
            return
        dois, pmids = ({getattr(row, name) for row in rows} - {""} for name in ("doi", "pmid"))
        library = self.model._meta.get_field("reference").related_model.objects
        works = library.filter(Q(doi__in=dois) | Q(pmid__in=pmids))
        found = {}
        for pk, doi, pmid in works.values_list("pk", "doi", "pmid"):
            found |= {("doi", doi): pk, ("pmid", pmid): pk}
        self._relate(
            (row, found.get(("doi", row.doi)) or found.get(("pmid", row.pmid))) for row in rows
        )

    def link_new(self, references):
        """The same for works that came in after what speaks of them."""
        numbers = {("doi", each.doi): each.pk for each in references if each.doi}
        numbers |= {("pmid", each.pmid): each.pk for each in references if each.pmid}
        if not numbers:
            return
        dois, pmids = (
            [value for kind, value in numbers if kind == name] for name in ("doi", "pmid")
        )
        rows = self.filter(Q(doi__in=dois) | Q(pmid__in=pmids), kind__in=WorkNotice.RELATIONS)
        self._relate(
            (row, numbers.get(("doi", row.doi)) or numbers.get(("pmid", row.pmid))) for row in rows
        )

    def _relate(self, pairs):
        relations = []
        for row, other in pairs:
            if other and other != row.reference_id:
                one, two = (row.reference_id, other) if row.of_other else (other, row.reference_id)
                kind = WorkNotice.RELATIONS[row.kind]
                relations.append(Relation(one_id=one, other_id=two, kind=kind))
        works = {pk for each in relations for pk in (each.one_id, each.other_id)}
        rows = Relation.objects.filter(one__in=works, other__in=works)
        known = {frozenset(pair) for pair in rows.values_list("one", "other")}
        new = [each for each in relations if frozenset((each.one_id, each.other_id)) not in known]
        Relation.objects.bulk_create(new, ignore_conflicts=True)


class WorkNotice(models.Model):
    """One thing said of a work by another publication, or what the work itself is to another."""

    class Kind(models.TextChoices):
        RETRACTION = "retraction", _("retraction")
        PARTIAL = "partial", _("partial retraction")
        CONCERN = "concern", _("expression of concern")
        ERRATUM = "erratum", _("erratum")
        REPUBLICATION = "republication", _("corrected and published again")
        REPRINT = "reprint", _("published again")
        UPDATE = "update", _("update")
        COMMENT = "comment", _("comment")
        TRANSLATION = "translation", _("translation")
        PREPRINT = "preprint", _("preprint")

    STATUS = {
        Kind.RETRACTION: Status.RETRACTED, Kind.PARTIAL: Status.PARTLY,
        Kind.CONCERN: Status.CONCERN, Kind.ERRATUM: Status.CORRECTED,
        Kind.REPUBLICATION: Status.CORRECTED,
    }  # fmt: skip
    RELATIONS = {
        Kind.RETRACTION: Relation.Kind.RETRACTION, Kind.CONCERN: Relation.Kind.CONCERN,
        Kind.ERRATUM: Relation.Kind.ERRATUM, Kind.COMMENT: Relation.Kind.COMMENT,
        Kind.TRANSLATION: Relation.Kind.TRANSLATION, Kind.PREPRINT: Relation.Kind.PREPRINT,
    }  # fmt: skip
    WORDS = {
        (Kind.RETRACTION, False): _("Retracted in"), (Kind.RETRACTION, True): _("Retraction of"),
        (Kind.PARTIAL, False): _("Partly retracted in"),
        (Kind.PARTIAL, True): _("Partial retraction of"),
        (Kind.CONCERN, False): _("Expression of concern in"),
        (Kind.CONCERN, True): _("Expression of concern about"),
        (Kind.ERRATUM, False): _("Corrected in"), (Kind.ERRATUM, True): _("Erratum of"),
        (Kind.REPUBLICATION, False): _("Corrected and published again in"),
        (Kind.REPUBLICATION, True): _("Corrected version of"),
        (Kind.REPRINT, False): _("Published again in"),
        (Kind.REPRINT, True): _("First published in"),
        (Kind.UPDATE, False): _("Updated in"), (Kind.UPDATE, True): _("Update of"),
        (Kind.COMMENT, False): _("Commented on in"), (Kind.COMMENT, True): _("Comment on"),
        (Kind.TRANSLATION, False): _("Translated in"),
        (Kind.TRANSLATION, True): _("Translation of"),
        (Kind.PREPRINT, False): _("Has the preprint"), (Kind.PREPRINT, True): _("Preprint of"),
    }  # fmt: skip

    reference = models.ForeignKey(
        "references.Reference", models.CASCADE, related_name="notices", verbose_name=_("work")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    of_other = models.BooleanField(
        _("this work is it"),
        default=False,
        help_text=_("Tick it if this work is the retraction, the erratum, the comment itself."),
    )
    date = models.CharField(
        _("date"),
        max_length=10,
        blank=True,
        validators=[
            RegexValidator(r"^\d{4}(-\d\d){0,2}$", _("Give it as 2010, 2010-02 or 2010-02-06."))
        ],
        help_text=_("2010, 2010-02 or 2010-02-06"),
    )
    doi = models.CharField(_("DOI"), max_length=300, blank=True)
    pmid = models.CharField(_("PMID"), max_length=40, blank=True)
    text = models.CharField(_("where"), max_length=500, blank=True)
    source = models.CharField(_("source"), max_length=60, blank=True)
    # Of what the watch found: when it was new, when its source did not say it any more, when the
    # author had looked at all that rests on the work, and when she was mailed.
    first_seen = models.DateTimeField(null=True, editable=False)
    withdrawn = models.DateTimeField(null=True, editable=False)
    settled = models.DateTimeField(null=True, editable=False)
    told = models.DateTimeField(null=True, editable=False)
    # When it touched what a text concludes: those who follow the text are told once.
    touched = models.DateTimeField(null=True, editable=False)

    objects = WorkNoticeManager()

    class Meta:
        ordering = ["of_other", "date", "pk"]
        verbose_name = _("notice")
        verbose_name_plural = _("retractions, errata, comments")
        indexes = [
            models.Index(fields=["doi"], condition=~Q(doi=""), name="references_notice_doi"),
            models.Index(fields=["pmid"], condition=~Q(pmid=""), name="references_notice_pmid"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["reference", "kind", "of_other", "date", "doi", "pmid"],
                name="references_worknotice_once",
            )
        ]

    def __str__(self):
        return f"{self.words} {self.where or self.doi or self.pmid}".strip()

    @property
    def where(self):
        """Where it stands, as PubMed cites it: with its year."""
        return self.text if _YEAR.search(self.text) else ""

    @property
    def reason(self):
        """Why, as Retraction Watch has it."""
        return "" if self.where else self.text

    @property
    def source_words(self):
        return SAID_BY.get(self.source, self.source)

    @property
    def words(self):
        """“Retracted in”, or the kind alone where nobody says where."""
        if not self.of_other and not (self.where or self.doi or self.pmid):
            return (
                self.STATUS[self.kind].label
                if self.kind in self.STATUS
                else self.get_kind_display()
            )
        return self.WORDS.get((self.kind, self.of_other), self.kind)

    @property
    def grave(self):
        """Whether readers are warned of the work for it."""
        return not self.of_other and self.STATUS.get(self.kind) in WARNED_OF

    def clean(self):
        super().clean()
        for name in ("doi", "pmid"):
            try:
                setattr(self, name, getattr(identifiers, name)(getattr(self, name)))
            except identifiers.BadIdentifier:
                continue

    @classmethod
    def of(cls, reference, said):
        """A row, not saved, of a `formats.WorkNotice`; a number that is none stands in its text."""
        row = cls(
            reference=reference,
            kind=said.kind if said.kind in cls.Kind.values else cls.Kind.UPDATE,
            of_other=said.of_other, date=said.date, text=said.text[:500], source=said.source[:60],
        )  # fmt: skip
        for name in ("doi", "pmid"):
            try:
                setattr(row, name, getattr(identifiers, name)(getattr(said, name)))
            except identifiers.BadIdentifier:
                row.text = row.text or getattr(said, name)[:500]
        return row

    @property
    def identity(self):
        return self.reference_id, self.kind, self.of_other, self.date, self.doi, self.pmid

    @property
    def said(self):
        """As the formats have it."""
        return Said(
            self.kind, self.of_other, self.date, self.doi, self.pmid, self.text, self.source
        )


def status_of(notices):
    """The gravest status of what is said of a work, by rows or by `formats.WorkNotice`s."""
    found = {
        WorkNotice.STATUS.get(each.kind)
        for each in notices
        if not each.of_other and not getattr(each, "withdrawn", None)
    }
    return next((status.value for status in Status if status in found), "")
