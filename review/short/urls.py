from django.urls import path

from . import feeds, views

app_name = "inshort"
urlpatterns = [
    path("", views.index, name="index"),
    path("feed.atom", feeds.InShortFeed(), name="feed"),
    path("<str:slug>/sheet/", views.sheet, name="sheet"),
    path("<str:slug>/cite.<export_ending:ending>", views.cite, name="cite"),
    path("<str:slug>/", views.page, name="page"),
]
