"""The page “How this was searched”: PRISMA-S and PRISMA-LSR items from the record, and the flow.
Both are read from one row."""

from datetime import date
from itertools import islice

from django.conf import settings
from django.db.models import Max, Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from publishing.languages import language_name

from ..browsing.evidence import csv_line
from ..exporting import files
from ..models import READERS, Decision, Hit, Methods, SavedSearch, label_of_source
from ..vocabulary import CSLType
from . import drawing, raster, table, words
from .agreement import kappa
from .flow import from_json


def known():
    """The `Methods` readers have; None where they have none."""
    row = Methods.load()
    return row if row.public and "flow" in row.kept else None


def _row():
    row = known()
    if row is None:
        raise Http404
    return row


def methods(request):
    row = _row()
    return render(request, "references/methods.html", context_of(row))


def context_of(row):
    kept = row.kept
    labels, flow = words.labels(kept), from_json(kept["flow"])
    last = kept.get("last") or {}
    return {
        "methods": row,
        "hers": settings.LANGUAGE_CODE,  # what she writes here has one language
        "last": _day(last.get("on")),
        "new": last.get("new", 0),
        "searches": [_search(each) for each in kept["searches"]],
        "runs": [_run(each) for each in kept["runs"]],
        "resting": [each for each in kept["searches"] if each["resting"]],
        "provisional": flow.is_provisional,
        "drawing": drawing.draw(flow, labels),
        "rows": list(table.rows(flow, labels)),
        "rules": [(Hit.Rule(name).label, n) for name, n in kept.get("rules", ())],
        "people": kept.get("people", 0),
        "kappa": kappa(*kept["again"]) if sum(kept.get("again", ())) else None,
        "again": sum(kept.get("again", ())),
        "chasing": _chasing(kept.get("chasing")),
        "nominations": kept.get("nominations"),
    }


def _chasing(chasing):
    """How citations were chased; None where they never were."""
    intervals = dict(SavedSearch.Interval.choices)
    return chasing and {
        **chasing,
        "on": _day(chasing["on"]),
        "interval_words": intervals.get(chasing["interval"], ""),
    }


def _search(search):
    intervals = dict(SavedSearch.Interval.choices)
    return {
        **search,
        "interval_words": intervals.get(search["interval"], ""),
        "strategies": [
            (label_of_source(source), text) for source, text in search["strategies"].items()
        ],
        "rules": list(_rules(search)),
    }


def _rules(search):
    """What the search takes out by itself, in words."""
    if languages := search.get("languages"):
        yield _("only in %(what)s") % {"what": ", ".join(map(language_name, languages))}
    first, last = search.get("years") or (None, None)
    if first:
        yield _("from %(year)s on") % {"year": first}
    if last:
        yield _("up to %(year)s") % {"year": last}
    if kinds := search.get("kinds"):
        known = dict(CSLType.choices)
        yield _("not: %(what)s") % {"what": ", ".join(str(known.get(each, each)) for each in kinds)}


def _run(run):
    return {
        **run,
        "label": label_of_source(run["source"]),
        "on": _day(run["on"]),
        "from": _day(run["from"]),
    }


def _day(text):
    return date.fromisoformat(text) if text else None


def picture(request):
    """The flow as a file of its own."""
    return HttpResponse(svg(_drawn(_row())), content_type="image/svg+xml")


def as_png(request):
    return HttpResponse(raster.png(_drawn(_row())), content_type="image/png")


def _drawn(row):
    return drawing.draw(from_json(row.kept["flow"]), words.labels(row.kept))


def svg(made):
    return render_to_string("references/flow_drawing.html", {"drawing": made}).strip()


COLUMNS = (
    "title", "year", "doi", "pmid", "source", "searched on", "decision", "reason", "decided on",
    "citekey",
)  # fmt: skip
DECIDED = {
    Hit.Stage.NOT_RETRIEVED: "not retrieved", Hit.Stage.REFUSED: "excluded",
    Hit.Stage.INCLUDED: "included",
}  # fmt: skip


def decisions(request):
    """What became of each report whose full text was sought: a line each, without who decided."""
    _row()
    return files.download(_decided(), "text/csv; charset=utf-8", "decisions.csv")


def _decided():
    yield "\ufeff" + csv_line(COLUMNS)
    stands = Q(decisions__stage=Decision.Stage.FULL_TEXT, decisions__undone_by=None)
    stands &= ~Q(decisions__verdict=Decision.Verdict.UNDO)
    found = Hit.objects.filter(removed="", stage__in=list(DECIDED)).select_related(
        "run", "reference"
    )
    found = found.annotate(last=Max("decisions", filter=stands)).order_by("pk")
    for hits in _portions(found.iterator(chunk_size=files.CHUNK)):
        rows = Decision.objects.select_related("reason").in_bulk(
            [each.last for each in hits if each.last]
        )
        for hit in hits:
            record, last = hit.record, rows.get(hit.last)
            yield csv_line([
                _title(hit, record), hit.year, record.doi, record.pmid, hit.run.source_label,
                hit.run.on,
                DECIDED[hit.stage], last.reason.name if last and last.reason else "",
                last.at.date() if last else "", hit.reference.citekey if hit.reference else "",
            ])  # fmt: skip


def _title(hit, record):
    """Without the words of a reader who named a work that nobody else has described."""
    if hit.source == READERS and not (record.doi or record.pmid):
        return hit.reference.title if hit.reference else ""
    return hit.title


def _portions(rows):
    while some := list(islice(rows, files.CHUNK)):
        yield some
