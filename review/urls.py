from django.urls import path

from . import feeds, views

app_name = "review"
urlpatterns = [
    path("", views.contents, name="contents"),
    path("feed.atom", feeds.ChapterFeed(), name="feed"),
    path("<path:path>/", views.chapter, name="chapter"),
]
