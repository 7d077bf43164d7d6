"""The review and its chapters as topics that can be followed by mail: what changed are versions."""

from django.utils.translation import gettext

from publishing.following.topics import MOST, Change, Topic
from publishing.models import PublishedVersion
from publishing.richtext import links

from ..models import Chapter
from . import news


def review(_pk):
    return Topic("review", gettext("The review"), "", links.address("review:contents"), _of_review)


def chapter(pk):
    found = Chapter.objects.published().filter(pk=pk).first()
    if found is None:
        return None

    def changes(since, until, language):
        versions = PublishedVersion.objects.of(found).listed().told()
        return _told(versions.annotate(path=news.path_of_chapter()), since, until)

    address = links.canonical_url(found)
    return Topic(f"review.chapter/{pk}", str(found), found.language, address, changes)


def _of_review(since, until, language):
    """In the reader's language where anything is told in it, else in all."""
    versions = news.of_chapters().told()
    own = _told(versions.filter(language=language), since, until)
    return own or _told(versions, since, until)


def _told(versions, since, until):
    rows = versions.filter(published__gt=since, published__lte=until)
    found = [
        Change(
            f"{each.label} {each.title}".strip(),
            links.canonical_url(each.page),
            each.language,
            each.what_changed,
            each.what_to_do,
            each.published,
        )
        for each in news.placed(rows.order_by("published", "pk")[:MOST])
    ]
    return found
