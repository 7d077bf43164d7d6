"""The works of the library."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from publishing import search, tasks
from publishing.addresses import reverse
from publishing.languages import country_name, language_name
from publishing.machines.sitemaps import PART
from publishing.models import (
    NextVersion,
    Redirect,
    delete_page,
    generic_key,
    rerender_later,
    rerender_pages_linking_to,
)
from publishing.richtext import links
from publishing.tags import rows_of

from .. import identifiers, pdf
from ..citing import entries
from ..formats import dates
from ..vocabulary import STUDY_DESIGNS, CSLType
from .citation import Citation
from .citedin import cited_in
from .described import Described
from .evidence import draw_anew
from .indexed import Indexed
from .notes import Notes
from .notices import status_of, warned
from .people import Authorship
from .sameness import MatchKey

MANY = 100_000
# What Django's own `get_type_display` makes anew each time.
KINDS = dict(CSLType.choices)
# Pages of the library that stand where a work's page does.
RESERVED = {"compare", "evidence", "export", "methods", "nominate", "people", "take", "wanted"}


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


class Reference(Indexed, Described):
    """One work of the library: what is known of it, as CSL names it, with formatted forms kept
    beside it."""

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
                    "sample_size",
                    "id",
                ],
                name="references_tallied",
            ),
            # For the sitemap: of each part of it what changed last.
            models.Index(models.F("id") / PART, "changed", name="references_by_part"),
            # What an import brought in and nobody has formatted yet, and books by their number.
            models.Index(
                fields=["id"], condition=Q(citations_due=True), name="references_unformatted"
            ),
            models.Index(
                fields=["id"],
                condition=Q(doi=None, pmid=None, pmcid=None, isbn=""),
                name="references_unidentified",
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

    def get_type_display(self):
        return str(KINDS.get(self.type, self.type))

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
        return warned(self.status)

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
            draw_anew()
        self._prefetched_objects_cache = {}

    def _read_people(self):
        """As they are now, once, for all that is made of them."""
        self._prefetched_objects_cache = {}
        people = Authorship.objects.select_related("person")
        models.prefetch_related_objects([self], models.Prefetch("authorships", people))

    def cited_in(self):
        """`CitedIn`s of it on pages the public sees, its own notes aside, in page order. One
        query."""
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
