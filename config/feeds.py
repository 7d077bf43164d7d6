"""Feeds that look over the shoulders of several apps."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from taggit.models import Tag

from blog.models import Post
from publishing import tags
from publishing.machines import feeds
from references.models import Notes, Reference
from review.models import Chapter, InShort


class TagFeed(feeds.AtomFeed):
    """Chapters, pages “In short”, posts and notes under one tag."""

    def get_object(self, request, slug):
        tag = get_object_or_404(tags.named(Tag.objects.all()), slug=slug)
        pages = (Chapter, InShort, Post)
        kinds = (*(model.objects.published() for model in pages), Reference.objects.all())
        if not any(pages.filter(tags=tag).exists() for pages in kinds):
            raise Http404  # as its page: of drafts nobody hears, nor what they are about
        return tag

    def title(self, tag):
        return f"{self.site.name}: {tags.shown(tag)}"

    def link(self, tag):
        return settings.SITE_URL + reverse("tag", args=[tag.slug])

    def feed_url(self, tag):
        return settings.SITE_URL + reverse("tag-feed", args=[tag.slug])

    def items(self, tag):
        chapters = (
            Chapter.objects.published()
            .filter(tags=tag)
            .exclude(body_html="")
            .prefetch_related("tags")
        )
        short, posts = (
            model.objects.published().filter(tags=tag).prefetch_related("tags")
            for model in (InShort, Post)
        )
        notes = Notes.objects.published().filter(reference__tags=tag).select_related("reference")
        return feeds.newest(chapters, short, posts, notes)
