"""In short: one page in plain words for who is in pain, every sentence with its source."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from publishing import slugs
from publishing.addresses import reverse
from publishing.http import parts
from publishing.models import PublishableQuerySet, State
from publishing.richtext import sanitise
from references.models import CitingPage

from . import sections

MOST_OFFERED = 12


class InShortQuerySet(PublishableQuerySet):
    def for_readers(self, language):
        """The public pages in a language; where there are none, the originals in any. A few."""
        found = list(
            self.published()
            .only("title", "slug", "language", "translation_of", "comments_open", "state")
            .order_by("pk")[:MOST_OFFERED]
        )
        own = [page for page in found if page.language == language]
        return own or [page for page in found if page.translation_of_id is None]

    def shown(self, language):
        """The same for showing: not to be changed."""
        return parts.kept(("in short", language), lambda: self.for_readers(language))


class InShort(CitingPage):
    """One page in plain words on what the review is about."""

    # Whoever is in pain is not shown what is half done.
    PUBLIC_STATES = (State.PUBLISHED,)

    slug = slugs.field(
        _("The last part of the page's address. Leave it empty to take it from the title.")
    )

    objects = InShortQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("page “In short”")
        verbose_name_plural = _("In short")
        constraints = [
            models.CheckConstraint(condition=~Q(slug=""), name="review_inshort_has_address")
        ]

    def get_absolute_url(self):
        return reverse("inshort:page", args=[self.slug])

    def _write(self, day):
        self.body, root = sanitise.clean_tree(self.body)
        if sections.in_language(root, self.language):
            self.body = sanitise.clean(sanitise.serialise(root))
        return super()._write(day)

    def reading_level(self, root):
        return sections.reading_level(root, self.language)

    def look_again(self, root):
        yield from sections.look_again(root, self.language)

    @property
    def lacks_red_flags(self):
        """Whether “See a doctor at once if…” is still to be written."""
        headings = {heading["text"] for heading in self.contents}
        last = sections.HEADINGS.get(self.language, [""])[-1]
        return last not in headings or sections.is_unwritten(self.public_text)
