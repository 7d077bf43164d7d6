"""The glossary: words explained, all of a language on a page, and each with the texts that use
it."""

from collections import defaultdict

from django.contrib.contenttypes.models import ContentType
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language

from publishing.languages import PAGE_LANGUAGES, language_name
from publishing.models import PageLink
from publishing.search import fold
from publishing.shortcuts import page_of

from ..models import GlossaryTerm
from .facets import Choice

PER_PAGE = 200
MOST_PLACES = 50


def glossary(request):
    """The words of one language: the one asked for, else the reader's, else the first that has
    any."""
    every = sorted(GlossaryTerm.objects.all(), key=lambda term: fold(term.title))
    known = [code for code, _name in PAGE_LANGUAGES if any(t.language == code for t in every)]
    asked = (request.GET.get("language"), get_language(), *known, get_language())
    language = next((each for each in asked if each in known), get_language())
    context = {
        "page": page_of([each for each in every if each.language == language], request, PER_PAGE),
        "language": language,
        "languages": [
            Choice(language_name(code), f"{request.path}?language={code}", chosen=code == language)
            for code in known
        ],
    }
    return render(request, "references/glossary.html", context)


def term(request, slug):
    found = get_object_or_404(GlossaryTerm, slug=slug)
    context = {"subject": found, "term": found, "places": _places(found)}
    return render(request, "references/glossary_term.html", context)


def _places(term):
    """The public pages that explain it."""
    keys = defaultdict(list)
    for kind, pk in PageLink.objects.keys_of_sources([term]):
        keys[kind].append(pk)
    models = {kind: ContentType.objects.get_for_id(kind).model_class() for kind in keys}
    return [
        page
        for kind, pks in keys.items()
        for page in models[kind].objects.published().filter(pk__in=pks[:MOST_PLACES])
    ]
