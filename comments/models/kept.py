"""A question answered well, kept as a page of the author's own."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from publishing import slugs
from publishing.addresses import reverse
from publishing.models import PublishableQuerySet, State
from references.models import CitingPage

from .comment import Comment

SHOWN = 12


class KeptAnswerQuerySet(PublishableQuerySet):
    def on(self, page):
        """What readers see of them on a page; a few."""
        return self.below(ContentType.objects.get_for_model(page).pk, page.pk)

    def of_pages(self, kind, pk):
        """Public ones of a page by its content type and number, in no order."""
        return self.published().filter(page_type_id=kind, page_id=pk).order_by()

    def below(self, kind, pk):
        """What readers see of them there."""
        found = self.of_pages(kind, pk).order_by("title", "pk")
        return found.only("title", "slug", "language", "summary", "body_html")[:SHOWN]

    def to_look_at(self):
        """Made from what was erased since: there may be words of the asker's left."""
        there = Comment.objects.filter(erased=None).order_by().values("pk")
        return self.exclude(made_from=None).exclude(made_from__in=there)


class KeptAnswer(CitingPage):
    """A question and its answer, both in the author's words: nothing of who asked."""

    PUBLIC_STATES = (State.PUBLISHED,)
    # Stand at the same place.
    RESERVED_SLUGS = frozenset({"ask", "answered"})

    title = models.CharField(
        _("question"),
        max_length=300,
        help_text=_("In your own words, without name, age, place or story of who asked."),
    )
    slug = slugs.field(
        _("The last part of the page's address. Leave it empty to take it from the title.")
    )
    page_type = models.ForeignKey(
        ContentType, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    page_id = models.PositiveBigIntegerField(null=True, editable=False)
    page = GenericForeignKey("page_type", "page_id")
    # The comment it was made from. No key of the database: who asked may have that erased, and
    # then she is told to look here again.
    made_from = models.PositiveBigIntegerField(null=True, editable=False, db_index=True)

    objects = KeptAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        constraints = [
            models.CheckConstraint(condition=~Q(slug=""), name="comments_keptanswer_has_address")
        ]
        indexes = [models.Index(fields=["page_type", "page_id"], name="comments_keptanswer_on")]

    def get_absolute_url(self):
        return reverse("kept:answer", args=[self.slug])

    @property
    def asked_in(self):
        """The comment it was made from, while its writer leaves it there."""
        found = Comment.objects.filter(pk=self.made_from, erased=None) if self.made_from else None
        return found.first() if found is not None else None

    def entities(self):
        """What the page is about, in terms of schema.org."""
        answer = {"@type": "Answer", "text": self.public_text, "inLanguage": self.language}
        return [{"@type": "Question", "name": self.title, "acceptedAnswer": answer}]
