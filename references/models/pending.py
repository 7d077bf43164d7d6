"""What waits for the author's word: records read but not yet taken, and answers other libraries
gave us."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

KEPT = timedelta(days=7)


class Verdict(models.TextChoices):
    NEW = "new", _("new")
    SAME = "same", _("already there")
    DIFFERS = "differs", _("differs")
    PERHAPS = "perhaps", _("perhaps the same")


class PendingImportQuerySet(models.QuerySet):
    def old(self):
        """What nobody decided on for a week; see `importing.reading.forget_old`."""
        return self.filter(created__lt=timezone.now() - KEPT)


class PendingImport(models.Model):
    """One file, pasted text or look-up, read and compared; after the author's word its report."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    name = models.CharField(max_length=200)
    # The reference a look-up was asked for.
    target = models.ForeignKey("references.Reference", models.CASCADE, null=True, related_name="+")
    looked_up = models.BooleanField(default=False)
    refused = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    # Null until the author has given her word; then it grows as the records go.
    report = models.JSONField(null=True)
    total = models.PositiveIntegerField(default=0)  # records there were to bring in
    task = models.CharField(max_length=40, blank=True)
    # Where a long file waits to be read, in the private storage; how many records differ, by field.
    file = models.CharField(max_length=100, blank=True, default="")
    differing = models.JSONField(default=dict)

    objects = PendingImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created"]

    def __str__(self):
        return self.name

    @property
    def is_being_read(self):
        return bool(self.file)

    @property
    def is_being_brought_in(self):
        return self.report is not None and self.records.exists()


class PendingRecord(models.Model):
    pending = models.ForeignKey(PendingImport, models.CASCADE, related_name="records")
    number = models.PositiveIntegerField()
    line = models.PositiveIntegerField(default=0)
    data = models.JSONField()
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    reference = models.ForeignKey(
        "references.Reference", models.SET_NULL, null=True, related_name="+"
    )
    # Number of the earlier record of the same file that it is, if it is one.
    twin = models.PositiveIntegerField(default=0)
    skip = models.BooleanField(default=False)
    # Field names to "ours" or "theirs", as far as the author chose.
    choices = models.JSONField(default=dict)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["pending", "number"], name="references_pendingrecord_once"
            )
        ]

    def __str__(self):
        return f"{self.pending} {self.number}"


class LookupAnswer(models.Model):
    """What Crossref or PubMed said, kept for a while so that nobody is asked twice."""

    address = models.CharField(max_length=600, unique=True)
    fetched = models.DateTimeField()
    found = models.BooleanField()
    body = models.TextField()

    def __str__(self):
        return self.address


class LookupTurn(models.Model):
    """When a host may be asked again; shared by all processes."""

    host = models.CharField(max_length=250, unique=True)
    free_at = models.DateTimeField()

    def __str__(self):
        return self.host
