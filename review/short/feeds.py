from django.utils.translation import gettext_lazy as _

from publishing.machines import feeds

from .models import InShort


class InShortFeed(feeds.AtomFeed):
    what = _("In short")
    page, address = "inshort:index", "inshort:feed"

    def items(self):
        pages = InShort.objects.published().order_by("-updated", "-pk")
        return pages.prefetch_related("tags")[: feeds.LENGTH]
