"""What of a work is the author's alone: lists, passages marked, further PDFs and the text of the
PDF. No public page, no export and no public search knows any of it."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .. import pdf


class ReadingList(models.Model):
    """A shelf of her own: “to read this month”."""

    name = models.CharField(
        _("name"), max_length=80, unique=True, help_text=_("For example: to read this month.")
    )
    works = models.ManyToManyField(
        "references.Reference", through="ListPlace", related_name="lists", verbose_name=_("works")
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("list of yours")
        verbose_name_plural = _("lists of yours")

    def __str__(self):
        return self.name


class ListPlace(models.Model):
    """That a work is on a list; a model of its own, so that it comes back from the trash too."""

    list = models.ForeignKey(ReadingList, models.CASCADE, related_name="places")
    reference = models.ForeignKey(
        "references.Reference",
        models.CASCADE,
        related_name="list_places",
        verbose_name=_("work"),
        help_text=_("Type a few letters of its author, year or title."),
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("work")
        verbose_name_plural = _("works")
        constraints = [
            models.UniqueConstraint(fields=["list", "reference"], name="references_listplace_once")
        ]

    def __str__(self):
        return f"{self.list}: {self.reference.label}"


class Highlight(models.Model):
    """A passage worth keeping, with its page and what she thinks of it."""

    reference = models.ForeignKey("references.Reference", models.CASCADE, related_name="highlights")
    page = models.CharField(_("page"), max_length=20, blank=True)
    quote = models.TextField(_("passage"), max_length=5000)
    comment = models.TextField(_("your comment"), max_length=5000, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("marked passage")
        verbose_name_plural = _("marked passages")

    def __str__(self):
        return f"{self.page}: {self.quote[:60]}".removeprefix(": ")


class FurtherPdf(models.Model):
    """The PDF of a work that was made one with another one, which has its own."""

    reference = models.ForeignKey(
        "references.Reference", models.CASCADE, related_name="further_pdfs"
    )
    file = pdf.PdfField(_("PDF"), storage=pdf.private_storage, upload_to=pdf.place, max_length=100)
    licence = models.CharField(_("licence of the PDF"), max_length=100, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("further PDF")
        verbose_name_plural = _("further PDFs")

    def __str__(self):
        return str(_("PDF of the work it was made one with"))

    @property
    def desk_url(self):
        return reverse("admin:references_further_pdf", args=[self.pk])

    def delete(self, *args, **kwargs):
        """The row and, once that is certain, its file."""
        name = self.file.name
        result = super().delete(*args, **kwargs)
        pdf.forget(name)
        return result


class PdfText(models.Model):
    """The text of a work's PDF, folded as the search folds; for the desk's own search alone."""

    reference = models.OneToOneField(
        "references.Reference", models.CASCADE, related_name="pdf_text"
    )
    is_made_again = True  # by the task that reads the file
    # The file it was read from; another one is read anew.
    name = models.CharField(max_length=100)
    text = models.TextField(editable=False, blank=True)

    def __str__(self):
        return self.name
