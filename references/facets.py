"""What can be chosen in the library and how many works each choice leaves, in four queries whatever there is."""

from dataclasses import dataclass

from django.db.models import Count, Q, Value
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from taggit.models import Tag

from publishing.languages import country_name, language_name

from .filters import ORDERS, TAGGED, UNDATED, WITH_FULL_TEXT, with_notes
from .models import Reference
from .vocabulary import STUDY_DESIGNS, ReadingState

OPEN_VALUES = 8
NO_YEARS = {"from": None, "to": None}


@dataclass
class Choice:
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


def reading_name(state):
    return str(ReadingState(state).label) if state in ReadingState.values else state


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
    """`{slug: Choice}` of every tag in the library, those that fit nothing any more too."""
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
    return Choice(capfirst(name), selection.address(tag=others if chosen else [*others, slug]), count, chosen)


def facets(selection, year_rows, tag_values):
    having = [
        _choice(selection, _("Notes by the author"), "notes", "yes", sum(row["notes"] for row in year_rows)),
        _choice(selection, _("Free full text"), "fulltext", "yes", sum(row["full"] for row in year_rows)),
    ]
    columns = _columns(selection)
    found = [
        Facet(_("Subject"), list(tag_values.values())),
        Facet(_("Kind of study"), columns["design"]),
        Facet(_("Language"), columns["language"]),
        Facet(_("Country"), columns["country"]),
        Facet(_("Decade"), _decades(selection, year_rows)),
        Facet(_("Reading"), columns["reading"]),
        Facet(_("Having"), having),
    ]
    for facet in found:
        facet.values = [value for value in facet.values if value.count or value.chosen]
    return [facet for facet in found if facet.values]


def _choice(selection, label, name, value, count, **also):
    chosen = selection.values()[name] == value
    return Choice(str(label), selection.address(**{name: None if chosen else value}, **also), count, chosen)


# The facets of one column: what they are called in the address, and how a value is said.
COLUMNS = {
    "design": ("study_design", design_name),
    "language": ("language", language_name),
    "country": ("country", country_name),
    "reading": ("reading_state", reading_name),
}


def _columns(selection):
    """`{name: choices}`. A facet's own choice is left out of its counts: another value replaces it. One query."""
    parts = [
        Reference.objects.filter(selection.q(name))
        .exclude(**{column: ""})
        .order_by()
        .values_list(Value(name), column)
        .annotate(works=Count("pk"))
        for name, (column, _label) in COLUMNS.items()
    ]
    found = {name: [] for name in COLUMNS}
    for name, value, count in parts[0].union(*parts[1:], all=True):
        found[name].append(_choice(selection, COLUMNS[name][1](value), name, value, count))
    return {name: sorted(choices, key=lambda each: (-each.count, each.label)) for name, choices in found.items()}


def _decades(selection, year_rows):
    counts = {}
    for row in year_rows:
        decade = UNDATED if row["year"] is None else row["year"] // 10 * 10
        counts[decade] = counts.get(decade, 0) + row["others"]
    return [
        _choice(selection, decade_name(decade), "decade", decade, count, **NO_YEARS)
        for decade, count in sorted(counts.items(), key=lambda item: str(item[0]))
    ]


def chosen(selection, tag_values):
    """Everything that narrows the list, each with the address of the list without it."""
    rows = []
    if selection.text:
        rows.append(Choice(f"“{selection.text}”", selection.address(q=None)))
    if selection.first or selection.last:
        rows.append(Choice(f"{selection.first or '…'}–{selection.last or '…'}", selection.address(**NO_YEARS)))
    if selection.decade:
        rows.append(Choice(decade_name(selection.decade), selection.address(decade=None)))
    for slug in selection.tags:
        label = tag_values[slug].label if slug in tag_values else slug
        rows.append(Choice(label, selection.address(tag=[other for other in selection.tags if other != slug])))
    if selection.design:
        rows.append(Choice(design_name(selection.design), selection.address(design=None)))
    if selection.person:
        rows.append(Choice(selection.person.name, selection.address(person=None)))
    if selection.language:
        rows.append(Choice(language_name(selection.language), selection.address(language=None)))
    if selection.country:
        rows.append(Choice(country_name(selection.country), selection.address(country=None)))
    if selection.reading:
        rows.append(Choice(reading_name(selection.reading), selection.address(reading=None)))
    if selection.notes:
        rows.append(Choice(_("Notes by the author"), selection.address(notes=None)))
    if selection.fulltext:
        rows.append(Choice(_("Free full text"), selection.address(fulltext=None)))
    return rows


def orders(selection):
    labels = (_("oldest first"), _("newest first"), _("by author"), _("latest added"))
    return [
        Choice(label, selection.address(sort=name if name != "oldest" else None), chosen=name == selection.sort)
        for name, label in zip(ORDERS, labels, strict=True)
    ]
