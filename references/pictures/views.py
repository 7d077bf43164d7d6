"""The evidence in pictures: one page, and each picture as a drawing and as data."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from publishing.limits import limited

from .. import axis
from ..browsing import evidence
from ..browsing.selection import Selection
from ..exporting import files
from . import data, drawing
from .studies import pictures

DRAWN = {"forest": drawing.forest, "map": drawing.outcome_map, "years": drawing.years}
LINES = {"forest": data.forest, "map": data.outcome_map, "years": data.years}


@limited("searches", asked="q")
def page(request):
    chosen = Selection(evidence.only_filters(request.GET), request.path)
    found = pictures(chosen)
    scale = axis.scale([year for line in found.lines for year in line.years])
    query = chosen.address().partition("?")[2]
    context = {
        "found": found,
        "shares": [
            (design, [_strip(share) for share in shares]) for design, shares in found.shares
        ],
        "map": [
            (design, list(zip(found.outcomes, cells, strict=True))) for design, cells in found.map
        ],
        "lines": [(line, axis.strip(line.years, scale)) for line in found.lines],
        "scale": scale,
        "said": words(),
        "chosen": any(chosen.values().values()),
        "query": f"?{query}" if query else "",
        "table": chosen.address().replace(request.path, reverse("references:evidence"), 1),
    }
    return render(request, "references/pictures.html", context)


def words():
    """`{picture: (title, what it says and what may not be concluded from it)}`."""
    return {
        "forest": (
            _("Relief, study by study"),
            _(
                "Each line is one study: how many of its patients had relief, with the 95 %"
                " interval (Wilson). Relief is what the study calls so, at its own follow-up. The"
                " shares must not be averaged or compared with each other: designs, patients and"
                " definitions differ, and most studies compare with nothing."
            ),
        ),
        "map": (
            _("What has been studied, and how"),
            _(
                "A circle counts the studies of a design that report an outcome; a ring means that"
                " they were gone through and do not report it. An empty place means that no study"
                " of the library says anything there - not that there is no effect."
            ),
        ),
        "years": (
            _("When it was studied"),
            _(
                "Each tick is a study in the year it was published. Many ticks say that the"
                " question was asked often, not that the answer was yes."
            ),
        ),
    }


def _strip(share):
    """Where its marks stand, as text: a template would write 3,03 where that is the custom."""
    at = {name: f"{100 * getattr(share, name):.1f}%" for name in ("low", "high", "share")}
    follow_up = _("follow-up not reported") if share.follow_up == "" else share.follow_up
    defined = " · ".join(filter(None, [share.defined, follow_up]))
    return {"row": share, "told": drawing.percents(share), "at": at, "defined": defined}


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
    return words()[name]
