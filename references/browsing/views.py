from datetime import date

from babel.dates import format_date, format_interval, format_skeleton
from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
)
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language

from publishing import search
from publishing.limits import limited
from publishing.richtext import sanitise
from publishing.richtext.sanitise import strip_control
from publishing.shortcuts import page_of
from publishing.tags import MOST as SUBJECTS_SHOWN

from .. import synonyms
from ..citing.records import SUBJECTS
from ..exporting import metadata
from ..formats import dates
from ..models import Authorship, Notes, Person, Reference, Relation
from ..vocabulary import ReadingState
from . import counts as facet_counts
from . import evidence, facets, lineage, timeline
from .selection import Selection, with_notes

PER_PAGE = 50
PEOPLE_A_PAGE = WORKS_A_PAGE = 100
NAMES_SHOWN = 20


@limited("searches", asked="q")
def library(request):
    selection = Selection(request.GET, request.path)
    counts = facet_counts.FacetCounts(selection)
    tags = facets.tags(selection, counts)
    paginator = Paginator(_listed(selection.works()), PER_PAGE)
    paginator.count = counts.shown  # known already: one query less
    if selection.page > paginator.num_pages:
        selection.ignore("page", str(selection.page))
    dated = [row["year"] for row in counts.years if row["year"] is not None]
    page = paginator.get_page(selection.page)
    _quieten_repeated_years(page)
    context = {
        "selection": selection,
        "export_base": reverse("references:library") + "export",
        "page": page,
        "before": selection.address(page=page.number - 1 if page.number > 2 else None),
        "after": selection.address(page=page.number + 1),
        "total": counts.total,
        "shown": counts.shown,
        "span": (dated[0], dated[-1]) if dated else (),
        "timeline": timeline.draw(counts.years, selection),
        "facets": facets.facets(selection, counts, tags),
        "chosen": facets.chosen(selection, tags),
        "orders": facets.orders(selection),
        "also": _also(selection) if selection.text else (),
    }
    return render(request, "references/library.html", context)


def _also(selection):
    """What else is found by the words asked for, and why."""
    phrases = search.parse(selection.query).phrases()
    return [*synonyms.expand(phrases)[:1], *synonyms.in_other_words(phrases)]


def _quieten_repeated_years(works):
    """In a list by year, a year is said once and only hinted at below."""
    previous = None
    for work in works:
        work.same_year = previous == work.year and work.year is not None
        previous = work.year


def _listed(references):
    """What a list of works needs of each, and nothing long."""
    notes = Notes.objects.published().filter(reference=OuterRef("pk"))
    return references.defer("abstract", "citation_html").annotate(has_notes=Exists(notes))


def reference(request, citekey):
    found = get_object_or_404(_known(), citekey=citekey)
    return reference_page(
        request, found, found.notes if found.noted else None, list(found.tags.all())
    )


def preview(request, reference, notes, tags=None):
    """A work that is stored, with what is in hand of its fields and its notes, as readers would see
    it."""
    found = _known().get(pk=reference.pk)
    for field in reference._meta.concrete_fields:
        setattr(found, field.attname, getattr(reference, field.attname))
    return reference_page(request, found, notes, list(found.tags.all()) if tags is None else tags)


def _known():
    works = Authorship.objects.filter(person=OuterRef("person")).order_by().values("person")
    people = Authorship.objects.select_related("person").annotate(
        works=Subquery(works.annotate(number=Count("reference", distinct=True)).values("number"))
    )
    known = Reference.objects.select_related("facts", "notes").annotate(
        noted=ExpressionWrapper(with_notes(), BooleanField())
    )
    return known.prefetch_related(Prefetch("authorships", people), *SUBJECTS)


def reference_page(request, found, notes, tags):
    authorships = found.authorships.all()
    earlier, later = _neighbours(found)
    tags = tags[:SUBJECTS_SHOWN]  # a file of records may have brought in more than a form takes
    context = {
        "subject": found,
        "reference": found,
        "tags": tags,
        "authors": [row for row in authorships if row.role == "author"],
        "authorships": authorships,
        "people": authorships[:NAMES_SHOWN],
        "more_people": authorships[NAMES_SHOWN:],
        "published_on": _published_on(found),
        "facts": evidence.told(found),
        "names": list(found.name_uses.select_related("name")),
        "notes": notes,
        "lineage": lineage.lineage(found, tags),
        "related": lineage.related(found, tags),
        "cited_in": found.cited_in(),
        "relations": Relation.shown_of(found),
        "said": sorted(found.notices.all(), key=lambda notice: not notice.grave),
        "vocabularies": _vocabularies(found),
        "citation": sanitise.text_of(found.citation_html),
        "earlier": earlier,
        "later": later,
    }
    response = render(request, "references/reference.html", context)
    response["Link"] = metadata.link_header(found)
    return response


def _vocabularies(reference):
    """`[(name of a vocabulary, its words)]`, what the work is mainly about first."""
    found = {}
    for word in reference.keywords.all():
        found.setdefault(word.get_vocabulary_display(), []).append(word)
    return [(name, sorted(words, key=lambda word: not word.major)) for name, words in found.items()]


def _neighbours(reference):
    """The work before and the work after in the order of the library; works without a year have
    none. One query."""
    if reference.year is None:
        return None, None
    works = Reference.objects.filter(year__isnull=False)
    year, key, pk = reference.year, reference.sort_key, reference.pk
    before = (
        Q(year__lt=year) | Q(year=year, sort_key__lt=key) | Q(year=year, sort_key=key, pk__lt=pk)
    )
    after = (
        Q(year__gt=year) | Q(year=year, sort_key__gt=key) | Q(year=year, sort_key=key, pk__gt=pk)
    )
    nearest = Q(
        pk=Subquery(works.filter(before).order_by("-year", "-sort_key", "-pk").values("pk")[:1])
    ) | Q(pk=Subquery(works.filter(after).order_by("year", "sort_key", "pk").values("pk")[:1]))
    found = {
        (each.year, each.sort_key, each.pk) < (year, key, pk): each
        for each in works.filter(nearest).defer(*lineage.LONG)
    }
    return found.get(True), found.get(False)


def pdf(request, citekey):
    """The author's copy of a work: for everybody under a stated licence, else for who may see the
    library's records."""
    found = get_object_or_404(Reference.objects.exclude(pdf=""), citekey=citekey)
    public = bool(found.pdf_licence)
    if not (public or request.user.has_perm("references.view_reference")):
        raise Http404
    try:
        file = found.pdf.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(
        file, content_type="application/pdf", filename=f"{slugify(found.citekey) or 'work'}.pdf"
    )
    # What a file holds is not ours: it may load and run nothing here.
    response["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"
    )
    if not public:
        response["Cache-Control"] = "private, no-store"
    return response


def wanted(request):
    """What the author is still looking for."""
    works = _listed(Reference.objects.filter(reading_state=ReadingState.WANTED)).order_by(
        F("year").asc(nulls_last=True), "sort_key", "pk"
    )
    page = page_of(works, request, WORKS_A_PAGE)
    _quieten_repeated_years(page.object_list)
    return render(request, "references/wanted.html", {"works": page})


def people(request):
    """Everybody in the library, by name; some of them by the beginning of a name."""
    text = strip_control(request.GET.get("q", "")).strip()[:100]
    counted = Person.objects.annotate(works=Count("authorships__reference", distinct=True))
    found = counted.defer("biography", "biography_html").order_by("sort_key", "pk")
    ids = search.matching(text, "person", loose=True) if text else None
    if text:
        found = found.none() if ids is None else found.filter(pk__in=ids)
    page = page_of(found, request, PEOPLE_A_PAGE)
    return render(
        request,
        "references/people.html",
        {"page": page, "text": text, "total": page.paginator.count},
    )


def _published_on(reference):
    """“28 July 1945”, “March–April 1998”, “Spring 1998”; nothing where only the year is known."""
    if reference.year and reference.season:
        return f"{reference.get_season_display()} {reference.year_text}"
    if not (reference.year and reference.month):
        return ""
    language = get_language() or settings.LANGUAGE_CODE
    try:
        return _day_text(dates.date_of(reference), {"en": "en_GB"}.get(language, language))
    except ValueError:
        return reference.issued_iso


def _day_text(found, locale):
    day, end = date(found.year, found.month, found.day or 1), found.end
    if end and end[1]:
        return format_interval(
            day, date(end[0], end[1], end[2] or 1), "yMMMMd" if end[2] else "yMMMM", locale=locale
        )
    return (
        format_date(day, "long", locale=locale)
        if found.day
        else format_skeleton("yMMMM", day, locale=locale)
    )


def person(request, slug):
    found = get_object_or_404(Person, slug=slug)
    own = found.authorships.order_by().values("reference")
    works = _listed(Reference.objects.filter(pk__in=own)).order_by(
        F("year").asc(nulls_last=True), "sort_key", "pk"
    )
    page = page_of(works, request, WORKS_A_PAGE)
    rows = found.authorships.filter(reference__in=page.object_list)
    roles = dict(rows.values_list("reference", "role").order_by("-role"))
    for work in page:
        work.role = roles[work.pk]
    _quieten_repeated_years(page.object_list)
    return render(
        request, "references/person.html", {"subject": found, "person": found, "works": page}
    )
