"""What narrows the lists of the library: the filters beside them and their search."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from publishing import search
from publishing.languages import language_name

from ..browsing.facets import decade_name, design_name
from ..csl.plain import MARK
from ..models import Hit, Methods, Reference
from ..screening import boxes, words


class ValueFilter(admin.SimpleListFilter):
    """One line for each value in use."""

    def lookups(self, request, model_admin):
        values = Reference.objects.exclude(**{self.parameter_name: ""}).order_by().distinct()
        rows = [
            (value, self.label(value))
            for value in values.values_list(self.parameter_name, flat=True)
        ]
        return sorted(rows, key=lambda row: row[1].casefold())

    def queryset(self, request, queryset):
        return queryset.filter(**{self.parameter_name: self.value()}) if self.value() else queryset


class LanguageFilter(ValueFilter):
    title, parameter_name = _("language"), "language"
    label = staticmethod(language_name)


class DesignFilter(ValueFilter):
    title, parameter_name = _("kind of study"), "study_design"
    label = staticmethod(design_name)


class DecadeFilter(admin.SimpleListFilter):
    title, parameter_name = _("decade"), "decade"

    def lookups(self, request, model_admin):
        years = (
            Reference.objects.exclude(year=None)
            .order_by("year")
            .values_list("year", flat=True)
            .distinct()
        )
        return [
            (decade, decade_name(decade))
            for decade in dict.fromkeys(year // 10 * 10 for year in years)
        ]

    def queryset(self, request, queryset):
        value = self.value() or ""
        return (
            queryset.filter(year__gte=int(value), year__lt=int(value) + 10)
            if value.isdecimal() and len(value) < 6
            else queryset
        )


class CitationFilter(admin.SimpleListFilter):
    title, parameter_name = _("citation"), "citation"

    def lookups(self, request, model_admin):
        return [("plain", _("could not be written in its style"))]

    def queryset(self, request, queryset):
        return (
            queryset.filter(citation_html__startswith=MARK) if self.value() == "plain" else queryset
        )


class FlowFilter(admin.SimpleListFilter):
    """The works behind a number of the PRISMA flow."""

    title, parameter_name = _("box of the flow"), "flow"

    def lookups(self, request, model_admin):
        if not Hit.objects.exists():
            return []
        labels = words.labels({})
        return [(name, labels[f"{name}_reports"]) for name in boxes.WORKS]

    def queryset(self, request, queryset):
        if self.value() not in boxes.WORKS:
            return queryset
        found = boxes.works(self.value(), Methods.load().new_since)
        return queryset.filter(pk__in=found.values("pk"))


class IndexSearchMixin:
    """Lists and choosers search as the site does: by the beginnings of words, accents aside."""

    index_kind = ""

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip():
            return queryset, False
        ids = search.matching(search_term, self.index_kind, loose=True)
        return (queryset.none() if ids is None else queryset.filter(pk__in=ids)), False
