"""The addresses of exports: the library or what a filter leaves of it, one work, and a work in each
style."""

from django.shortcuts import get_object_or_404, render

from publishing.limits import limited

from .. import csl
from ..citing import entries
from ..exporting import files
from ..models import Reference
from .selection import Selection


@limited("searches", asked="q")
def library(request, ending):
    """The list as the same query string shows it, all pages of it."""
    return files.as_file(Selection(request.GET, request.path).works(), ending, "references")


def reference(request, citekey, ending):
    found = get_object_or_404(Reference, citekey=citekey)
    return files.as_file(Reference.objects.filter(pk=found.pk), ending, found.citekey)


def styles(request, citekey):
    """One work in every style and language, to be copied."""
    found = get_object_or_404(
        Reference.objects.with_people().prefetch_related("tags"), citekey=citekey
    )
    context = {
        "reference": found,
        "styles": [(language, entries.named_styles(found, language)) for language in csl.LOCALES],
    }
    return render(request, "references/styles.html", context)
