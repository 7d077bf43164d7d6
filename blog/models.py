from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from publishing import slugs
from publishing.addresses import reverse
from publishing.models import PublishableQuerySet, State
from references.models import CitingPage


class Post(CitingPage):
    """The author's personal view, dated."""

    # A post is either finished or nobody's business.
    PUBLIC_STATES = (State.PUBLISHED,)

    slug = models.SlugField(
        _("address"),
        max_length=120,
        allow_unicode=True,
        unique=True,
        blank=True,
        help_text=_(
            "The last part of the post's address. Leave it empty to take it from the title."
        ),
    )

    objects = PublishableQuerySet.as_manager()

    # A year is a page of the archive.
    RESERVED_SLUGS = staticmethod(slugs.all_digits)

    class Meta:
        ordering = ["-first_published", "-pk"]
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [models.CheckConstraint(condition=~Q(slug=""), name="blog_post_has_address")]
        indexes = [
            models.Index(fields=["-first_published"], name="blog_post_newest"),
            models.Index(fields=["-updated", "-id"], name="blog_post_updated"),
        ]

    def get_absolute_url(self):
        return reverse("blog:post", args=[self.slug])

    def clean(self):
        super().clean()
        if slugs.all_digits(self.slug):
            raise ValidationError(
                {"slug": _("An address of digits alone is kept for the years of the archive.")}
            )

    @property
    def index_label(self):
        return self.first_published or ""
