"""The register of names: what one finding has been called, by whom and when."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Count, F, Max, Min, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from publishing import search, slugs
from publishing.addresses import reverse
from publishing.languages import language_name
from publishing.models import delete_page
from publishing.search.words import cut

from .. import explaining
from .reference import Reference

YEARS = [MinValueValidator(1000), MaxValueValidator(2200)]


class Condition(slugs.Addressed, models.Model):
    """What the names of one register are names of."""

    title = models.CharField(
        _("title"), max_length=200, help_text=_("What it is called in these pages: back mice.")
    )
    slug = slugs.field(_("The last part of its address. Leave it empty to take it from the name."))
    note = models.TextField(
        _("note"), blank=True, help_text=_("What is meant by it. Stands above its names.")
    )

    class Meta:
        ordering = ["title"]
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")
        constraints = [
            models.CheckConstraint(condition=~Q(slug=""), name="references_condition_has_address")
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.fill_slug()
        super().save(*args, **kwargs)


class Standing(models.TextChoices):
    PLAIN = "plain", _("one of the names")
    PREFERRED = "preferred", _("preferred")
    MISNOMER = "misnomer", _("misnomer")


def all_forms(title, forms):
    return [title, *(line.strip() for line in forms.splitlines() if line.strip())]


class NameQuerySet(models.QuerySet):
    def published(self):
        """Every name in the register is public."""
        return self.all()

    def with_years(self):
        """With `first` and `last`, as the author typed them or else of the works that use it, and
        how many those are."""
        return self.annotate(
            first=Coalesce(F("used_from"), Min("uses__reference__year")),
            last=Coalesce(F("used_to"), Max("uses__reference__year")),
            works=Count("uses"),
        )


class Name(slugs.Addressed, models.Model):
    """One name, in one language, with the works that use it."""

    condition = models.ForeignKey(
        Condition, models.PROTECT, related_name="names", verbose_name=_("condition")
    )
    title = models.CharField(
        _("name"), max_length=200, help_text=_("As it is mostly written: Episacroiliac lipoma.")
    )
    slug = slugs.field(_("The last part of its address. Leave it empty to take it from the name."))
    forms = models.TextField(
        _("other forms"),
        blank=True,
        help_text=_(
            "One a line: the plural, other spellings. The search and “find in titles” know them"
            " too."
        ),
    )
    language = models.CharField(
        _("language"), max_length=8, default="en", help_text=_("en, es, ca, fr, de …")
    )
    standing = models.CharField(
        _("standing"), max_length=10, choices=Standing.choices, default=Standing.PLAIN
    )
    used_from = models.PositiveSmallIntegerField(
        _("in use from"),
        null=True,
        blank=True,
        validators=YEARS,
        help_text=_("Year. Leave it empty to take it from the works below."),
    )
    used_to = models.PositiveSmallIntegerField(
        _("in use to"),
        null=True,
        blank=True,
        validators=YEARS,
        help_text=_("Year. Empty: from the works below."),
    )
    coined_by = models.ForeignKey(
        "references.Reference",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="names_coined",
        verbose_name=_("coined by"),
        help_text=_(
            "The work that proposed it. Leave it empty to show the first work that uses it as"
            " “first met in”."
        ),
    )
    expands = models.BooleanField(
        _("a search for it finds the others, and theirs finds it"),
        default=True,
        help_text=_("Take it out for a name that has meant other things too, such as fibrositis."),
    )
    note = models.TextField(
        _("note"), blank=True, help_text=_("Where it comes from, what speaks for it or against it.")
    )
    references = models.ManyToManyField(
        "references.Reference",
        through="NameUse",
        related_name="names",
        verbose_name=_("works that use it"),
    )

    objects = NameQuerySet.as_manager()

    FOLLOWED = {"uses": "use_rows"}

    class Meta:
        ordering = ["title"]
        verbose_name = _("name of a condition")
        verbose_name_plural = _("names of conditions")
        constraints = [
            models.CheckConstraint(condition=~Q(slug=""), name="references_name_has_address"),
            models.UniqueConstraint(
                fields=["condition", "language"],
                condition=Q(standing="preferred"),
                name="references_name_one_preferred",
                violation_error_message=_(
                    "Another name in this language is the preferred one already."
                ),
            ),
        ]

    @property
    def use_rows(self):
        """The works that use it as a version keeps them."""
        return self.uses.select_related("reference")

    def __str__(self):
        return self.title

    @property
    def all_forms(self):
        return all_forms(self.title, self.forms)

    @property
    def language_label(self):
        return language_name(self.language)

    @property
    def preferred(self):
        return self.standing == Standing.PREFERRED

    @property
    def misnomer(self):
        return self.standing == Standing.MISNOMER

    def clean(self):
        super().clean()
        if self.used_from and self.used_to and self.used_to < self.used_from:
            raise ValidationError({"used_to": _("This is before the first year.")})

    def save(self, *args, **kwargs):
        self.fill_slug()
        with transaction.atomic():
            before = explaining.marks_of(self)
            super().save(*args, **kwargs)
            search.index(self)
            explaining.changed(self, before)

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            return delete_page(self, super().delete, *args, **kwargs)

    def get_absolute_url(self):
        return reverse("names:name", args=[self.slug])

    def has_public_address(self):
        return True

    def is_public(self):
        return True

    @classmethod
    def for_index(cls, names):
        return names.select_related("condition")

    def index_kind(self):
        return "name"

    def index_text(self):
        lines = [", ".join(self.all_forms[1:]), self.note, self.condition.title]
        return self.title, "\n".join(filter(None, lines))

    def find_uses(self):
        """Record every work whose title, as printed, holds one of the forms; gives how many are
        new."""
        forms = [cut(form) for form in self.all_forms]
        known = set(self.uses.values_list("reference", flat=True))
        found = []
        titles = Reference.objects.order_by().values_list("pk", "title", "original_title")
        for pk, *printed in titles.iterator(chunk_size=2000):
            if pk in known:
                continue
            words = [cut(title) for title in printed]
            if any(_holds(each, form) for each in words for form in forms):
                found.append(NameUse(name=self, reference_id=pk))
        NameUse.objects.bulk_create(found)
        return len(found)


def _holds(words, form):
    return bool(form) and any(
        words[start : start + len(form)] == form for start in range(len(words) - len(form) + 1)
    )


class NameUse(models.Model):
    """That a work uses a name. The year is the work's."""

    name = models.ForeignKey(Name, models.CASCADE, related_name="uses", verbose_name=_("name"))
    reference = models.ForeignKey(
        "references.Reference",
        models.CASCADE,
        related_name="name_uses",
        verbose_name=_("reference"),
    )
    remark = models.CharField(
        _("remark"),
        max_length=300,
        blank=True,
        help_text=_("How it uses it: in quotation marks, only in the summary."),
    )

    class Meta:
        ordering = ["reference__year", "reference__sort_key", "pk"]
        verbose_name = _("use of a name")
        verbose_name_plural = _("uses of names")
        constraints = [
            models.UniqueConstraint(fields=["name", "reference"], name="references_nameuse_once")
        ]

    def __str__(self):
        return f"{self.name}: {self.reference.label}"
