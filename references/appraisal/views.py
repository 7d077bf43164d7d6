"""What readers see: a table of judgements for each form, and one study's judgement with its
reasons."""

from itertools import groupby
from operator import attrgetter

from django.shortcuts import get_object_or_404, render

from publishing.limits import limited

from ..browsing.evidence import csv_line
from ..exporting import files
from ..models import Appraisal, AppraisalForm, Reference
from ..models.appraisal import Judgement

MOST = 500  # that are shown; the file of a form has all of it
SHAPES = {"low": "circle", "some": "triangle", "high": "square", "unclear": "ring"}


@limited("searches", asked="q")
def table(request):
    """Every form with what was judged by it, however many forms: one question to the database."""
    rows = Appraisal.objects.filter(public=True).select_related("reference", "form")
    rows = rows.order_by("form__name", "reference__year", "reference__sort_key", "pk")[:MOST]
    tables = [_table(form, list(found)) for form, found in groupby(rows, attrgetter("form"))]
    return render(request, "references/appraisals.html", {"tables": tables})


def _table(form, rows):
    names = list(dict.fromkeys(each["name"] for row in rows for each in row.domains))
    for row in rows:
        judged = {each["name"]: each for each in row.domains}
        row.cells = [
            {**_shown(judged.get(name, {}).get("judgement", "")), "domain": name} for name in names
        ]
        row.whole = _shown(row.overall)
    return {"form": form, "names": names, "rows": rows}


def _shown(judgement):
    label = Judgement(judgement).label if judgement in Judgement.values else ""
    return {"name": judgement, "label": label, "shape": SHAPES.get(judgement, "")}


def _public(form):
    rows = Appraisal.objects.filter(form=form, public=True).select_related("reference")
    return rows.order_by("reference__year", "reference__sort_key", "pk")


@limited("searches", asked="q")
def as_csv(request, pk):
    form = get_object_or_404(
        AppraisalForm.objects.filter(appraisals__public=True).distinct(), pk=pk
    )
    return files.download(_lines(form), "text/csv; charset=utf-8", f"appraisal-{pk}.csv")


def _lines(form):
    """One line for each question and each domain of each study."""
    yield "\ufeff" + csv_line(
        ["citekey", "study", "form", "version", "domain", "question", "answer", "quote", "page",
         "judgement", "reason"]
    )  # fmt: skip
    for row in _public(form).iterator(chunk_size=files.CHUNK):
        work = [row.reference.citekey, row.reference.label, form.name, row.version]
        for each in row.asked:
            said = [each["domain"], each["text"], each["answer"], each["quote"], each["page"]]
            yield csv_line([*work, *said, "", ""])
        for each in row.domains:
            yield csv_line([*work, each["name"], *[""] * 4, each["judgement"], each["reason"]])
        yield csv_line([*work, "overall", *[""] * 4, row.overall, row.remark])


def study(request, citekey):
    """One study: each question, her answer, and where in the work it stands."""
    work = get_object_or_404(Reference, citekey=citekey)
    rows = list(work.appraisals.filter(public=True).select_related("form").order_by("form__name"))
    if not rows:
        get_object_or_404(Appraisal.objects.none())
    for row in rows:
        asked = {}
        for each in row.asked:
            asked.setdefault(each["domain"], []).append(each)
        row.parts = [
            {**each, **_shown(each["judgement"]), "domain": each["name"],
             "asked": asked.get(each["name"], [])}
            for each in row.domains
        ]  # fmt: skip
        row.whole = _shown(row.overall)
    return render(request, "references/appraisal.html", {"work": work, "rows": rows})
