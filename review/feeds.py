from django.utils.translation import gettext_lazy as _

from publishing.machines import feeds

from .models import Chapter


class ChapterFeed(feeds.AtomFeed):
    what = _("the review")
    page, address = "review:contents", "review:feed"

    def items(self):
        """Chapters last worked on; one that is only planned has nothing to read yet."""
        return (
            Chapter.objects.published()
            .exclude(body_html="")
            .order_by("-updated")
            .prefetch_related("tags")[: feeds.LENGTH]
        )
