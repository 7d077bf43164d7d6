"""Works that cite hers or that hers cite, as two indexes of citations tell: what may be taken in as
a `Hit`. Nothing of it is public."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..formats.records import from_dict
from .searching import CitationIndex, Hit


class Candidate(models.Model):
    """A work that was found by its citations: once, whichever index names it and however often."""

    class State(models.TextChoices):
        OFFERED = "offered", _("offered")
        TAKEN = "taken", _("taken in")
        ASIDE = "aside", _("put aside")
        KNOWN = "known", _("known already")

    doi = models.CharField(max_length=300, blank=True)
    pmid = models.CharField(max_length=10, blank=True)
    openalex = models.CharField(max_length=20, blank=True)
    title = models.TextField(_("title"), blank=True)
    year = models.SmallIntegerField(_("year"), null=True)
    data = models.JSONField(default=dict)  # the record, as asdict(formats.Record); {}: none yet
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OFFERED)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    verdict = models.CharField(max_length=8, choices=Hit.Verdict.choices, default=Hit.Verdict.NEW)
    why = models.CharField(max_length=20, blank=True)  # a code of matching.REASONS
    # What it is, may be, or became: a work, a record found before; or another of these it may be.
    reference = models.ForeignKey(
        "references.Reference", models.SET_NULL, null=True, related_name="+"
    )
    hit = models.ForeignKey(Hit, models.SET_NULL, null=True, related_name="+")
    twin = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    # How many of her works it cites or is cited by.
    weight = models.PositiveIntegerField(default=0)
    # When its title was asked for in vain.
    asked = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-weight", "pk"]
        verbose_name = _("work found by citations")
        verbose_name_plural = _("works found by citations")
        constraints = [
            models.UniqueConstraint(
                fields=[name], condition=~Q(**{name: ""}), name=f"references_candidate_{name}"
            )
            for name in ("doi", "pmid", "openalex")
        ]
        indexes = [
            models.Index(fields=["state", "-weight", "id"], name="references_candidate_rank")
        ]

    def __str__(self):
        return self.title[:120] or self.doi or self.pmid or self.openalex

    @property
    def record(self):
        """With the numbers that another index may have added; None where nobody described it."""
        if not self.data:
            return None
        record = from_dict(self.data)
        record.doi, record.pmid = self.doi or record.doi, self.pmid or record.pmid
        return record


class CandidateKey(models.Model):
    """By what a candidate is found when another record of the same work comes; see `HitKey`."""

    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="keys")
    key = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "candidate"], name="references_candidatekey_once"
            )
        ]

    def __str__(self):
        return f"{self.candidate_id}: {self.key}"


class CitationFound(models.Model):
    """That an index says: this candidate cites one of her works, or is cited by it."""

    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="citations")
    seed = models.ForeignKey("references.Reference", models.CASCADE, related_name="+")
    cites_seed = models.BooleanField()
    source = models.CharField(max_length=20, choices=CitationIndex.choices)
    # Whether it was written into the lineage, where it stays out once she has deleted it.
    told = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "seed", "cites_seed", "source"],
                name="references_citationfound_once",
            )
        ]

    def __str__(self):
        return f"{self.candidate_id} {'→' if self.cites_seed else '←'} {self.seed_id}"
