"""“Take to your doctor”: works a reader chose, on one page of paper. The choice is in the address
and nowhere else."""

import re

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from publishing.richtext import sanitise

from .. import identifiers
from ..models import Notes, Reference
from .selection import Selection

MOST = 8  # what fits on one page
OFFERED = 40
LONGEST = 280
# A full stop after a single letter or a title ends no sentence.
_SENTENCE = re.compile(
    r".{20,}?(?<!\b[A-Z])(?<!\bDr)(?<!\bvs)(?<!\bcf)(?<!\bet"
    r" al)[.!?…][”»\"’)\]]*(?=\s+[^\s\da-zà-ÿ]|$)",
    re.DOTALL,
)


@never_cache
def sheet(request):
    wanted = list(dict.fromkeys(key.strip() for key in request.GET.getlist("key") if key.strip()))
    found = (
        Reference.objects.filter(citekey__in=wanted[:100])
        .prefetch_related("names")
        .in_bulk(field_name="citekey")
    )
    known = [found[key] for key in wanted if key in found]
    chosen = sorted(known[:MOST], key=lambda work: (work.year is None, work.year, work.sort_key))
    for work in _with_summaries(chosen):
        work.chosen = True
        work.identifiers = [
            row for row in _identifiers(work) if row[1] and row[1] not in work.citation_html
        ]
    selection = Selection(request.GET, request.path)
    offered = (
        selection.works()
        .exclude(pk__in=[work.pk for work in chosen])
        .defer("abstract", "citation_html")
    )
    context = {
        "chosen": chosen,
        "names": sorted(
            {name.title for work in chosen for name in work.names.all()}, key=str.casefold
        ),
        "missing": [key[:60] for key in wanted if key not in found][:10],
        "too_many": known[MOST:],
        "most": MOST,
        "selection": selection,
        "offered": offered[:OFFERED],
        "count": offered.count(),
        "today": timezone.localdate(),
    }
    return render(request, "references/take.html", context)


def _identifiers(work):
    """`(kind, value, address)`; the style of the citation may have some of them already."""
    return [
        ("DOI", work.doi, identifiers.doi_url(work.doi or "")),
        ("PMID", work.pmid, f"https://pubmed.ncbi.nlm.nih.gov/{work.pmid}/"),
        ("", work.pmcid, f"https://pmc.ncbi.nlm.nih.gov/articles/{work.pmcid}/"),
        ("ISBN", work.isbn, ""),
    ]


def _with_summaries(works):
    """Gives every work its `summary`: the author's one line for it, else the first sentence of her
    public notes."""
    silent = [work for work in works if not work.one_line]
    notes = {
        each.reference_id: each.body
        for each in Notes.objects.published().filter(reference__in=silent)
    }
    for work in works:
        work.summary = work.one_line or first_sentence(sanitise.text_of(notes.get(work.pk, "")))
    return works


def first_sentence(text):
    match = _SENTENCE.match(text)
    sentence = match.group() if match else text
    if len(sentence) <= LONGEST:
        return sentence
    return sentence[:LONGEST].rsplit(" ", 1)[0] + " …"
