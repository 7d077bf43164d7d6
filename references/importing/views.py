"""Bringing references in by hand: a file, pasted text or a look-up is read, shown beside what we
have, and confirmed."""

from functools import wraps

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from publishing import limits, tasks
from publishing.languages import country_name, language_name
from publishing.refusals import marked

from .. import formats, matching
from .. import pending as pending_records
from ..formats import Record, Refused
from ..models import (
    Keyword,
    PendingImport,
    PendingRecord,
    Reference,
    Verdict,
    WorkNotice,
)
from ..vocabulary import CSLType, Role, Season
from . import lookup, reading, save

PER_PAGE = 20
NOTICES = 200
LINKS = 200
# No browser waits for minutes: what is more is left to the task worker, or to the next press.
BROUGHT_NOW = 50
FORMATTED_NOW = 200
SECONDS = 3
PASTED = 1_000_000


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_(
            "BibTeX, RIS, NBIB or XML of PubMed, CSL-JSON, XML of EndNote. Which one it is shows"
            " from what is in it."
        ),
        error_messages={"empty": _("The file is empty.")},
    )
    text = forms.CharField(
        label=_("Or paste the text of it"),
        required=False,
        strip=False,
        # No max_length: browsers would cut what is pasted without a word.
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        self.is_long = bool(file) and file.size > reading.READ_NOW and tasks.has_worker()
        most = settings.IMPORT_MAX_BYTES if self.is_long else settings.IMPORT_MAX_BYTES_AT_ONCE
        if file and file.size > min(most, settings.IMPORT_MAX_BYTES):
            limit = filesizeformat(min(most, settings.IMPORT_MAX_BYTES))
            raise forms.ValidationError(
                gettext(
                    "The file is larger than %(limit)s. Bring it in by pieces, or ask whoever runs "
                    "the site to use the command import_references, which takes files of any size."
                )
                % {"limit": limit}
            )
        return file

    def clean_text(self):
        text = self.cleaned_data["text"]
        if len(text) > PASTED:
            raise forms.ValidationError(too_long())
        return text

    def clean(self):
        values = super().clean()
        if not self.errors and not values.get("file") and not (values.get("text") or "").strip():
            raise forms.ValidationError(_("Choose a file or paste some text."))
        return values

    def content(self):
        """The name and the bytes of what was given."""
        file = self.cleaned_data["file"]
        if file:
            return file.name, file.read()
        return gettext("Pasted text"), self.cleaned_data["text"].encode()


def too_long():
    words = gettext(
        "This is more than the %(count)s characters that can be pasted. Save it as a file and"
        " choose that above."
    )
    return words % {"count": number_format(PASTED, force_grouping=True)}


class LookupForm(forms.Form):
    number = forms.CharField(
        label=_("DOI or PMID"),
        max_length=400,
        help_text=_("In any form: 10.1136/ard.11.1.30, a link, PMID 14895157."),
    )


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
        reading.forget_old()
        if form.cleaned_data["file"] and form.is_long:
            left = reading.leave(request.user, form.cleaned_data["file"])
            return redirect("admin:references_import_preview", left.pk)
        name, data = form.content()
        return redirect(
            "admin:references_import_preview", hold(request.user, name, formats.read(data)).pk
        )
    return _upload_page(request, form)


def _upload_page(request, form):
    held = PendingImport.objects.filter(user=request.user).annotate(count=Count("records"))
    waiting = held.filter(Q(report=None) | Q(count__gt=0))[
        :10
    ]  # for her word, or for the task worker
    return _page(request, "upload", gettext("Import references"), form=form, waiting=waiting)


def hold(user, name, items, *, target=None, looked_up=False):
    """Keep what was read with its verdicts until the author has looked at it."""
    pending = PendingImport.objects.create(
        user=user, name=name[:200], target=target, looked_up=looked_up
    )
    try:
        reading.keep(pending, items)
    except Exception:
        pending.delete()
        raise
    return pending


@for_the_author
def preview(request, pk):
    """What an import would do, record by record, with the author's choices; after her word, its
    report."""
    pending = get_object_or_404(PendingImport, pk=pk, user=request.user)
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
        kinds=_kinds(pending),
        rows=shown(pending, page.object_list), notices=NOTICES, everywhere=_everywhere(pending),
    )  # fmt: skip


def _everywhere(pending):
    """`(field, label, how many records differ in it)` where it is worth choosing for all at
    once."""
    found = sorted(pending.differing.items(), key=lambda item: -item[1])
    return [(field, label(field), count) for field, count in found if count > 1]


def _kinds(pending):
    counts = dict(pending.records.order_by().values_list("verdict").annotate(Count("pk")))
    words = {
        "": gettext("all"), "new": gettext("new"), "perhaps": gettext("perhaps the same"),
        "differs": gettext("differ"),
        "same": gettext("already there"),
    }  # fmt: skip
    counts[""] = sum(counts.values())
    return [
        (value, label, counts.get(value, 0))
        for value, label in words.items()
        if value == "" or counts.get(value)
    ]


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
    whose, everywhere = do.removesuffix("-everywhere"), request.POST.get("everywhere", "")
    if whose in ("ours", "theirs") and everywhere in pending.differing:
        reading.choose_everywhere(pending, everywhere, whose)
        words = (
            gettext("“%(field)s” is taken over from the file in all records that differ in it.")
            if whose == "theirs"
            else gettext("“%(field)s” stays as it is in all records that differ in it.")
        )
        messages.success(request, words % {"field": label(everywhere)})
        do = f"page-{request.POST.get('page', '')}"
    if do != "confirm":
        kind, number = request.POST.get("kind", ""), do.removeprefix("page-")
        kind, page = kind if kind in Verdict.values else "", number if number.isdigit() else 1
        query = f"?kind={kind}&page={page}"
        return redirect(reverse("admin:references_import_preview", args=[pending.pk]) + query)
    return _confirmed(request, pending)


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


def shown(pending, rows):
    """Each row of a page with its words and, where it differs, the fields side by side as things
    stand now."""
    rows = list(rows)
    found = {}
    for record, match, _twin in save.compare(
        [pending_records.record_of_row(row) for row in rows if not row.twin], target=pending.target
    ):
        found[record.number] = match
    return [_shown_row(row, found.get(row.number)) for row in rows]


def _shown_row(row, match):
    record = pending_records.record_of_row(row)
    known = None if row.twin or isinstance(match, Refused) else match
    perhaps = known.perhaps if known else []
    likely = next((held for held, _judgement in perhaps if held.reference.pk), None)
    differences = known.differences if known else []
    if likely:
        differences = matching.differences(likely.record, record)
    return {
        "row": row,
        "judgement": known.judgement if known else None,
        "likely": likely.reference if likely else None,
        "perhaps": [(held.reference, held.record.number, judgement) for held, judgement in perhaps],
        "related": (
            [(held.reference, judgement) for held, judgement in known.related] if known else []
        ),
        "record": record,
        "who": Truncator(names_text(record.names[:7])).chars(160).rstrip("."),
        "title": record.title or record.original_title or f"[{record.translated_title}]",
        "refused": match.reason if isinstance(match, Refused) else "",
        "reference": match.held.reference if isinstance(match, save.Match) and match.held else None,
        "fields": [
            {
                "name": f"field-{row.number}-{each.field}",
                "label": label(each.field),
                "ours": value_text(each.field, each.ours),
                "theirs": value_text(each.field, each.theirs),
                "take": pending_records.chosen(row, each),
            }
            for each in differences
        ],
    }


def label(field):
    rows = {"names": gettext("people"), "keywords": gettext("keywords of databases and authors"),
            "notices": gettext("retractions, errata, comments")}
    if field in rows:
        return rows[field]
    return Reference._meta.get_field(field).verbose_name


def value_text(field, value):
    """A value as the author reads it."""
    if value in ("", None, []):
        return ""
    if field == "names":
        return names_text(value)
    if field == "tags":
        return ", ".join(value)
    if field in ("keywords", "notices"):
        return "; ".join(str(of_format(field, each)) for each in value[:30])
    if field == "type":
        return CSLType(value).label if value in CSLType.values else value
    if field == "season":
        return Season(value).label if value in Season.values else str(value)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return {"language": language_name, "country": country_name}.get(field, str)(value)


def of_format(field, value):
    """A keyword or a notice of a record, in the words of the library."""
    return (Keyword if field == "keywords" else WorkNotice).of(None, value)


def names_text(names):
    words = []
    for name in names:
        text = ", ".join(part for part in (name.family, name.given, name.suffix) if part)
        words.append(text if name.role == Role.AUTHOR else f"{text} ({Role(name.role).label})")
    return "; ".join(words)


def _progress_page(request, pending):
    left = pending.records.count()
    known = tasks.status(pending.task)
    return _page(
        request, "progress", pending.name, pending=pending, left=left, done=pending.total - left,
        runs=known is not None and known.state in ("waiting", "running"),
        has_worker=tasks.has_worker(),
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
    if request.method == "POST" and form.is_valid():
        try:
            record = lookup.find(form.cleaned_data["number"])
        except lookup.LookupFailed as error:
            form.add_error("number", str(error))
        else:
            return _looked_up(request, form, record, target)
    return _page(request, "lookup", gettext("Look up a DOI or PMID"), form=form, target=target)


def _looked_up(request, form, record, target):
    record.number = 1
    pending = hold(
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
