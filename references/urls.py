from django.urls import path

from . import feeds, take, views

app_name = "references"
urlpatterns = [
    path("", views.library, name="library"),
    path("feed.atom", feeds.ReferenceFeed(), name="feed"),
    path("take/to-your-doctor/", take.sheet, name="take"),
    path("people/<str:slug>/", views.person, name="person"),
    path("<str:citekey>/", views.reference, name="reference"),
]
