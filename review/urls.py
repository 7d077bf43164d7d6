from django.urls import path, register_converter

from . import feeds, views
from .paper.views import book
from .versions import views as versions


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
    path("<path:path>/v/", versions.versions, name="versions"),
    path("<path:path>/v/<int:number>/", versions.version, name="version"),
    path("<path:path>/v/<int:older>-<int:newer>/", versions.changes, name="changes"),
    path(
        "<path:path>/v/<int:number>/references.<export_ending:ending>",
        versions.references,
        name="version-references",
    ),
    path(
        "<path:path>/v/<int:number>/cite.<export_ending:ending>",
        versions.cite,
        name="version-cite",
    ),
    path("<path:path>/v/<int:number>/linkset.json", versions.linkset, name="linkset"),
    path("<path:path>/v/<int:number>/datacite.json", versions.datacite, name="datacite"),
    path("<path:path>/<extent:extent>.<file_kind:kind>", book, name="book"),
    path("<path:path>/references.<export_ending:ending>", views.references, name="references"),
    path("<path:path>/cite.<export_ending:ending>", views.cite, name="cite"),
    path("<path:path>/", views.chapter, name="chapter"),
]
