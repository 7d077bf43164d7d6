from django.urls import path

from . import evidence_views, export_views, feeds, take, views

app_name = "references"
# A citekey may look like any of these: they come first, and `RESERVED` in models keeps citekeys off them.
urlpatterns = [
    path("", views.library, name="library"),
    path("feed.atom", feeds.ReferenceFeed(), name="feed"),
    path("export.<export_ending:ending>", export_views.library, name="export"),
    path("evidence/", evidence_views.table, name="evidence"),
    path("evidence.csv", evidence_views.as_csv, name="evidence-csv"),
    path("take/to-your-doctor/", take.sheet, name="take"),
    path("wanted/", views.wanted, name="wanted"),
    path("people/", views.people, name="people"),
    path("people/<str:slug>/", views.person, name="person"),
    path("<str:citekey>.pdf", views.pdf, name="pdf"),
    path("<str:citekey>.<export_ending:ending>", export_views.reference, name="reference-export"),
    path("<str:citekey>/styles/", export_views.styles, name="styles"),
    path("<str:citekey>/", views.reference, name="reference"),
]
