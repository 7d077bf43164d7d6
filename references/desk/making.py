"""A work made from within the editor: by its DOI or PMID, or with the least that names it. Staff
only."""

from django.db import transaction
from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from publishing import limits

from ..formats import names
from ..formats.records import Record, Refused
from ..importing import lookup, save
from ..models import Reference
from .picking import as_json

LONGEST = 500


@require_POST
def reference_make(request):
    """`number` (DOI or PMID), or `authors` (“Ries E; Copeman W”), `year`, `title` and `container`.

    Gives the work as the citing dialog lists it, with `known` where the library had it; else
    `{"error": words}`.
    """
    if not request.user.has_perms(["references.add_reference", "references.change_reference"]):
        return JsonResponse({"error": _("You may not add works.")}, status=403)
    number = _typed(request, "number")
    if number:
        refusal = limits.hit("look-ups", request)
        if refusal:
            return JsonResponse({"error": str(refusal)}, status=429)
        try:
            record = lookup.find(number)
        except lookup.LookupFailed as error:
            return JsonResponse({"error": str(error)}, status=400)
    else:
        record, words = _by_hand(request)
        if words:
            return JsonResponse({"error": words}, status=400)
    record.number = 1
    return _kept(record)


def _typed(request, name):
    text = " ".join(request.POST.get(name, "").replace("\x00", "").split())
    return text[: LONGEST + 1]


def _by_hand(request):
    """`(Record, "")`, or `(None, what is missing)`."""
    title, authors, year = (_typed(request, name) for name in ("title", "authors", "year"))
    if not title:
        return None, _("Give a DOI or PMID, or at least the title.")
    if len(title) > LONGEST or len(authors) > LONGEST:
        return None, _("This is too long. Add the work in the library.")
    if year and not (year.isascii() and year.isdigit() and len(year) == 4):
        return None, _("The year has four digits.")
    container = _typed(request, "container")
    people = [names.person(each) for each in authors.split(";") if each.strip()]
    record = Record(
        type="article-journal" if container else "document",
        title=title,
        container=container,
        year=int(year) if year else None,
        names=[each for each in people if each],
    )
    return record, ""


@transaction.atomic
def _kept(record):
    """The work of the library it is, or a new one."""
    ((record, match, _number),) = save.compare([record])
    if isinstance(match, Refused):
        return JsonResponse({"error": match.reason}, status=400)
    known = match.held is not None
    if known:
        pk = match.held.reference.pk
    else:
        outcome = save.save_records([record])
        if not outcome.added:
            reasons = " ".join(each.reason for each in outcome.refused)
            return JsonResponse({"error": reasons or _("It could not be added.")}, status=400)
        pk = outcome.added[0]
    work = Reference.objects.with_people().get(pk=pk)
    return JsonResponse({**as_json(work), "known": known}, status=200 if known else 201)
