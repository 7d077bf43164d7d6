"""Two studies side by side, from the evidence table. The choice is in the address and nowhere
else."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from publishing.limits import limited

from ..models import Reference, StudyFacts
from .evidence import labels, rows, studies
from .lineage import LONG

MOST = 2
PER_PAGE = 100


@limited("searches", asked="work")
def compare(request):
    """One study with the others to choose from, or two. Three queries whatever is asked for."""
    asked = list(dict.fromkeys(key.strip() for key in request.GET.getlist("work")))[: 2 * MOST]
    works = rows(Reference.objects.filter(citekey__in=filter(None, asked))).defer(None)
    found = {work.citekey: work for work in works}
    chosen = [found[key] for key in asked if key in found][:MOST]
    for work in chosen:
        others = [each.citekey for each in chosen if each is not work]
        work.without = _address(others)
    context = {
        "chosen": chosen,
        "missing": [key[:60] for key in asked if key and key not in found],
        "lines": _lines(chosen),
        "noted": any(work.has_notes for work in chosen),
        "page": None if len(chosen) == MOST else _others(request, chosen),
    }
    return render(request, "references/compare.html", context)


def _others(request, chosen):
    """The studies one may choose beside what is chosen."""
    order = ("year", "sort_key", "pk")
    works = studies().exclude(pk__in=[work.pk for work in chosen]).order_by(*order)
    page = Paginator(works.defer(*LONG), PER_PAGE).get_page(request.GET.get("page"))
    for work in page:
        work.beside = _address([*(each.citekey for each in chosen), work.citekey])
    return page


def _lines(chosen):
    """`(name, label)` of the facts that at least one of them was gone through for."""
    facts = [getattr(work, "facts", None) for work in chosen]
    return [
        (name, label)
        for name, label in labels().items()
        if name in StudyFacts.FACTS and any(getattr(each, name, None) is not None for each in facts)
    ]


def _address(citekeys):
    query = urlencode([("work", key) for key in citekeys])
    return reverse("references:compare") + (f"?{query}" if query else "")
