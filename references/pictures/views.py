"""The evidence in pictures: one page, and each picture as a drawing and as data."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from publishing.limits import limited

from ..browsing import evidence
from ..browsing.selection import Selection
from ..exporting import files
from . import data, drawing, telling
from .studies import pictures

DRAWN = {"forest": drawing.forest, "map": drawing.outcome_map, "years": drawing.years}
LINES = {"forest": data.forest, "map": data.outcome_map, "years": data.years}


@limited("searches", asked="q")
def page(request):
    chosen = Selection(evidence.only_filters(request.GET), request.path)
    context = telling.context_of(pictures(chosen), chosen.query_string)
    context |= {
        "chosen": any(chosen.values().values()),
        "table": chosen.address().replace(request.path, reverse("references:evidence"), 1),
    }
    return render(request, "references/pictures.html", context)


@limited("searches", asked="q")
def as_svg(request, name):
    title, says = _known(name)
    found = pictures(Selection(evidence.only_filters(request.GET), request.path))
    response = HttpResponse(DRAWN[name](found, title, says), "image/svg+xml; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{name}.svg"'
    response["X-Robots-Tag"] = "noindex"
    return response


@limited("searches", asked="q")
def as_csv(request, name):
    _known(name)
    found = pictures(Selection(evidence.only_filters(request.GET), request.path))
    return files.download(LINES[name](found), "text/csv; charset=utf-8", f"{name}.csv")


def _known(name):
    if name not in DRAWN:
        raise Http404
    return telling.words()[name]
