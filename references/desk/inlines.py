"""Rows of a work in its form: people, notes, facts, keywords, relations."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from ..models import (
    Authorship,
    Cites,
    Keyword,
    Notes,
    Relation,
    StudyFacts,
    WorkNotice,
)
from . import figures as figures
from . import journals as journals
from . import lists as lists  # these register their own pages
from . import names as names
from . import notes as notes
from . import people as people


class AuthorshipInline(admin.TabularInline):
    model = Authorship
    fields = ("person", "role", "position")
    autocomplete_fields = ("person",)
    extra = 1


class NotesInline(admin.StackedInline):
    model = Notes
    fields = (
        "body", "state", "language", "publish_at", "unpublish_at", "reviewed", "what_changed",
    )  # fmt: skip
    verbose_name_plural = _("your notes on it")
    extra = max_num = 1
    view_on_site = False  # they stand on the work's page


class StudyFactsInline(admin.StackedInline):
    model = StudyFacts
    fields = StudyFacts.FACTS
    verbose_name_plural = _("facts of the study, for the evidence table")
    classes = ("collapse",)
    extra = max_num = 1


class CitesInline(admin.TabularInline):
    model = Cites
    fk_name = "citing"
    fields = ("cited", "note")
    autocomplete_fields = ("cited",)
    classes = ("collapse",)
    extra = 1


class RelationInline(admin.TabularInline):
    model = Relation
    fk_name = "one"
    fields = ("kind", "other")
    autocomplete_fields = ("other",)
    classes = ("collapse",)
    extra = 1


class KeywordInline(admin.TabularInline):
    model = Keyword
    fields = ("vocabulary", "term", "qualifiers", "major", "position")
    classes = ("collapse",)
    extra = 0


class WorkNoticeInline(admin.TabularInline):
    model = WorkNotice
    fields = ("kind", "of_other", "date", "doi", "pmid", "text", "source")
    classes = ("collapse",)
    extra = 0
