"""The ranking at the desk: works that cite hers or that hers cite, taken in or put aside by one
press."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from publishing import limits
from publishing.shortcuts import page_of

from .. import matching
from ..identifiers import doi_url, pmid_url
from ..models import (
    Candidate,
    CitationFound,
    CitationIndex,
    ExclusionReason,
    Hit,
    Method,
    Methods,
    SearchRun,
)
from ..searching import running
from ..searching.asking import SearchFailed
from . import deciding, judging, seeds, steps

PER_PAGE = 20
MOST_SEEDS = 12  # named of one work
STATES = {
    Candidate.State.OFFERED: _("Offered"),
    Candidate.State.TAKEN: _("Taken in"),
    Candidate.State.ASIDE: _("Put aside"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def ranking(request):
    if not request.user.has_perm("references.view_hit"):
        raise PermissionDenied
    state = request.POST.get("state") or request.GET.get("state", "")
    state = state if state in STATES else Candidate.State.OFFERED
    typed = {}
    if request.method == "POST":
        typed = _act(request)
        if not typed:
            page = request.POST.get("page", "")
            query = f"?state={state}&page={page if page.isdecimal() and len(page) < 9 else 1}"
            return redirect(reverse("admin:references_chasing") + query)
    rows = Candidate.objects.filter(state=state)
    page = page_of(rows, request, PER_PAGE)
    asked = seeds.asked().count()
    _arrange(page, state, asked, typed)
    counts = {each: Candidate.objects.filter(state=each).count() for each in STATES}
    context = {
        **admin.site.each_context(request),
        "title": gettext("Citations"),
        "opts": Hit._meta,
        "page": page,
        "state": state,
        "states": [(each, label, counts[each]) for each, label in STATES.items()],
        "asked": asked,
        "unasked": seeds.works().count() - asked,
        "runs": _last_runs(),
        "interval": Methods.load().get_chase_every_display(),
        "reasons": ExclusionReason.objects.all(),
        "may_decide": request.user.has_perm("references.add_decision"),
        "may_ask": request.user.has_perm("references.add_searchrun"),
    }
    return TemplateResponse(request, "admin/references/hit/chasing.html", context)


def _last_runs():
    runs = SearchRun.objects.filter(method=Method.CITATIONS, by_hand=False).order_by("-pk")
    found = [runs.filter(source=source).first() for source in CitationIndex.values]
    return [run for run in found if run is not None]


def _act(request):
    """Do what was pressed; gives what was typed where that cannot be: `{pk: (reason, error)}`."""
    do = request.POST.get("do", "")
    if do == "ask":
        _ask(request)
        return {}
    if not request.user.has_perm("references.add_decision"):
        raise PermissionDenied
    pk = request.POST.get("row", "")
    pk = int(pk) if pk.isascii() and pk.isdigit() and len(pk) < 18 else 0
    try:
        _decide(request, do, pk)
    except SearchFailed as error:
        messages.error(request, str(error))
    except ValidationError as error:
        if do == "aside" and Candidate.objects.filter(pk=pk, state="offered").exists():
            return {pk: (request.POST.get("reason", ""), " ".join(error.messages))}
        messages.error(request, " ".join(error.messages))
    return {}


def _decide(request, do, pk):
    if do == "take":
        if refusal := limits.hit("look-ups", request):
            messages.error(request, str(refusal))
            return
        row = deciding.take(pk)
        if row.state == Candidate.State.TAKEN:
            words = gettext("Taken in, to be judged by its full text: %(work)s")
            messages.success(request, words % {"work": row})
        else:
            messages.warning(request, f"{row}: {known_as(row)}")
    elif do == "aside":
        row = deciding.put_aside(pk, request.POST.get("reason", ""))
        messages.success(request, gettext("Put aside: %(work)s") % {"work": row})
    elif do == "again":
        row = deciding.offer_again(pk)
        messages.success(request, gettext("Offered again: %(work)s") % {"work": row})
    else:
        messages.error(request, gettext("Choose one of the buttons."))


def _ask(request):
    if not request.user.has_perm("references.add_searchrun"):
        raise PermissionDenied
    if not seeds.asked().exists():
        words = gettext("There is no work yet with a DOI or PMID that you included or cited.")
        messages.error(request, words)
        return
    for source in CitationIndex.values:
        if run := steps.begin(source, user=request.user):
            running.hand_over(run)
    messages.success(request, gettext("OpenAlex and OpenCitations are asked. Come back by and by."))


def known_as(row):
    """What a work is that need not be taken in."""
    if row.reference:
        words = gettext("it is in the library already, as %(work)s")
        return words % {"work": row.reference.citekey}
    stage = row.hit.get_stage_display() if row.hit else ""
    return gettext("it was found before: %(stage)s") % {"stage": stage}


def _arrange(page, state, asked, typed):
    """Each row with its seeds by name, and what it is by now; nothing of it is written."""
    rows = list(page.object_list)
    page.object_list = rows
    if state == Candidate.State.OFFERED:
        joined, _keys = judging.judge(rows)
        for row, twin in joined:
            row.verdict, row.twin = Hit.Verdict.SAME, twin
    citations = CitationFound.objects.filter(candidate__in=rows).select_related("seed")
    named = {}
    for each in citations.order_by("seed__year", "seed__sort_key", "seed"):
        ways = named.setdefault(each.candidate_id, {True: {}, False: {}})
        ways[each.cites_seed][each.seed_id] = each.seed
    for row in rows:
        ways = named.get(row.pk, {True: {}, False: {}})
        both = [_way(cites, list(ways[cites].values()), asked) for cites in (True, False)]
        row.shown = [way for way in both if way]
        row.typed, row.error = typed.get(row.pk, ("", ""))
        row.is_known = row.state == Candidate.State.KNOWN
        row.said = _said(row)
        row.people = _people(row)
        row.links = list(_links(row))


def _way(cites, works, asked):
    """Which of her works, of how many, and in what words; None where there is none."""
    if not works:
        return None
    count = len(works)
    words = (
        ngettext("cites %(count)s of your %(all)s", "cites %(count)s of your %(all)s", asked)
        if cites
        else ngettext(
            "cited by %(count)s of your %(all)s", "cited by %(count)s of your %(all)s", asked
        )
    )
    return {
        "words": words % {"count": count, "all": max(asked, count)},
        "works": works[:MOST_SEEDS],
        "more": max(0, count - MOST_SEEDS),
    }


def _said(row):
    """The verdict in words, empty for what is new."""
    if row.is_known:
        return known_as(row)
    if row.verdict == Hit.Verdict.NEW:
        return ""
    other = row.reference or row.hit or row.twin
    values = {"other": other or "?", "why": matching.REASONS.get(row.why, "")}
    return gettext("perhaps the same as %(other)s: %(why)s") % values


def _people(row):
    names = row.record.names if row.data else []
    return "; ".join(f"{each.family} {each.given[:1]}".strip() for each in names[:4]) + (
        " …" if len(names) > 4 else ""
    )


def _links(row):
    if row.doi:
        yield f"doi:{row.doi}", doi_url(row.doi)
    if row.pmid:
        yield f"PMID {row.pmid}", pmid_url(row.pmid)
    if row.openalex:
        yield f"OpenAlex {row.openalex}", f"https://openalex.org/{row.openalex}"
