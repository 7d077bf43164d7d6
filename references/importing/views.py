"""Bringing references in by hand: a file, pasted text or a look-up is read, shown beside what we
have, and confirmed."""

from functools import wraps

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from publishing import limits, tasks
from publishing.refusals import marked

from ..models import PendingImport, PendingRecord, Reference, Verdict
from . import lookup, reading, save, several
from . import pending as pending_records
from .forms import ImportForm, LookupForm, too_long
from .preview import everywhere, kinds, label, shown

PER_PAGE = 20
NOTICES = 200
LINKS = 200
# No browser waits for minutes: what is more is left to the task worker, or to the next press.
BROUGHT_NOW = 50
FORMATTED_NOW = 200
SECONDS = 3


def for_the_author(view):
    @wraps(view)
    def checked(request, *args, **kwargs):
        if not request.user.has_perms(["references.add_reference", "references.change_reference"]):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked


@csrf_exempt
@for_the_author
def upload(request):
    """A file or pasted text becomes a pending import. Checking the token means reading the form,
    which may be too long."""
    try:
        request.POST  # noqa: B018 - read here, where it can be answered in words
    except RequestDataTooBig:
        form = ImportForm({})
        form.errors.clear()
        form.add_error("text", too_long())
        return _upload_page(request, form)
    return _upload(request)


@csrf_protect
def _upload(request):
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if request.method == "POST" and form.is_valid():
        found = [] if form.cleaned_data["file"] else several.numbers(form.cleaned_data["text"])
        if found:
            name, items = gettext("Pasted numbers"), several.find(found, request)
            begun = pending_records.hold(request.user, name, items)
        else:
            begun = reading.begin(request.user, form)
        return redirect("admin:references_import_preview", begun.pk)
    return _upload_page(request, form)


def _upload_page(request, form):
    held = PendingImport.objects.filter(user=request.user).annotate(count=Count("records"))
    # for her word, or for the task worker
    waiting = held.filter(Q(report=None) | Q(count__gt=0))[:10]
    return _page(request, "upload", gettext("Import references"), form=form, waiting=waiting)


@for_the_author
def preview(request, pk):
    """What an import would do, record by record, with the author's choices; after her word, its
    report."""
    pending = get_object_or_404(PendingImport, pk=pk, user=request.user)
    if pending.is_being_read and request.method == "POST":
        reading.have_read(pending)
        return redirect("admin:references_import_preview", pk)
    if pending.is_being_read:
        return _progress_page(request, pending)
    if request.method == "POST" and pending.report is not None:
        _go_on(pending)
        return redirect("admin:references_import_preview", pk)
    if pending.is_being_brought_in:
        return _progress_page(request, pending)
    if pending.report is not None:
        return _report_page(request, pending)
    if request.method == "POST":
        return _decided(request, pending)
    kind = request.GET.get("kind", "")
    kind = kind if kind in Verdict.values else ""
    rows = pending.records.filter(verdict=kind) if kind else pending.records.all()
    page = Paginator(rows.select_related("reference"), PER_PAGE).get_page(request.GET.get("page"))
    return _page(
        request, "preview", pending.name, pending=pending, page=page, kind=kind,
        kinds=kinds(pending),
        rows=shown(pending, page.object_list), notices=NOTICES, everywhere=everywhere(pending),
    )  # fmt: skip


def _decided(request, pending):
    """Keep what was chosen on the page that was sent, then do what was pressed."""
    do = request.POST.get("do", "")
    if do == "cancel":
        pending.delete()
        messages.info(request, gettext("Nothing was brought in."))
        return redirect("admin:references_import")
    numbers = [
        int(number)
        for number in request.POST.getlist("shown")
        if number.isascii() and number.isdigit()
    ][:PER_PAGE]
    rows = list(pending.records.filter(number__in=[number for number in numbers if number < 2**31]))
    for row in rows:
        row.skip = row.verdict != Verdict.SAME and f"take-{row.number}" not in request.POST
        chosen = {name: request.POST.get(f"field-{row.number}-{name}") for name in save.COMPARED}
        row.choices = {name: value for name, value in chosen.items() if value in ("ours", "theirs")}
        same = request.POST.get(f"same-{row.number}", "")
        if same.isascii() and same.isdigit():
            row.choices["same"] = int(same)
    PendingRecord.objects.bulk_update(rows, ["skip", "choices"])
    if do in ("theirs-everywhere", "ours-everywhere"):
        _choose_everywhere(request, pending, do.removesuffix("-everywhere"))
        do = f"page-{request.POST.get('page', '')}"
    if do != "confirm":
        kind, number = request.POST.get("kind", ""), do.removeprefix("page-")
        kind, page = kind if kind in Verdict.values else "", number if number.isdigit() else 1
        query = f"?kind={kind}&page={page}"
        return redirect(reverse("admin:references_import_preview", args=[pending.pk]) + query)
    return _confirmed(request, pending)


def _choose_everywhere(request, pending, whose):
    field = request.POST.get("everywhere", "")
    if field not in pending.differing:
        return
    reading.choose_everywhere(pending, field, whose)
    words = (
        gettext("“%(field)s” is taken over from the file in all records that differ in it.")
        if whose == "theirs"
        else gettext("“%(field)s” stays as it is in all records that differ in it.")
    )
    messages.success(request, words % {"field": label(field)})


def _confirmed(request, pending):
    """Few records are brought in at once; more by the task worker, while a page tells how far."""
    if pending.records.count() > BROUGHT_NOW:
        with transaction.atomic():
            pending_records.confirm(pending)
            pending_records.hand_over(pending)
        return redirect("admin:references_import_preview", pending.pk)
    try:
        with transaction.atomic():
            pending_records.confirm(pending)
            pending_records.bring_portion(pending.pk)
    except IntegrityError:
        messages.error(
            request,
            gettext(
                "The library changed while this was brought in. Nothing was written; try again."
            ),
        )
        return redirect("admin:references_import_preview", pending.pk)
    tasks.enqueue("references.citing.entries")
    pending.refresh_from_db()
    known = [*pending.report["added"], *pending.report["changed"]] or (
        [pending.target_id] if pending.target_id else []
    )
    if pending.looked_up and known:
        messages.success(request, gettext("Taken over as you chose."))
        return redirect("admin:references_reference_change", known[0])
    return redirect("admin:references_import_preview", pending.pk)


def _go_on(pending):
    """With what is left of an import: by the worker, or by portions where there is none."""
    if not pending.records.exists():
        save.format_pending(limit=FORMATTED_NOW)
    elif tasks.has_worker():
        pending_records.hand_over(pending)
    else:
        turn = tasks.Turn(SECONDS)
        while pending_records.bring_portion(pending.pk) and not turn.is_over():
            continue


def _progress_page(request, pending):
    left = pending.records.count()
    known = tasks.status(pending.task)
    runs = known is not None and known.state in ("waiting", "running")
    has_worker = tasks.has_worker()
    return _page(
        request, "progress", pending.name, pending=pending, left=left, done=pending.total - left,
        total=0 if pending.is_being_read else pending.total,
        frame="admin/references/reference/import_base.html",
        runs=runs, has_worker=has_worker, alone=runs and (has_worker or pending.is_being_read),
        error=known.error if known else "",
    )  # fmt: skip


def _report_page(request, pending):
    report = pending.report
    works = Reference.objects.in_bulk([*report["added"][:LINKS], *report["changed"][:LINKS]])
    return _page(
        request,
        "report",
        pending.name,
        pending=pending,
        report=report,
        added=[works[pk] for pk in report["added"][:LINKS] if pk in works],
        changed=[works[pk] for pk in report["changed"][:LINKS] if pk in works],
        links=LINKS,
        notices=NOTICES,
        unformatted=save.pending_count(),
    )


@for_the_author
def look_up(request):
    """Ask Crossref or PubMed, for a reference there is (`?reference=`) or for a new one."""
    wanted = request.GET.get("reference", "")
    target = (
        get_object_or_404(Reference, pk=wanted)
        if wanted.isascii() and wanted.isdigit() and len(wanted) < 19
        else None
    )
    number = (target.doi or target.pmid or "") if target else ""
    form = LookupForm(
        request.POST if request.method == "POST" else None, initial={"number": number}
    )
    refusal = limits.hit("look-ups", request) if request.method == "POST" else None
    if refusal:
        form.add_error("number", str(refusal))
        page = _page(request, "lookup", gettext("Look up a DOI or PMID"), form=form, target=target)
        page.status_code = 429
        return marked(page, refusal.wait)
    by_hand = ""
    if request.method == "POST" and form.is_valid():
        try:
            record = lookup.find(form.cleaned_data["number"])
        except lookup.LookupFailed as error:
            by_hand = "" if target else several.by_hand(form.cleaned_data["number"])
            form.add_error("number", str(error))
        else:
            return _looked_up(request, form, record, target)
    return _page(
        request, "lookup", gettext("Look up a DOI or PMID"),
        form=form, target=target, by_hand=by_hand,
    )  # fmt: skip


def _looked_up(request, form, record, target):
    record.number = 1
    pending = pending_records.hold(
        request.user, form.cleaned_data["number"], [record], target=target, looked_up=True
    )
    if not pending.records.exists():
        form.add_error("number", pending.refused[0]["reason"])
        pending.delete()
        return _page(request, "lookup", gettext("Look up a DOI or PMID"), form=form, target=target)
    return redirect("admin:references_import_preview", pending.pk)


def _page(request, name, title, **context):
    values = {
        **admin.site.each_context(request),
        "title": title,
        "opts": Reference._meta,
        **context,
    }
    return TemplateResponse(request, f"admin/references/reference/import_{name}.html", values)
