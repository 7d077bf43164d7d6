from django.urls import path, register_converter

from . import feeds, views
from .paper.views import book


class FileKind:
    regex = "pdf|epub"
    to_python = to_url = staticmethod(str)


class Extent(FileKind):
    regex = "book|chapter"


register_converter(FileKind, "file_kind")
register_converter(Extent, "extent")

app_name = "review"
urlpatterns = [
    path("", views.contents, name="contents"),
    path("feed.atom", feeds.ChapterFeed(), name="feed"),
    # A slug has no dot, so no chapter can stand at such an address.
    path("book.<file_kind:kind>", book, name="book"),
    path("<path:path>/<extent:extent>.<file_kind:kind>", book, name="book"),
    path("<path:path>/references.<export_ending:ending>", views.references, name="references"),
    path("<path:path>/cite.<export_ending:ending>", views.cite, name="cite"),
    path("<path:path>/", views.chapter, name="chapter"),
]
