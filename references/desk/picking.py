"""What the editor's citation button asks for: works of the library by author, year, title or
citekey; with `?keys=` the names of works a text cites already. Staff only."""

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import JsonResponse
from django.utils.text import capfirst
from django.views.decorators.http import require_safe
from taggit.models import Tag

from publishing import search, tags
from publishing.richtext import links, sanitise
from publishing.search.words import tokens

from ..browsing import evidence
from ..browsing.facets import design_name
from ..models import Reference
from ..pictures import telling

MOST, MOST_SUBJECTS = 20, 200
LOOKED_THROUGH = 500


@require_safe
def reference_pick(request):
    if not request.user.has_perm("references.view_reference"):
        raise PermissionDenied
    keys = request.GET.get("keys", "").split()[:500]
    found = (
        Reference.objects.with_people().filter(citekey__in=keys)
        if keys
        else pick(request.GET.get("q", ""))
    )
    return JsonResponse({"references": [as_json(reference) for reference in found]})


def pick(query):
    """Up to twenty works that have every word of `query` in their names, titles, year or citekey,
    accents aside."""
    query = query[:200]
    words = tokens(query)
    works = Reference.objects.with_people()
    if not words:
        return works.order_by("-changed", "-pk")[:MOST]
    # The index knows abstracts and notes too: it finds the candidates, the names decide.
    ids = search.matching(query, "reference", loose=True)
    found = works.none() if ids is None else works.filter(pk__in=ids)
    candidates = found.order_by(F("year").asc(nulls_last=True), "sort_key", "pk")[:LOOKED_THROUGH]
    return [reference for reference in candidates if _has(reference, words)][:MOST]


def _has(reference, words):
    names = [row.person.name for row in reference.authorships.all()]
    titles = [reference.title, reference.original_title, reference.translated_title]
    known = tokens(" ".join([*names, *titles, str(reference.year or ""), reference.citekey]))
    return all(any(each.startswith(word) for each in known) for word in words)


@require_safe
def picture_pick(request):
    """What the editor's dialog for pictures of the evidence offers: the pictures, and what the
    studies shown can be chosen by."""
    if not request.user.has_perm("references.view_reference"):
        raise PermissionDenied
    works = evidence.studies()
    designs = works.exclude(study_design="").order_by().values_list("study_design", flat=True)
    tagged = tags.items_of(Reference).filter(object_id__in=works.values("pk"))
    subjects = Tag.objects.filter(pk__in=tagged.values("tag")).order_by("name")
    found = {
        "address": links.address("references:pictures"),
        "pictures": [[name, said[0]] for name, said in telling.words().items()],
        "designs": [[each, capfirst(design_name(each))] for each in sorted(set(designs))],
        "subjects": [[each.slug, each.name] for each in subjects[:MOST_SUBJECTS]],
    }
    return JsonResponse(found)


def as_json(reference):
    """A work as the citing dialog lists it."""
    return {
        "citekey": reference.citekey,
        "label": reference.label,
        "title": (
            f"{reference.warning}: {reference.display_title}"
            if reference.warning
            else reference.display_title
        ),
        "citation": sanitise.text_of(reference.citation_html),
    }
