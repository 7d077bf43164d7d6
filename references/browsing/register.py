"""The register of names: all of them with the years they were in use, and one with everybody who
used it."""

from django.db.models import Exists, Max, Min, OuterRef
from django.shortcuts import get_object_or_404, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from publishing.languages import country_name
from publishing.search import fold
from publishing.shortcuts import page_of

from .. import axis
from ..models import Condition, Name, NameUse, Notes, Reference
from .facets import Choice
from .lineage import LONG

PER_PAGE = 200
ORDERS = ("year", "name", "language")


def register(request):
    """The names of every condition, condition by condition. Six queries whatever there is."""
    order = request.GET.get("sort", "")
    order = order if order in ORDERS else "year"
    conditions = list(Condition.objects.all())
    place = {condition.pk: at for at, condition in enumerate(conditions)}
    every = list(Name.objects.with_years().select_related("coined_by"))
    every.sort(key=_key(order))
    every.sort(key=lambda name: place[name.condition_id])
    page = page_of(every, request, PER_PAGE)
    names = page.object_list
    years, first_met = _uses(names)
    known = NameUse.objects.aggregate(first=Min("reference__year"), last=Max("reference__year"))
    scale = axis.scale([year for year in known.values() if year is not None])
    for name in names:
        name.strip = axis.strip(years[name.pk], scale, name.first, name.last)
        name.first_met = name.coined_by or first_met.get(name.pk)
    groups = [
        (each, [name for name in names if name.condition_id == each.pk]) for each in conditions
    ]
    context = {
        "groups": [(condition, rows) for condition, rows in groups if rows],
        "total": len(every),
        "page": page,
        "scale": scale,
        "orders": _orders(request, order),
    }
    return render(request, "references/names.html", context)


def _uses(names):
    """`({name id: years}, {name id: the first work that uses it})`. Of the works in between only
    the year is read."""
    years, first = {name.pk: [] for name in names}, {}
    uses = NameUse.objects.filter(name__in=names, reference__year__isnull=False)
    for name, work, year in uses.values_list("name_id", "reference_id", "reference__year"):
        years[name].append(year)
        first.setdefault(name, work)
    works = Reference.objects.defer(*LONG).in_bulk(set(first.values()))
    return years, {name: works[work] for name, work in first.items() if work in works}


def _key(order):
    if order == "name":
        return lambda name: fold(name.title)
    if order == "language":
        return lambda name: (name.language_label, name.first or 9999, fold(name.title))
    return lambda name: (name.first or 9999, fold(name.title))


def _orders(request, chosen):
    labels = {"year": _("by year"), "name": _("by name"), "language": _("by language")}
    return [
        Choice(
            label,
            request.path if order == "year" else f"{request.path}?sort={order}",
            chosen=order == chosen,
        )
        for order, label in labels.items()
    ]


def name(request, slug):
    found = get_object_or_404(
        Name.objects.with_years().select_related("condition", "coined_by"), slug=slug
    )
    uses = found.uses.all()
    met = list(uses.values_list("reference__year", "reference__country"))
    years = [year for year, _country in met if year]
    page = page_of(_shown(uses), request, PER_PAGE)
    others = list(
        Name.objects.with_years().filter(condition=found.condition_id).exclude(pk=found.pk)
    )
    span = [year for other in (found, *others) for year in (other.first, other.last) if year]
    scale = axis.scale(span + years)
    context = {
        "subject": found,
        "name": found,
        "total": len(met),
        "first_use": page[0] if met and page.number == 1 else _shown(uses).first(),
        "page": _marked(page, met),
        "others": sorted(others, key=_key("year"))[:PER_PAGE],
        "scale": scale,
        "strip": axis.strip(years, scale, found.first, found.last),
        "places": _places(met),
    }
    return render(request, "references/name.html", context)


def _places(met):
    """Where it was used: each country once, in the order of the years."""
    codes = dict.fromkeys(code for _year, code in met if code)
    return list(dict.fromkeys(capfirst(country_name(code)) for code in codes))


def _shown(uses):
    """Uses with what is shown of their works."""
    notes = Notes.objects.published().filter(reference=OuterRef("reference"))
    long = (f"reference__{name}" for name in LONG)
    return uses.select_related("reference").defer(*long).annotate(has_notes=Exists(notes))


def _marked(page, met):
    """Each use on the page knows whether it is of the same year as the one before it."""
    years = [None, *(year for year, _country in met)]
    for at, use in enumerate(page, page.start_index()):
        use.same_year = use.reference.year is not None and years[at - 1 : at] == [
            use.reference.year
        ]
    return page
