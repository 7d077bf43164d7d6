"""Atom feeds of what readers and the author say: under one page, and everywhere."""

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publishing.machines import feeds
from publishing.richtext import links
from references.models import Reference

from .models import Comment
from .threads import targets

LENGTH = 40


class CommentFeed(feeds.AtomFeed):
    what = _("comments and questions")
    page, address = "questions", "comments:feed"

    def items(self):
        comments = (
            Comment.objects.published()
            .order_by("-created", "-pk")
            .prefetch_related("page")[:LENGTH]
        )
        found = [comment for comment in comments if comment.page is not None]
        works = [each.page for each in found if isinstance(each.page, Reference)]
        prefetch_related_objects(works, "authorships__person")  # who wrote them names them
        return found

    def item_title(self, item):
        return gettext("%(name)s on “%(page)s”") % {
            "name": self.item_author_name(item),
            "page": item.page,
        }

    def item_author_name(self, item):
        return self.site.author_name if item.by_author else item.name

    def item_description(self, item):
        return None

    def item_pubdate(self, item):
        return item.created

    def item_updateddate(self, item):
        return item.edited or item.created

    def item_categories(self, item):
        return [str(item.get_kind_display())]

    def item_extra_kwargs(self, item):
        return {
            "content": feeds.portable(item.html, self.item_link(item)),
            "language": item.language,
        }


class PageCommentFeed(CommentFeed):
    """`<page>comments.atom`, whatever kind of page it is."""

    def get_object(self, request, path):
        page = links.page_at(f"/{path}/")
        if page is None or not targets.carries_comments(type(page)) or not page.is_public():
            raise Http404
        return page

    def title(self, page):
        return gettext("%(site)s: comments on “%(page)s”") % {"site": self.site.name, "page": page}

    def link(self, page):
        return settings.SITE_URL + links.canonical_url(page)

    def feed_url(self, page):
        return settings.SITE_URL + reverse(
            "page-comments", args=[links.canonical_url(page).strip("/")]
        )

    def items(self, page):
        return (
            Comment.objects.published()
            .on(page)
            .order_by("-created", "-pk")
            .prefetch_related("page")[:LENGTH]
        )
