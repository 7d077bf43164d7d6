from django.urls import path

from . import news

app_name = "whatsnew"
urlpatterns = [
    path("", news.for_patients, name="list"),
    path("feed.atom", news.News(), name="feed"),
    path("in-detail/", news.for_colleagues, name="detail"),
    path("in-detail/feed.atom", news.NewsInDetail(), name="detail-feed"),
    path("in-detail/versions.csv", news.as_csv, name="csv"),
]
