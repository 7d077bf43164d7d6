"""The author's notes on a work."""

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from publishing import search
from publishing.models import PublishableQuerySet
from publishing.richtext import plain

from ..vocabulary import ReadingState
from .citation import Citing


class Notes(Citing):
    """The author's notes on one reference: a page of its own, shown at the reference's address."""

    reference = models.OneToOneField(
        "references.Reference", models.CASCADE, related_name="notes", verbose_name=_("reference")
    )

    objects = PublishableQuerySet.as_manager()

    # Their address and name are their reference's.
    NAMED = (
        "language", "reference_id", "reference__citekey", "reference__families",
        "reference__container_short", "reference__genre", "reference__title",
        "reference__original_title", "reference__translated_title", "reference__year",
        "reference__month", "reference__day", "reference__year_approximate", "reference__season",
        "reference__until",
    )  # fmt: skip

    class Meta:
        verbose_name = _("notes on a reference")
        verbose_name_plural = _("notes on references")
        indexes = [models.Index(fields=["-updated", "-id"], name="references_notes_updated")]

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
            _keep_reading_state(self.reference)
            self.reference.refresh()
            self.reference.rerender_citing_pages()
            return result

    def follow(self):
        """The reference's reading state, marks and search row follow its notes."""
        reference = self.reference
        state = (
            ReadingState.NOTES_PUBLISHED
            if self.has_public_address()
            else ReadingState.NOTES_DRAFTED
        )
        if self.body and reference.reading_state != state:
            reference.reading_state = state
            _keep_reading_state(reference)
            reference.rerender_citing_pages()
        search.index(reference)

    def index_kind(self):
        """None of its own once they are public: search finds notes with their reference."""
        return "" if self.is_public() else "notes"

    def index_text(self):
        return self.reference.display_title, plain.lines_of(self.body)

    @property
    def index_authors(self):
        return self.reference.index_authors

    @property
    def index_year(self):
        return self.reference.year


def _keep_reading_state(reference):
    """The one field: the form of a work may be open, and nothing else of it follows its notes."""
    rows = type(reference).objects.filter(pk=reference.pk)
    rows.update(reading_state=reference.reading_state)
