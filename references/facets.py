"""What can be chosen in the library and how many works each choice leaves, in four queries whatever there is."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from taggit.models import Tag

from publishing.languages import language_name

from .filters import ORDERS, TAGGED, UNDATED, WITH_FULL_TEXT, with_notes
from .models import Reference
from .vocabulary import STUDY_DESIGNS

OPEN_VALUES = 8
NO_YEARS = {"from": None, "to": None}


@dataclass
class Value:
    """One thing to choose: words, where it leads, how many works it leaves."""

    label: str
    address: str
    count: int = 0
    chosen: bool = False


@dataclass
class Facet:
    title: str
    values: list

    @property
    def open(self):
        """The values always seen: the most frequent and whatever is chosen."""
        return [value for index, value in enumerate(self.values) if index < OPEN_VALUES or value.chosen]

    @property
    def more(self):
        return [value for value in self.values[OPEN_VALUES:] if not value.chosen]


def decade_name(decade):
    return _("No year") if decade == UNDATED else _("%(decade)ss") % {"decade": decade}


def design_name(design):
    return str(STUDY_DESIGNS.get(design, design))


def years(selection):
    """One row a year: all works, those chosen, those chosen but for the year, and with notes or full text."""
    return list(
        Reference.objects.order_by("year")
        .values("year")
        .annotate(
            total=Count("pk"),
            shown=Count("pk", filter=selection.q()),
            others=Count("pk", filter=selection.q("from", "to", "decade")),
            notes=Count("pk", filter=selection.q("notes") & with_notes()),
            full=Count("pk", filter=selection.q("fulltext") & WITH_FULL_TEXT),
        )
    )


def tags(selection):
    """`(slug, Value)` of every tag in the library, those that fit nothing any more too."""
    works = Reference.objects.filter(selection.q()).values("pk")
    rows = (
        Tag.objects.filter(**{f"taggit_taggeditem_items__{name}": value for name, value in TAGGED.items()})
        .annotate(works=Count("taggit_taggeditem_items", filter=Q(taggit_taggeditem_items__object_id__in=works)))
        .order_by("-works", "name")
        .values_list("slug", "name", "works")
    )
    return {slug: _tag(selection, slug, name, count) for slug, name, count in rows}


def _tag(selection, slug, name, count):
    chosen = slug in selection.tags
    others = [other for other in selection.tags if other != slug]
    return Value(capfirst(name), selection.address(tag=others if chosen else [*others, slug]), count, chosen)


def facets(selection, year_rows, tag_values):
    having = [
        _value(selection, _("Notes by the author"), "notes", "yes", sum(row["notes"] for row in year_rows)),
        _value(selection, _("Free full text"), "fulltext", "yes", sum(row["full"] for row in year_rows)),
    ]
    found = [
        Facet(_("Subject"), list(tag_values.values())),
        Facet(_("Kind of study"), _column(selection, "study_design", "design", design_name)),
        Facet(_("Language"), _column(selection, "language", "language", language_name)),
        Facet(_("Decade"), _decades(selection, year_rows)),
        Facet(_("Having"), having),
    ]
    for facet in found:
        facet.values = [value for value in facet.values if value.count or value.chosen]
    return [facet for facet in found if facet.values]


def _value(selection, label, name, value, count, **also):
    chosen = selection.values()[name] == value
    return Value(str(label), selection.address(**{name: None if chosen else value}, **also), count, chosen)


def _column(selection, column, name, label):
    """A facet of one column. Its own choice is left out of its counts: another value replaces it."""
    works = Reference.objects.filter(selection.q(name)).exclude(**{column: ""})
    counts = dict(works.order_by().values_list(column).annotate(Count("pk")))
    values = [_value(selection, label(value), name, value, count) for value, count in counts.items()]
    return sorted(values, key=lambda value: (-value.count, value.label))


def _decades(selection, year_rows):
    counts = {}
    for row in year_rows:
        decade = UNDATED if row["year"] is None else row["year"] // 10 * 10
        counts[decade] = counts.get(decade, 0) + row["others"]
    return [
        _value(selection, decade_name(decade), "decade", decade, count, **NO_YEARS)
        for decade, count in sorted(counts.items(), key=lambda item: str(item[0]))
    ]


def chosen(selection, tag_values):
    """Everything that narrows the list, each with the address of the list without it."""
    rows = []
    if selection.text:
        rows.append(Value(f"“{selection.text}”", selection.address(q=None)))
    if selection.first or selection.last:
        rows.append(Value(f"{selection.first or '…'}–{selection.last or '…'}", selection.address(**NO_YEARS)))
    if selection.decade:
        rows.append(Value(decade_name(selection.decade), selection.address(decade=None)))
    for slug in selection.tags:
        label = tag_values[slug].label if slug in tag_values else slug
        rows.append(Value(label, selection.address(tag=[other for other in selection.tags if other != slug])))
    if selection.design:
        rows.append(Value(design_name(selection.design), selection.address(design=None)))
    if selection.language:
        rows.append(Value(language_name(selection.language), selection.address(language=None)))
    if selection.notes:
        rows.append(Value(_("Notes by the author"), selection.address(notes=None)))
    if selection.fulltext:
        rows.append(Value(_("Free full text"), selection.address(fulltext=None)))
    return rows


def orders(selection):
    labels = (_("oldest first"), _("newest first"), _("by author"), _("latest added"))
    return [
        Value(label, selection.address(sort=name if name != "oldest" else None), chosen=name == selection.sort)
        for name, label in zip(ORDERS, labels, strict=True)
    ]
