from datetime import date
from functools import partial

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language
from taggit.models import Tag, TaggedItem

from publishing import cldr, search
from publishing import tags as subjects
from publishing.compiled import Compiled
from publishing.http import parts
from publishing.later import later as imported_later
from publishing.limits import limited
from publishing.richtext import sanitise
from publishing.richtext.sanitise import strip_control
from publishing.shortcuts import page_of

from .. import synonyms
from ..exporting import metadata
from ..formats import dates
from ..models import (
    IN_LISTS,
    Authorship,
    Citation,
    Cites,
    Keyword,
    NameUse,
    Notes,
    Person,
    Reference,
    Relation,
    WorkNotice,
)
from ..notices import checked
from ..vocabulary import ReadingState
from . import counts as facet_counts
from . import evidence, facets, lineage, timeline
from .selection import ORDERS, Selection, with_notes

babel_dates = imported_later("babel.dates")

PER_PAGE = 50
PEOPLE_A_PAGE = WORKS_A_PAGE = 100
NAMES_SHOWN, PEOPLE_SHOWN = 20, 500


@limited("searches", asked="q")
def library(request):
    selection = Selection(request.GET, request.path)
    whole = selection.address() == selection.path
    # The list as it is most often asked for.
    kept = partial(parts.kept, ("library", get_language())) if whole else _now
    counts, tags, choices, years = kept(lambda: _choices(selection))
    works = _first_works() if whole and selection.page == 1 else _listed(selection.works())
    paginator = Paginator(works, PER_PAGE)
    paginator.count = counts.shown  # known already: one query less
    if selection.page > paginator.num_pages:
        selection.ignore("page", str(selection.page))
    dated = [row["year"] for row in counts.years if row["year"] is not None]
    page = paginator.get_page(selection.page)
    page.object_list = list(page.object_list)
    _quieten_repeated_years(page.object_list)
    context = {
        "selection": selection,
        "export_base": reverse("references:library") + "export",
        "page": page,
        "before": selection.address(page=page.number - 1 if page.number > 2 else None),
        "after": selection.address(page=page.number + 1),
        "total": counts.total,
        "shown": counts.shown,
        "span": (dated[0], dated[-1]) if dated else (),
        "timeline": years,
        "facets": choices,
        "kept": "" if whole else None,
        "chosen": facets.chosen(selection, tags),
        "orders": facets.orders(selection),
        "also": _also(selection) if selection.text else (),
        "watched": parts.kept(("watched",), checked.of_library) if whole else {},
    }
    return render(request, "references/library.html", context)


@Compiled
def _first_works():
    return _listed(Reference.objects.order_by(*ORDERS["oldest"]))[:PER_PAGE]


def _choices(selection):
    """What narrows the list, and how much each choice leaves."""
    counts = facet_counts.FacetCounts(selection)
    tags = facets.tags(selection, counts)
    choices = facets.facets(selection, counts, tags)
    return counts, tags, choices, timeline.draw(counts.years, selection)


def _now(make):
    return make()


def _also(selection):
    """What else is found by the words asked for, and why."""
    return synonyms.other_words(search.parse(selection.query).phrases())


def _quieten_repeated_years(works):
    """In a list by year, a year is said once and only hinted at below."""
    previous = None
    for work in works:
        work.same_year = previous == work.year and work.year is not None
        previous = work.year


def _listed(references):
    """What a list of works needs of each, and nothing long."""
    notes = Notes.objects.published().filter(reference=OuterRef("pk"))
    return references.only(*IN_LISTS).annotate(has_notes=Exists(notes))


def reference(request, citekey):
    found = next(iter(_at_citekey(citekey)), None)
    if found is None:
        raise Http404
    _with_people(found)
    _with_parts(found)
    return reference_page(
        request, found, found.notes if found.noted else None, list(found.tags.all())
    )


def preview(request, reference, notes, tags=None):
    """A work that is stored, with what is in hand of its fields and its notes, as readers would see
    it."""
    found = _with_parts(_with_people(_known().get(pk=reference.pk)))
    for field in reference._meta.concrete_fields:
        setattr(found, field.attname, getattr(reference, field.attname))
    return reference_page(request, found, notes, list(found.tags.all()) if tags is None else tags)


def _known():
    """Works with what their page needs, their people aside; of rows that most works have none of,
    whether there are any."""
    return Reference.objects.select_related("facts", "notes").annotate(
        noted=ExpressionWrapper(with_notes(), BooleanField()),
        **checked.annotations(),
        **{f"has_{name}": Exists(rows) for name, rows in _parts().items()},
    )


_at_citekey = Compiled(lambda citekey: _known().filter(citekey=citekey))


@Compiled
def _people_of(work):
    """The people of a work with the number of works of each."""
    works = Authorship.objects.filter(person=OuterRef("person")).order_by().values("person")
    number = Subquery(works.annotate(number=Count("reference", distinct=True)).values("number"))
    people = Authorship.objects.select_related("person").defer(
        "person__biography", "person__biography_html"
    )
    # Of thousands of authors nobody counts the works of those who are not shown.
    people = people.annotate(works=Case(When(position__lte=PEOPLE_SHOWN, then=number)))
    return people.filter(reference_id=work)


def _with_people(found):
    people = _people_of(found.pk)
    for row in people:
        row.reference = found
    found._prefetched_objects_cache = {}
    _hold(found, "authorships", Authorship, people)
    return found


@Compiled
def _names_of(work):
    return NameUse.objects.filter(reference_id=work).select_related("name")


def _parts():
    work = OuterRef("pk")
    return {
        "tags": TaggedItem.objects.filter(
            content_type_id=ContentType.objects.get_for_model(Reference).pk, object_id=work
        ),
        "keywords": Keyword.objects.filter(reference=work),
        "notices": WorkNotice.objects.filter(reference=work),
        "names": NameUse.objects.filter(reference=work),
        "citations": Citation.objects.filter(reference=work),
        "cites": Cites.objects.filter(Q(citing=work) | Q(cited=work)),
        "relations": Relation.objects.filter(Q(one=work) | Q(other=work)),
    }


def _with_parts(found):
    """The work with its subjects, keywords and notices, asked for only where there are any."""
    language = get_language() or settings.LANGUAGE_CODE
    _hold(found, "tags", Tag, _tags_of(found.pk, language) if found.has_tags else [])
    words = _keywords_of(found.pk) if found.has_keywords else []
    _hold(found, "keywords", Keyword, words)
    notices = _notices_of(found.pk) if found.has_notices else []
    _hold(found, "notices", WorkNotice, notices)
    return found


@Compiled
def _tags_of(work, language):
    items = TaggedItem.objects.filter(
        content_type_id=ContentType.objects.get_for_model(Reference).pk,
        object_id=Value(work, BigIntegerField()),  # a smaller column: what stands for it is none
    )
    rows = Tag.objects.filter(pk__in=items.values("tag"))
    return subjects.named(rows, language).order_by("pk")


_keywords_of = Compiled(lambda work: Keyword.objects.filter(reference_id=work))
_notices_of = Compiled(lambda work: WorkNotice.objects.filter(reference_id=work))


def _hold(found, name, model, rows):
    """As if they had been prefetched."""
    held = model.objects.all()
    held._result_cache, held._prefetch_done = rows, True
    found._prefetched_objects_cache[name] = held


def reference_page(request, found, notes, tags):
    authorships = list(found.authorships.all())
    tags = tags[: subjects.MOST]  # a file of records may have brought in more than a form takes
    earlier, later, related = lineage.beside(found, tags)
    context = {
        "subject": found,
        "reference": found,
        "tags": tags,
        "authors": [row for row in authorships if row.role == "author"],
        "authorships": authorships,
        "people": authorships[:NAMES_SHOWN],
        "more_people": authorships[NAMES_SHOWN:PEOPLE_SHOWN],
        "others": max(0, len(authorships) - PEOPLE_SHOWN),
        "published_on": _published_on(found),
        "facts": evidence.told(found),
        "names": _names_of(found.pk) if found.has_names else [],
        "notes": notes,
        "lineage": lineage.lineage(found, tags),
        "related": related,
        "cited_in": found.cited_in() if found.has_citations else [],
        "relations": Relation.shown_of(found) if found.has_relations else [],
        "watched": checked.of_work(found),
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
    # Counted for those shown alone, not for everybody before a page of them is cut out.
    theirs = Authorship.objects.filter(person=OuterRef("pk")).order_by().values("person")
    works = Subquery(theirs.annotate(n=Count("reference", distinct=True)).values("n"))
    found = Person.objects.annotate(works=Coalesce(works, 0)).defer("biography", "biography_html")
    found = found.order_by("sort_key", "pk")
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
        return babel_dates.format_interval(
            day, date(end[0], end[1], end[2] or 1), "yMMMMd" if end[2] else "yMMMM", locale=locale
        )
    return cldr.day_in_words(day, locale, "long" if found.day else "yMMMM")


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
