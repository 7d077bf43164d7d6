from django.urls import path

from . import glossary as views

app_name = "glossary"
urlpatterns = [
    path("", views.glossary, name="list"),
    path("<str:slug>/", views.term, name="term"),
]
