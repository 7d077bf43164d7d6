from django.utils.translation import gettext_lazy as _

from publishing.machines import feeds

from ..models import Notes, Reference


class ReferenceFeed(feeds.AtomFeed):
    """What came into the library lately, with the author's notes where they are public."""

    what = _("the library")
    page, address = "references:library", "references:feed"

    def items(self):
        references = list(
            Reference.objects.order_by("-changed").prefetch_related("tags")[: feeds.LENGTH]
        )
        notes = {
            each.reference_id: each
            for each in Notes.objects.published().filter(reference__in=references)
        }
        for reference in references:
            reference.public_notes = notes.get(reference.pk)
        return references

    def item_title(self, item):
        return f"{item.warning}: {item.display_title}" if item.warning else item.display_title

    def item_description(self, item):
        return None

    def item_pubdate(self, item):
        return item.added

    def item_updateddate(self, item):
        return item.changed

    def item_extra_kwargs(self, item):
        address = self.item_link(item)
        parts = [
            f"<p>{item.citation_html}</p>",
            item.public_notes.body_html if item.public_notes else "",
        ]
        return {"content": "".join(feeds.portable(part, address) for part in parts)}
