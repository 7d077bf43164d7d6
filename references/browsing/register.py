"""The register of names: all of them with the years they were in use, and one with everybody who
used it."""

from django.db.models import Exists, Max, Min, OuterRef
from django.shortcuts import get_object_or_404, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from publishing.search import fold
from publishing.shortcuts import page_of

from .. import axis
from ..models import Condition, Name, NameUse, Notes
from .facets import Choice

PER_PAGE = 200
ORDERS = ("year", "name", "language")


def register(request):
    """The names of every condition, condition by condition. Five queries whatever there is."""
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
    """`({name id: years}, {name id: the first work that uses it})`."""
    years, first = {name.pk: [] for name in names}, {}
    uses = NameUse.objects.filter(name__in=names).select_related("reference")
    uses = uses.defer("reference__abstract", "reference__citation_html")
    for use in uses.order_by("reference__year", "reference__sort_key", "pk"):
        if use.reference.year is not None:
            years[use.name_id].append(use.reference.year)
            first.setdefault(use.name_id, use.reference)
    return years, first


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
    notes = Notes.objects.published().filter(reference=OuterRef("reference"))
    uses = found.uses.select_related("reference").defer(
        "reference__abstract", "reference__citation_html"
    )
    uses = list(uses.annotate(has_notes=Exists(notes)))
    others = list(
        Name.objects.with_years().filter(condition=found.condition_id).exclude(pk=found.pk)
    )
    span = [year for other in (found, *others) for year in (other.first, other.last) if year]
    scale = axis.scale(span + [use.reference.year for use in uses if use.reference.year])
    for before, use in zip([None, *uses], uses, strict=False):
        use.same_year = (
            before is not None and before.reference.year == use.reference.year is not None
        )
    context = {
        "subject": found,
        "name": found,
        "uses": uses,
        "page": page_of(uses, request, PER_PAGE),
        "others": sorted(others, key=_key("year"))[:PER_PAGE],
        "scale": scale,
        "strip": axis.strip(
            [use.reference.year for use in uses if use.reference.year],
            scale,
            found.first,
            found.last,
        ),
        "places": _places(uses),
    }
    return render(request, "references/name.html", context)


def _places(uses):
    """Where it was used: each country once, in the order of the years."""
    return list(
        dict.fromkeys(
            capfirst(use.reference.country_label) for use in uses if use.reference.country
        )
    )
