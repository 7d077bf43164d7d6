from django.urls import path

from . import feeds, views

app_name = "blog"
urlpatterns = [
    path("", views.index, name="index"),
    path("feed.atom", feeds.PostFeed(), name="feed"),
    path("<int:year>/", views.year, name="year"),
    path("<str:slug>/cite.<export_ending:ending>", views.cite, name="cite"),
    path("<str:slug>/", views.post, name="post"),
]
