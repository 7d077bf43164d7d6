from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from publishing import search, tasks, visibility
from publishing.addresses import reverse
from publishing.models import PublishableQuerySet, Redirect, rerender_pages_linking_to
from publishing.richtext import links
from references.models import CitingPage, Reference

from . import tree
from .short.models import InShort

__all__ = ["Chapter", "InShort", "Placement", "Section"]


class Section(models.TextChoices):
    FRONT = "a-front", _("Front matter")
    MAIN = "b-main", _("Numbered chapters")
    BACK = "c-back", _("Back matter")


class ChapterQuerySet(PublishableQuerySet):
    def published(self):
        """Public, and below nothing that is not."""
        # The hidden ones are found once, not once for each chapter.
        hidden = Chapter._base_manager.exclude(Chapter.public_q()).values("pk")
        hidden_above = (
            Chapter._base_manager.filter(pk__in=hidden)
            .annotate(below=ExpressionWrapper(OuterRef("order"), output_field=models.CharField()))
            .filter(below__startswith=F("order"))
        )
        return super().published().filter(~Exists(hidden_above))


class Chapter(CitingPage):
    """A chapter of the review. Its number and address follow from its place in the tree and are
    never typed."""

    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
        help_text=_("The chapter this one belongs to. Empty for a chapter of its own."),
    )
    section = models.CharField(
        _("section"),
        max_length=8,
        choices=Section.choices,
        default=Section.MAIN,
        help_text=_(
            "Front and back matter carry no number. A sub-chapter always goes with its chapter."
        ),
    )
    position = models.PositiveIntegerField(
        _("position"),
        default=0,
        help_text=_("Order among its neighbours: smaller comes first. 0 puts it last."),
    )

    evidence_table = models.BooleanField(
        _("evidence table"),
        default=False,
        help_text=_(
            "Show what each study listed here did and found, side by side, under the list."
        ),
    )

    # Kept by tree.arrange()
    order = models.CharField(max_length=500, editable=False, blank=True, db_index=True)
    number = models.CharField(_("number"), max_length=200, editable=False, blank=True)
    depth = models.PositiveSmallIntegerField(editable=False, default=0)
    path = models.CharField(max_length=tree.MAX_PATH, editable=False, unique=True, null=True)

    references = models.ManyToManyField(
        Reference, through="Placement", related_name="chapters", verbose_name=_("references")
    )

    objects = ChapterQuerySet.as_manager()
    numbered_parts = True
    FOLLOWED = {"placements": "placement_rows"}
    NAMED = ("language", "title", "path", "number", "order")
    # Its versions stand at the same place.
    RESERVED_SLUGS = frozenset({"v"})

    class Meta:
        ordering = ["order"]
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")
        indexes = [models.Index(fields=["-updated", "-id"], name="review_chapter_updated")]
        constraints = [
            models.UniqueConstraint(fields=["parent", "slug"], name="review_chapter_address"),
            models.CheckConstraint(condition=~Q(slug=""), name="review_chapter_has_address"),
            models.CheckConstraint(
                condition=~Q(parent=F("id")), name="review_chapter_not_its_own_parent"
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.title}".strip()

    def get_absolute_url(self):
        return reverse("review:chapter", args=[self.path])

    @property
    def follow_key(self):
        """By what it is followed by mail."""
        return f"review.chapter/{self.pk}"

    @property
    def index_label(self):
        return self.number

    def slug_neighbours(self):
        return super().slug_neighbours().filter(parent=self.parent_id)

    def clean(self):
        super().clean()
        self.clean_place()

    def clean_place(self):
        """Whether it can stand where it is put: its parent and its address."""
        if self.parent_id and self.pk and self.parent_id in tree.below(self):
            raise ValidationError(
                {
                    "parent": _(
                        "A chapter cannot be moved under itself or one of its own sub-chapters."
                    )
                }
            )
        if tree.path_length(self) > tree.MAX_PATH:
            raise ValidationError(
                {
                    "slug": _(
                        "So deep in the review the address grows too long; shorten this last part."
                    )
                }
            )
        if self.slug in self.RESERVED_SLUGS:
            words = _("“%(slug)s” is where the versions of a chapter stand. Choose another one.")
            raise ValidationError({"slug": words % {"slug": self.slug}})
        twin = (
            Chapter.objects.filter(parent=self.parent_id, slug=self.slug)
            .exclude(pk=self.pk)
            .first()
        )
        if twin:
            raise ValidationError(
                {
                    "slug": _("“%(title)s” has this address already. Choose another one.")
                    % {"title": twin.title}
                }
            )

    def save(self, *args, **kwargs):
        with transaction.atomic():
            tree.hold()
            self._take_place()
            if self.parent_id and self.pk and self.parent_id in tree.below(self):
                raise ValidationError(
                    _("A chapter cannot be moved under itself or one of its own sub-chapters.")
                )
            if self.parent_id:
                self.section = self.parent.section
            tree.place(self)
            seen_before = (
                Chapter._base_manager.filter(pk=self.pk).values_list(*visibility.FIELDS).first()
            )
            super().save(*args, **kwargs)
            moved = tree.arrange(Chapter._base_manager)
            if seen_before and seen_before != tuple(
                getattr(self, name) for name in visibility.FIELDS
            ):
                moved.extend(
                    Chapter._base_manager.filter(order__startswith=self.order).exclude(pk=self.pk)
                )
            if self.pk in {chapter.pk for chapter in moved}:
                self.refresh_from_db(fields=["order", "number", "depth", "path"])
            settle(moved)

    def _take_place(self):
        """What others' moves made of its place since it was read; its parent and position are this
        one's to say."""
        kept = (
            Chapter._base_manager.filter(pk=self.pk)
            .values("order", "number", "depth", "path")
            .first()
        )
        for name, value in (kept or {}).items():
            setattr(self, name, value)

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            tree.hold()
            result = super().delete(*args, **kwargs)
            settle(tree.arrange(Chapter._base_manager))
            return result

    @property
    def placement_rows(self):
        """Its works as a version keeps them."""
        return self.placements.select_related("reference")

    def has_address(self):
        return bool(self.path)

    def above(self):
        """The chapters this one stands in, from the top."""
        return Chapter._base_manager.filter(order__in=tree.prefixes(self.order)).order_by("order")

    def has_public_address(self):
        if not self.path:  # of a chapter that is just being made: `follow` comes back to it
            return False
        above = visibility.allowed_q(Chapter) & ~visibility.over_q("unpublish_at")
        return super().has_public_address() and not self.above().exclude(above).exists()

    @property
    def visible_from(self):
        """Not before all that it stands in."""
        moments = [*self.above().values_list("publish_at", flat=True), self.publish_at]
        return max(filter(None, moments), default=None)

    @property
    def visible_until(self):
        """Not longer than any that it stands in."""
        moments = [*self.above().values_list("unpublish_at", flat=True), self.unpublish_at]
        return min(filter(None, moments), default=None)

    def seen_with(self):
        return [
            self,
            *Chapter._base_manager.filter(order__startswith=self.order).exclude(pk=self.pk),
        ]


def settle(moved):
    """What follows once chapters stand elsewhere: their old addresses lead to them, search and
    links come to know the new ones. What takes long of it are tasks: all who move a chapter wait
    for the lock that is held here."""
    Redirect.objects.record(
        {
            links.address("review:chapter", chapter.moved_from): chapter
            for chapter in moved
            if getattr(chapter, "moved_from", None) and visibility.is_allowed(chapter)
        }
    )
    for chapter in moved:
        if not chapter.has_public_address():
            search.remove(chapter)  # at once: found is only what readers may see
        tasks.enqueue("review.follow", chapter.pk)
    if moved:
        rerender_pages_linking_to(moved)


@tasks.task("review.follow", short=True)
def follow(pk):
    """Bring a chapter's search row and its own citation up to date with its place."""
    chapter = Chapter._base_manager.filter(pk=pk).first()
    if chapter is not None:
        search.index(chapter, same_summary=True)  # its place says nothing of its text
        chapter.keep_own_citation()


class Placement(models.Model):
    """A reference listed in a chapter, with a remark of the author's. Without a position the year
    orders it."""

    chapter = models.ForeignKey(
        Chapter, models.CASCADE, related_name="placements", verbose_name=_("chapter")
    )
    reference = models.ForeignKey(
        Reference, models.PROTECT, related_name="placements", verbose_name=_("reference")
    )
    position = models.PositiveIntegerField(
        _("position"), null=True, blank=True, help_text=_("Leave empty for the order of the years.")
    )
    remark = models.TextField(
        _("remark"),
        blank=True,
        help_text=_("Your word on it, shown under the reference in this chapter."),
    )

    class Meta:
        ordering = [
            F("position").asc(nulls_last=True),
            "reference__year",
            "reference__sort_key",
            "pk",
        ]
        verbose_name = _("reference in this chapter")
        verbose_name_plural = _("references in this chapter")
        constraints = [
            models.UniqueConstraint(fields=["chapter", "reference"], name="review_placement_once")
        ]

    def __str__(self):
        return f"{self.reference} ({self.chapter})"
