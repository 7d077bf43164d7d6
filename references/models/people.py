"""Who wrote, edited and translated the works."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from publishing import ahead, search, slugs
from publishing.addresses import reverse
from publishing.models import (
    PageLink,
    Redirect,
    delete_page,
    generic_key,
    rerender_pages_linking_to,
)
from publishing.richtext import links, plain, render, sanitise
from publishing.richtext.fields import RichTextField

from .. import identifiers
from ..citing import entries
from ..citing import rendering as citing_rendering
from ..vocabulary import Role
from .citation import Citation, recite


class PersonQuerySet(models.QuerySet):
    def published(self):
        """Everybody in the library is public."""
        return self.all()


class Person(slugs.Addressed, models.Model):
    family = models.CharField(
        _("family name"), max_length=150, help_text=_("With its particle: van der Berg.")
    )
    given = models.CharField(
        _("given names"),
        max_length=150,
        blank=True,
        help_text=_("In full or as initials: William S. C."),
    )
    suffix = models.CharField(_("suffix"), max_length=20, blank=True, help_text=_("Jr, III."))
    literal = models.BooleanField(
        _("an organisation"),
        default=False,
        help_text=_("The name is written as it stands, never shortened."),
    )
    slug = slugs.field(
        _(
            "The last part of the address of the person's page. Leave it empty to take it from the"
            " name."
        ),
        longest=160,
    )
    born = models.PositiveSmallIntegerField(_("born"), null=True, blank=True, help_text=_("Year."))
    died = models.PositiveSmallIntegerField(_("died"), null=True, blank=True, help_text=_("Year."))
    orcid = models.CharField(
        _("ORCID"),
        max_length=19,
        blank=True,
        help_text=_(
            "The number that tells one researcher from another, for example 0000-0002-1825-0097."
        ),
    )
    biography = RichTextField(
        _("biography"), blank=True, help_text=_("Shown on the person's page.")
    )
    biography_html = models.TextField(editable=False, blank=True)
    references_html = models.TextField(editable=False, blank=True)
    sort_key = models.CharField(max_length=160, editable=False, blank=True)

    objects = PersonQuerySet.as_manager()

    # The author writes of people in one language; the interface around it is translated.
    language = settings.LANGUAGE_CODE
    _computed = None

    # By what one is named where a work says what cites it: a biography does; see `citedin`.
    NAMED = ("family", "given", "suffix", "slug")

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(slug=""), name="references_person_has_address"
            )
        ]
        indexes = [
            models.Index(fields=["family", "given"], name="references_person_name"),
            models.Index(fields=["sort_key", "id"], name="references_person_order"),
        ]

    def __str__(self):
        return ", ".join(part for part in (self.family, self.given, self.suffix) if part)

    @property
    def name(self):
        return " ".join(part for part in (self.given, self.family, self.suffix) if part)

    @property
    def short(self):
        """“Copeman WSC”, as lists and citations have it."""
        return entries.short_name(self.family, self.given, self.suffix, self.literal)

    def set_sort_key(self):
        """Accents aside, as a printed index has it: Gómez before Gwyther, whatever the database's
        collation."""
        self.sort_key = search.fold(f"{self.family} {self.given}")[:160]

    @property
    def life(self):
        if not (self.born or self.died):
            return ""
        return f"{self.born or '?'}–{self.died or ''}"

    @property
    def slug_words(self):
        return self.name

    def clean(self):
        super().clean()
        try:
            self.orcid = identifiers.orcid(self.orcid)
        except identifiers.BadIdentifier as error:
            raise ValidationError({"orcid": str(error)}) from None
        if self.born and self.died and self.died < self.born:
            raise ValidationError({"died": _("This is before the year of birth.")})

    def save(self, *args, **kwargs):
        """Save with the biography rendered, as a page's text is."""
        computed, self._computed = self._computed, None
        self.fill_slug()
        self.set_sort_key()
        with transaction.atomic():
            before = Person.objects.filter(pk=self.pk).first() if self.pk else None
            *of, found, readings = computed or (None, None)
            if of != [self.biography, self.language] or not readings.still_hold():
                found = self._write()
            super().save(*args, **kwargs)
            self._record(*found)
            search.index(self)
            if before and before.slug != self.slug:
                Redirect.objects.record({links.canonical_url(before): self})
                rerender_pages_linking_to([self])

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            Citation.objects.filter(**generic_key(self, "page")).delete()
            return delete_page(self, super().delete, *args, **kwargs)

    def rerender(self):
        """As `RichPage.rerender()`."""
        readings = ahead.Readings()
        with readings.kept():
            found = self._render()
        with transaction.atomic():
            if not readings.still_hold():
                found = self._render()
            same = Person.objects.filter(pk=self.pk, biography=self.biography)
            if same.update(
                biography_html=self.biography_html, references_html=self.references_html
            ):
                self._record(*found)

    def compute(self):
        """As `RichPage.compute()`."""
        readings = ahead.Readings()
        with readings.kept():
            found = self._write()
        self._computed = (self.biography, self.language, found, readings)

    def _write(self):
        self.biography = links.to_stored(sanitise.clean(self.biography))
        return self._render()

    def _render(self):
        cited = citing_rendering.CitationPass(self.language)
        rendered = render.render(self.biography, language=self.language, passes=(cited,))
        self.biography_html, self.references_html = rendered.html, cited.references_html()
        return rendered, cited

    def _record(self, rendered, cited):
        PageLink.objects.record(self, rendered.targets)
        Citation.objects.record(self, cited)

    def recite(self, old, new):
        recite(self, "biography", old, new)

    def refresh_works(self):
        """Format the works again after a change of the name."""
        for reference in self.references.distinct():
            reference.refresh()

    def get_absolute_url(self):
        return reverse("references:person", args=[self.slug])

    def card_words(self):
        return {"title": self.name}

    def has_public_address(self):
        return True

    def is_public(self):
        return True

    def index_kind(self):
        return "person"

    def index_text(self):
        return self.name, plain.lines_of(self.biography)

    @property
    def index_authors(self):
        return self.name


_ROLES = dict(Role.choices)


class Authorship(models.Model):
    reference = models.ForeignKey(
        "references.Reference", models.CASCADE, related_name="authorships"
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="authorships",
        verbose_name=_("person"),
        help_text=_("Type a few letters of the name. The plus adds somebody new."),
    )
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.AUTHOR)
    position = models.PositiveSmallIntegerField(
        _("position"),
        default=0,
        help_text=_("Order in which the names stand. Leave it 0 to come last."),
    )

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("author, editor or translator")
        verbose_name_plural = _("authors, editors and translators")

    def __str__(self):
        return f"{self.person} ({self.get_role_display()})"

    def get_role_display(self):
        return str(_ROLES.get(self.role, self.role))
