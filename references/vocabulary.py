"""The words records are described with. Values are stored; labels are translated."""

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_noop, pgettext_lazy
from django.utils.translation import gettext_lazy as _


class CSLType(models.TextChoices):
    """The item types of CSL 1.0.2 a library like this one meets."""

    ARTICLE_JOURNAL = "article-journal", _("Journal article")
    ARTICLE_MAGAZINE = "article-magazine", _("Magazine article")
    ARTICLE_NEWSPAPER = "article-newspaper", _("Newspaper article")
    ARTICLE = "article", _("Preprint or other article")
    BOOK = "book", _("Book")
    CHAPTER = "chapter", _("Book chapter")
    ENTRY_ENCYCLOPEDIA = "entry-encyclopedia", _("Encyclopedia entry")
    PAPER_CONFERENCE = "paper-conference", _("Conference paper or poster")
    THESIS = "thesis", _("Thesis")
    REPORT = "report", _("Report")
    REVIEW = "review", _("Review of a work")
    SPEECH = "speech", _("Lecture")
    WEBPAGE = "webpage", _("Web page")
    POST_WEBLOG = "post-weblog", _("Blog post")
    DATASET = "dataset", _("Data set")
    MOTION_PICTURE = "motion_picture", _("Film or video")
    PATENT = "patent", _("Patent")
    MANUSCRIPT = "manuscript", _("Manuscript")
    PERSONAL_COMMUNICATION = "personal_communication", _("Personal communication")
    DOCUMENT = "document", _("Other document")


class ReadingState(models.TextChoices):
    WANTED = "wanted", _("Wanted")
    IN_HAND = "in-hand", _("In hand")
    READING = "reading", _("Being read")
    READ = "read", _("Read")
    NOTES_DRAFTED = "notes-drafted", _("Notes drafted")
    NOTES_PUBLISHED = "notes-published", _("Notes published")


class Season(models.IntegerChoices):
    SPRING = 1, _("Spring")
    SUMMER = 2, _("Summer")
    AUTUMN = 3, _("Autumn")
    WINTER = 4, _("Winter")


class Role(models.TextChoices):
    AUTHOR = "author", pgettext_lazy("in a work", "author")
    EDITOR = "editor", pgettext_lazy("in a work", "editor")
    TRANSLATOR = "translator", pgettext_lazy("in a work", "translator")


STUDY_DESIGNS = {
    "systematic review": _("Systematic review"),
    "scoping review": _("Scoping review"),
    "review": _("Review"),
    "randomised controlled trial": _("Randomised controlled trial"),
    "controlled trial": _("Controlled trial"),
    "prospective cohort": _("Prospective cohort"),
    "retrospective": _("Retrospective study"),
    "case-control": _("Case-control study"),
    "cross-sectional": _("Cross-sectional study"),
    "case series": _("Case series"),
    "case report": _("Case report"),
    "case report and survey": _("Case report and survey"),
    "case report and review": _("Case report and review"),
    "cadaver study": _("Cadaver study"),
    "cadaver study and clinical series": _("Cadaver study and clinical series"),
    "histological study": _("Histological study"),
    "experimental": _("Experimental study"),
    "theoretical": _("Theoretical work"),
    "narrative": _("Narrative"),
    "lecture": _("Lecture"),
    "letter": _("Letter"),
    "editorial": _("Editorial"),
    "book": _("Book"),
    "book chapter": _("Book chapter"),
    "poster, case report": _("Poster, case report"),
    "poster, cross-sectional": _("Poster, cross-sectional study"),
    "web site": _("Web site"),
    "web article": _("Web article"),
    "not stated": _("Not stated"),
}

# What records and facts say in free words, as far as readers of other languages can be helped: the
# words are stored as they are, looked up in lower case, and shown translated. Others stand as they
# were written.
TERMS = {
    gettext_noop("patient"),
    gettext_noop("patients"),
    gettext_noop("operated patients"),
    gettext_noop("hospital patients"),
    gettext_noop("patients examined"),
    gettext_noop("patients treated"),
    gettext_noop("participants"),
    gettext_noop("healthy participants"),
    gettext_noop("healthy volunteers"),
    gettext_noop("soldiers"),
    gettext_noop("dissections"),
    gettext_noop("cadavers"),
    gettext_noop("cadaveric sides"),
    gettext_noop("specimens"),
    gettext_noop("included studies"),
    gettext_noop("surgery"),
    gettext_noop("excision"),
    gettext_noop("injection"),
    gettext_noop("local injection"),
    gettext_noop("nerve block"),
    gettext_noop("percutaneous endoscopic treatment"),
    gettext_noop("ultrasound-guided block of the superior cluneal nerve"),
    gettext_noop("injection of hypertonic saline into the infrapatellar fat pad"),
    gettext_noop("stimulation of the thoracolumbar fascia with hypertonic saline"),
    gettext_noop("physiotherapy"),
    gettext_noop("exercise"),
    gettext_noop("massage"),
    gettext_noop("heat"),
    gettext_noop("placebo"),
    gettext_noop("no treatment"),
    gettext_noop("backache"),
    gettext_noop("low back pain"),
    gettext_noop("low back pain with iliac crest pain syndrome"),
    gettext_noop("chronic mechanical back pain"),
    gettext_noop("entrapment of the medial superior cluneal nerve"),
    gettext_noop("lumbosacral pain"),
    gettext_noop("relief of low back pain"),
    gettext_noop("6 of 6, by its title"),
    gettext_noop("thoracolumbar fascia under the microscope"),
    gettext_noop("at least 2 years"),
    gettext_noop("thesis"),
    gettext_noop("master's thesis"),
    gettext_noop("doctoral thesis"),
    gettext_noop("poster"),
    gettext_noop("letter"),
    gettext_noop("editorial"),
    gettext_noop("report"),
}


def in_words(text: str) -> str | None:
    """“Surgery” → “Cirugía”, with the same first letter's case; None for words not known here."""
    if text.lower() not in TERMS:
        return None
    known = gettext(text.lower())
    return capfirst(known) if text[:1].isupper() else known
