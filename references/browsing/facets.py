"""What can be chosen in the library, in words, with the address it leads to; `counts` has the
numbers."""

import heapq
from dataclasses import dataclass

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from taggit.models import Tag

from publishing import tags as subjects
from publishing.languages import country_name, language_name

from ..models import Keyword
from ..models.keywords import folded
from ..vocabulary import STUDY_DESIGNS, ReadingState
from .selection import ORDERS, UNDATED

OPEN_VALUES = 8
NO_YEARS = {"from": None, "to": None}


# Offered to narrow a list by; a file of records may bring ten thousand subjects.
MOST_TAGS = 100


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
    always: int = OPEN_VALUES

    @property
    def open(self):
        """The values always seen: the most frequent and whatever is chosen."""
        return [
            value for index, value in enumerate(self.values) if index < self.always or value.chosen
        ]

    @property
    def more(self):
        return [value for value in self.values[self.always :] if not value.chosen]


def decade_name(decade):
    return _("No year") if decade == UNDATED else _("%(decade)ss") % {"decade": decade}


def design_name(design):
    return str(STUDY_DESIGNS.get(design, design))


def reading_name(state):
    return str(ReadingState(state).label) if state in ReadingState.values else state


def _tag(selection, tag, count):
    chosen = tag.slug in selection.tags
    others = [other for other in selection.tags if other != tag.slug]
    address = selection.address(tag=others if chosen else [*others, tag.slug])
    return Choice(capfirst(subjects.shown(tag)), address, count, chosen)


def facets(selection, facet_counts, tag_choices):
    columns = {
        name: _column(selection, facet_counts, name, label) for name, label in LABELS.items()
    }
    having = [
        _choice(
            selection,
            _("Notes by the author"),
            "notes",
            "yes",
            facet_counts.values["notes"].get("yes", 0),
        ),
        _choice(
            selection,
            _("Free full text"),
            "fulltext",
            "yes",
            facet_counts.values["fulltext"].get("yes", 0),
        ),
    ]
    found = [
        Facet(_("Subject"), list(tag_choices.values())),
        Facet(_("Keyword"), _terms(selection, facet_counts)),
        Facet(_("Kind of study"), columns["design"]),
        *stated(selection, facet_counts.values),
        Facet(_("Language"), columns["language"]),
        Facet(_("Country"), columns["country"]),
        Facet(_("Decade"), _decades(selection, facet_counts)),
        Facet(_("Reading"), columns["reading"]),
        Facet(_("Having"), having),
    ]
    for facet in found:
        facet.values = [value for value in facet.values if value.count or value.chosen]
    return [facet for facet in found if facet.values]


def _choice(selection, label, name, value, count, **also):
    chosen = selection.values()[name] == value
    return Choice(
        str(label), selection.address(**{name: None if chosen else value}, **also), count, chosen
    )


LABELS = {
    "design": design_name,
    "language": language_name,
    "country": country_name,
    "reading": reading_name,
}


def fact_names():
    """What the facts of a study are called that one can choose by."""
    return {
        "intervention": _("Intervention"),
        "outcome": _("Outcome"),
        "population": _("Population"),
        "follow-up": _("Follow-up"),
    }


def stated(selection, values):
    """Facets of what studies state of themselves; `values`: `{name: {value: works}}`."""
    for name, title in fact_names().items():
        found = [
            _choice(selection, capfirst(value), name, value, count)
            for value, count in values[name].items()
        ]
        yield Facet(title, sorted(found, key=lambda value: (-value.count, value.label)))


def _column(selection, facet_counts, name, label):
    values = [
        _choice(selection, label(value), name, value, count)
        for value, count in facet_counts.values[name].items()
    ]
    return sorted(values, key=lambda value: (-value.count, value.label))


def tags(selection, facet_counts):
    """`{slug: Choice}` of the subjects most of the works shown have, and of those chosen even if
    they fit nothing any more."""
    counts = {int(pk): count for pk, count in facet_counts.values["tag"].items()}
    most = heapq.nsmallest(MOST_TAGS, counts, key=lambda pk: (-counts[pk], pk))
    wanted = Tag.objects.filter(Q(pk__in=most) | Q(slug__in=selection.tags))
    wanted = subjects.named(wanted)
    found = {tag.slug: _tag(selection, tag, counts.get(tag.pk, 0)) for tag in wanted}
    return dict(sorted(found.items(), key=lambda item: (-item[1].count, item[1].label)))


def _terms(selection, facet_counts):
    """The most frequent keywords of databases and authors, as one of them is written."""
    values = [
        _choice(selection, capfirst(label), "term", folded(label), count)
        for label, count in facet_counts.values["term"].items()
    ]
    return sorted(values, key=lambda value: (-value.count, value.label))


def term_name(term):
    """As a database writes it that is looked for in one spelling."""
    found = Keyword.objects.filter(folded=term).order_by().values_list("term", flat=True).first()
    return capfirst(found or term)


def _decades(selection, facet_counts):
    counts = {}
    for row in facet_counts.years:
        decade = UNDATED if row["year"] is None else row["year"] // 10 * 10
        counts[decade] = counts.get(decade, 0) + row["others"]
    return [
        _choice(selection, decade_name(decade), "decade", decade, count, **NO_YEARS)
        for decade, count in sorted(counts.items(), key=lambda item: str(item[0]))
    ]


def chosen(selection, tag_choices):
    """Everything that narrows the list, each with the address of the list without it."""
    rows = []
    if selection.text:
        rows.append(Choice(_("“%(query)s”") % {"query": selection.text}, selection.address(q=None)))
    if selection.first or selection.last:
        rows.append(
            Choice(
                f"{selection.first or '…'}–{selection.last or '…'}", selection.address(**NO_YEARS)
            )
        )
    if selection.decade:
        rows.append(Choice(decade_name(selection.decade), selection.address(decade=None)))
    for slug in selection.tags:
        label = tag_choices[slug].label if slug in tag_choices else slug
        rows.append(
            Choice(
                label, selection.address(tag=[other for other in selection.tags if other != slug])
            )
        )
    if selection.term:
        rows.append(Choice(term_name(selection.term), selection.address(term=None)))
    if selection.design:
        rows.append(Choice(design_name(selection.design), selection.address(design=None)))
    for name, value in selection.facts.items():
        if value:
            rows.append(Choice(capfirst(value), selection.address(**{name: None})))
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
        Choice(
            label,
            selection.address(sort=name if name != "oldest" else None),
            chosen=name == selection.sort,
        )
        for name, label in zip(ORDERS, labels, strict=True)
    ]
