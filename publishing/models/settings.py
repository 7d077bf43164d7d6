"""What the site says about itself."""

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import get_language, gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from .. import orcid, tasks
from ..richtext import links
from .images import Image
from .links import PageLink
from .settings_words import InOtherLanguages, Words

# A reader in danger has to understand it: it is translated until she writes her own.
DISCLAIMER = gettext_noop(
    "What is written here is a reading of articles. It is no substitute for your own doctor, who"
    " can examine you."
)

TOLD_AT_ONCE = 50  # pages, of a new name of the site


def _models_that_name_it():
    """Kinds of pages that say the site's name or its author's, and want to hear of a new one."""
    return [model for model in apps.get_models() if hasattr(model, "site_changed")]


@tasks.task("publishing.site_named", short=True)
def tell_of_new_name():
    """All pages that may name it hear of it, some at a time."""
    for model in _models_that_name_it():
        keys = list(model._base_manager.order_by("pk").values_list("pk", flat=True))
        for at in range(0, len(keys), TOLD_AT_ONCE):
            some = keys[at : at + TOLD_AT_ONCE]
            tasks.enqueue("publishing.site_named.pages", model._meta.label_lower, *some)


@tasks.task("publishing.site_named.pages", short=True)
def tell_pages_of_new_name(label, *keys):
    for page in apps.get_model(label)._base_manager.filter(pk__in=keys):
        page.site_changed()


class SiteSettings(InOtherLanguages):
    """One row: what the site says about itself."""

    name = models.CharField(_("name of the site"), max_length=100, default="Back mice")
    tagline = models.CharField(
        _("tagline"), max_length=200, blank=True, default="an illustrated review of the literature"
    )
    introduction = models.TextField(
        _("introduction"),
        blank=True,
        help_text=_("A few sentences on the first page: what this is."),
    )
    author_name = models.CharField(_("author's name"), max_length=100, default="The author")
    author_credentials = models.CharField(
        _("credentials"), max_length=200, blank=True, help_text=_("For example: MD, PhD.")
    )
    orcid = models.CharField(
        _("ORCID"), max_length=19, blank=True, help_text=_("For example: 0000-0002-1825-0097.")
    )
    interests = models.TextField(
        _("funding and interests"),
        blank=True,
        help_text=_("Who pays for the site, and what readers should know of interests."),
    )
    disclaimer = models.TextField(
        _("disclaimer"),
        blank=True,
        default=DISCLAIMER,
        help_text=_("Stands at the foot of every page."),
    )
    contact = models.EmailField(
        _("contact address"),
        blank=True,
        help_text=_("Shown on the site. Leave it empty to show none."),
    )
    # What the law of the country asks of a site, and what readers may ask of a medical one.
    responsible = models.CharField(
        _("who is responsible"),
        max_length=200,
        blank=True,
        help_text=_("The person or company that answers for the site, with the full legal name."),
    )
    tax_number = models.CharField(
        _("tax number"), max_length=40, blank=True, help_text=_("In Spain the NIF.")
    )
    postal_address = models.TextField(
        _("postal address"), blank=True, max_length=500, help_text=_("Where letters reach you.")
    )
    registration = models.TextField(
        _("registration"),
        blank=True,
        max_length=500,
        help_text=_(
            "Your professional body with your number in it, and your degree with the country that"
            " gave it; for a company its register."
        ),
    )
    supervisor = models.CharField(
        _("where readers can complain"),
        max_length=300,
        blank=True,
        default="Agencia Española de Protección de Datos, https://www.aepd.es",
        help_text=_("The authority for data protection of your country."),
    )
    editorial_policy = models.TextField(
        _("editorial policy"),
        blank=True,
        help_text=_(
            "How works are chosen, who writes, who reads before publication, how mistakes are"
            " corrected."
        ),
    )
    licence = models.CharField(
        _("licence of the texts"), max_length=200, blank=True, default="CC BY-NC-ND 4.0"
    )
    project_page = models.CharField(
        _("project page"),
        max_length=300,
        blank=True,
        help_text=_(
            "Address of the page the menu calls “The project”, for example /review/the-project/."
        ),
    )
    front_figure = models.ForeignKey(
        Image,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("figure of the first page"),
    )
    stale_after_months = models.PositiveSmallIntegerField(
        _("months until a chapter counts as old"),
        default=24,
        help_text=_(
            "A chapter you have not reviewed for longer says so under its title. 0: none ever does."
        ),
    )
    project_url = models.CharField(max_length=400, blank=True, editable=False)
    # That the desk's list of first steps was put away.
    first_day_over = models.BooleanField(editable=False, default=False)
    # Kept by Announcement, so that showing them costs no query.
    announcements = models.JSONField(editable=False, default=list)

    class Meta:
        verbose_name = _("site settings")
        verbose_name_plural = _("site settings")
        # Of every kind of page; it is asked beside the permission to change one.
        permissions = [("publish_pages", "Can publish pages and change public ones")]
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="publishing_sitesettings_one_row")
        ]

    def __str__(self):
        return self.name

    def said(self, name) -> Words:
        """What it says, “tagline” for example, in the language of the menus where there are words
        for it, else as she wrote it first. The disclaimer the site came with is translated."""
        language = get_language() or settings.LANGUAGE_CODE
        own = getattr(self, f"{name}_{language}", "")
        if own:
            return Words(own, language)
        words = getattr(self, name)
        if name == "disclaimer" and words == DISCLAIMER:
            return Words(gettext(DISCLAIMER), language)
        return Words(words, settings.LANGUAGE_CODE)

    @property
    def author_is_named(self):
        """False while she is “The author” to readers, who need no “author” beside that."""
        return self.author_name != self._meta.get_field("author_name").default

    @property
    def author_shown(self):
        """Her name, or “The author” in the reader's language."""
        return self.author_name if self.author_is_named else gettext("The author")

    @property
    def author_in_words(self):
        """The same within a sentence: “Text by the author.”"""
        return self.author_name if self.author_is_named else gettext("the author")

    @classmethod
    def load(cls):
        return cls.objects.select_related("front_figure").filter(pk=1).first() or cls(pk=1)

    @classmethod
    def names(cls):
        """`(the site's, hers)`, of all that it says."""
        wanted = ("name", "author_name")
        kept = cls.objects.filter(pk=1).values_list(*wanted).first()
        return kept or tuple(cls._meta.get_field(each).default for each in wanted)

    @classmethod
    def author(cls):
        """Her name alone."""
        return cls.names()[1]

    @property
    def shown_figure(self):
        """The figure of the first page, unless it was withdrawn."""
        return self.front_figure if self.front_figure and not self.front_figure.withdrawn else None

    @property
    def orcid_address(self):
        """Where others find her; empty for what is no ORCID, however it came here."""
        return orcid.address(self.orcid)

    def clean(self):
        try:
            self.orcid = orcid.clean(self.orcid)
        except ValueError as error:
            raise ValidationError({"orcid": str(error)}) from None
        if (
            self.project_page
            and not self.project_page.startswith("page:")
            and links.page_at(self.project_page) is None
        ):
            raise ValidationError({"project_page": _("There is no page at this address.")})

    def save(self, *args, **kwargs):
        self.pk = 1
        page = (
            links.page_at(self.project_page) if not self.project_page.startswith("page:") else None
        )
        if page:
            self.project_page = f"page:{page._meta.label_lower}/{page.pk}"
        with transaction.atomic():
            before = SiteSettings.names()  # until there is a row, pages name what a new one says
            self._resolve()
            super().save(*args, **kwargs)
            parsed = links.parse(self.project_page)
            PageLink.objects.record(self, {parsed[:2]} if parsed else set())
            if before != (self.name, self.author_name):
                tasks.enqueue("publishing.site_named")

    def _resolve(self):
        page = links.target(self.project_page)
        self.project_url = links.canonical_url(page) if page and page.is_public() else ""

    def rerender(self):
        self._resolve()
        super().save(update_fields=["project_url"])
