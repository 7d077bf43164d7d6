"""The blog as a topic that can be followed by mail: what changed are new posts."""

from django.utils import timezone
from django.utils.translation import gettext

from publishing.following.topics import MOST, Change, Topic
from publishing.richtext import links

from .models import Post


def blog(_pk):
    return Topic("blog", gettext("Blog"), "", links.address("blog:index"), _posts)


def _posts(since, until, language):
    """Those first published since; in the reader's language where there are any, else in all."""
    posts = Post.objects.published().exclude(first_published=None)
    first, last = timezone.localdate(since), timezone.localdate(until)
    fresh = posts.filter(first_published__gt=first, first_published__lte=last)
    own = fresh.filter(language=language)
    found = own if own.exists() else fresh
    return [
        Change(each.title, links.canonical_url(each), each.language, each.summary, "", each.updated)
        for each in found.order_by("first_published", "pk")[:MOST]
    ]
