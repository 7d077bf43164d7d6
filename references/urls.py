from django.urls import path

from .appraisal import views as appraisal
from .browsing import comparing, evidence, exports, feeds, handout, views
from .pictures import views as pictures
from .screening import public

app_name = "references"
# A citekey may look like any of these: they come first, and `RESERVED` in models keeps citekeys off
# them.
urlpatterns = [
    path("", views.library, name="library"),
    path("feed.atom", feeds.ReferenceFeed(), name="feed"),
    path("export.<export_ending:ending>", exports.library, name="export"),
    path("evidence/", evidence.table, name="evidence"),
    path("evidence.csv", evidence.as_csv, name="evidence-csv"),
    path("evidence/pictures/", pictures.page, name="pictures"),
    path("evidence/pictures/<slug:name>.svg", pictures.as_svg, name="picture-svg"),
    path("evidence/pictures/<slug:name>.csv", pictures.as_csv, name="picture-csv"),
    path("evidence/appraisal/", appraisal.table, name="appraisals"),
    path("evidence/appraisal/<int:pk>.csv", appraisal.as_csv, name="appraisals-csv"),
    path("compare/", comparing.compare, name="compare"),
    path("take/to-your-doctor/", handout.sheet, name="take"),
    path("methods/", public.methods, name="methods"),
    path("methods/flow.svg", public.picture, name="flow"),
    path("methods/decisions.csv", public.decisions, name="decisions"),
    path("methods/flow.png", public.as_png, name="flow-png"),
    path("wanted/", views.wanted, name="wanted"),
    path("people/", views.people, name="people"),
    path("people/<str:slug>/", views.person, name="person"),
    path("<str:citekey>.pdf", views.pdf, name="pdf"),
    path("<str:citekey>.<export_ending:ending>", exports.reference, name="reference-export"),
    path("<str:citekey>/appraisal/", appraisal.study, name="appraisal"),
    path("<str:citekey>/styles/", exports.styles, name="styles"),
    path("<str:citekey>/", views.reference, name="reference"),
]
