"""Kinds of pages as one writes them for Wagtail, and comments as a plain model of Django."""

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index

LATEST = 5


@register_setting
class Words(BaseSiteSetting):
    """What stands on every page."""

    tagline = models.CharField(max_length=250, blank=True)
    disclaimer = models.TextField(blank=True)


class Text(Page):
    """What a chapter and a post have."""

    intro = models.TextField(blank=True)
    body = RichTextField()
    at = models.DateTimeField()
    search_fields = [*Page.search_fields, index.SearchField("intro"), index.SearchField("body")]
    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]
    template = "peer/text.html"

    def get_context(self, request, *args, **kwargs):
        return super().get_context(request, *args, **kwargs) | {
            "comments": self.comments.all(),
            "trail": self.get_ancestors().filter(depth__gt=2),
        }


class Chapter(Text):
    template = "peer/text.html"


class Post(Text):
    template = "peer/text.html"


class Home(Page):
    introduction = models.TextField(blank=True)
    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    template = "peer/home.html"

    def get_context(self, request, *args, **kwargs):
        return super().get_context(request, *args, **kwargs) | {
            "chapters": Chapter.objects.live().child_of(self).order_by("path"),
            "posts": Post.objects.live().order_by("-at")[:LATEST],
            "latest": Comment.objects.select_related("page").order_by("-created")[:LATEST],
        }


class Comment(models.Model):
    """In the order of the conversation, which is kept when it is written."""

    page = models.ForeignKey(Text, models.CASCADE, related_name="comments")
    place = models.PositiveIntegerField()
    depth = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=80)
    text = models.TextField()
    created = models.DateTimeField()

    class Meta:
        ordering = ["place"]
        indexes = [models.Index(fields=["page", "place"])]

    def __str__(self):
        return f"{self.name}, {self.created:%d %B %Y}"
