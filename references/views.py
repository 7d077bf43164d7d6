from datetime import date

from babel.dates import format_date
from django.core.paginator import Paginator
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language

from publishing import richtext

from . import facets, timeline
from .filters import Selection
from .models import Authorship, Notes, Person, Reference

PER_PAGE = 50
NAMES_SHOWN = 20


def library(request):
    selection = Selection(request.GET, request.path)
    years, tags = facets.years(selection), facets.tags(selection)
    shown = sum(row["shown"] for row in years)
    paginator = Paginator(_listed(selection.works()), PER_PAGE)
    paginator.count = shown  # known already: one query less
    if selection.page > paginator.num_pages:
        selection.ignore("page", str(selection.page))
    dated = [row["year"] for row in years if row["year"] is not None]
    page = paginator.get_page(selection.page)
    _quieten_repeated_years(page)
    context = {
        "selection": selection,
        "page": page,
        "before": selection.address(page=page.number - 1 if page.number > 2 else None),
        "after": selection.address(page=page.number + 1),
        "total": sum(row["total"] for row in years),
        "shown": shown,
        "span": (dated[0], dated[-1]) if dated else (),
        "timeline": timeline.draw(years, selection),
        "facets": facets.facets(selection, years, tags),
        "chosen": facets.chosen(selection, tags),
        "orders": facets.orders(selection),
    }
    return render(request, "references/library.html", context)


def _quieten_repeated_years(works):
    """In a list by year, a year is said once and only hinted at below."""
    previous = None
    for work in works:
        work.same_year = previous == work.year and work.year is not None
        previous = work.year


def _listed(references):
    """What a list of works needs of each, and nothing long."""
    notes = Notes.objects.published().filter(reference=OuterRef("pk"))
    return references.defer("abstract", "citation_html", "record_note").annotate(has_notes=Exists(notes))


def reference(request, citekey):
    people = Authorship.objects.select_related("person").annotate(
        works=Count("person__authorships__reference", distinct=True)
    )
    found = get_object_or_404(Reference.objects.prefetch_related(Prefetch("authorships", people), "tags"), citekey=citekey)
    authorships = found.authorships.all()
    earlier, later = _neighbours(found)
    context = {
        "reference": found,
        "authors": [row for row in authorships if row.role == "author"],
        "people": authorships[:NAMES_SHOWN],
        "more_people": authorships[NAMES_SHOWN:],
        "published_on": _published_on(found),
        "notes": Notes.objects.published().filter(reference=found).first(),
        "cited_in": found.cited_in(),
        "citation": richtext.text_of(found.citation_html),
        "earlier": earlier,
        "later": later,
    }
    return render(request, "references/reference.html", context)


def _neighbours(reference):
    """The work before and the work after in the order of the library; works without a year have none."""
    if reference.year is None:
        return None, None
    works = Reference.objects.filter(year__isnull=False).with_people()
    year, key, pk = reference.year, reference.sort_key, reference.pk
    before = Q(year__lt=year) | Q(year=year, sort_key__lt=key) | Q(year=year, sort_key=key, pk__lt=pk)
    after = Q(year__gt=year) | Q(year=year, sort_key__gt=key) | Q(year=year, sort_key=key, pk__gt=pk)
    return (
        works.filter(before).order_by("-year", "-sort_key", "-pk").first(),
        works.filter(after).order_by("year", "sort_key", "pk").first(),
    )


def _published_on(reference):
    """“28 July 1945” or “July 1945”; nothing where only the year is known."""
    if not (reference.year and reference.month):
        return ""
    pattern = "d MMMM y" if reference.day else "MMMM y"
    try:
        day = date(reference.year, reference.month, reference.day or 1)
    except ValueError:
        return reference.issued_iso
    return format_date(day, pattern, locale=get_language() or "en")


def person(request, slug):
    found = get_object_or_404(Person, slug=slug)
    roles = dict(found.authorships.values_list("reference", "role").order_by("-role"))
    works = list(_listed(Reference.objects.filter(pk__in=roles)).order_by(F("year").asc(nulls_last=True), "sort_key", "pk"))
    for work in works:
        work.role = roles[work.pk]
    _quieten_repeated_years(works)
    return render(request, "references/person.html", {"person": found, "works": works})
