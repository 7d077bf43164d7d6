"""What the author does with one work for herself: its reading state by a key, a passage taken into
the notes, free full text looked for, a further PDF."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import FileResponse, Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from publishing import limits, search
from publishing.desk import revisions
from publishing.refusals import marked

from ..importing import freetext, lookup
from ..models import FurtherPdf, Highlight, Notes, PdfText, Reference
from ..vocabulary import ReadingState

# What a key goes through; wanted and noted works keep what they are.
TURN = [ReadingState.IN_HAND, ReadingState.READING, ReadingState.READ]
MOST_WORDS, MOST_FOUND = 8, 500


def _may_change(request):
    if not request.user.has_perm("references.change_reference"):
        raise PermissionDenied


class HighlightInline(admin.TabularInline):
    model = Highlight
    fields = ("page", "quote", "comment", "take")
    readonly_fields = ("take",)
    classes = ("collapse",)
    extra = 1

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in ("quote", "comment"):
            field.widget.attrs["rows"] = 2
        return field

    @admin.display(description=_("notes"))
    def take(self, obj):
        if obj is None or not obj.pk:
            return "–"
        return format_html(
            '<button type="submit" class="button" form="take-{}">{}</button>',
            obj.pk,
            gettext("Into the notes"),
        )


class FurtherPdfInline(admin.TabularInline):
    model = FurtherPdf
    fields = readonly_fields = ("open", "licence")
    verbose_name_plural = _("PDFs of works made one with it")
    extra = 0

    def has_add_permission(self, request, obj=None):
        return False

    @admin.display(description=_("PDF"))
    def open(self, obj):
        return format_html('<a href="{}">{}</a>', obj.desk_url, obj)


def in_pdfs(query):
    """Primary keys of the works in whose PDF all words of a query stand."""
    words = search.tokens(query[:200])[:MOST_WORDS]
    if not words or max(map(len, words)) < 3:
        return []
    found = PdfText.objects.all()
    for word in words:
        found = found.filter(text__contains=word)
    return list(found.values_list("reference", flat=True)[:MOST_FOUND])


def in_private_words(query):
    """Primary keys of the works whose private note, or one of whose marked passages, has all words
    of a query."""
    words = query[:200].split()[:MOST_WORDS]
    if not words or max(map(len, words)) < 3:
        return []
    notes, passages = Reference.objects.exclude(private_note="").order_by(), Highlight.objects.all()
    for word in words:
        notes = notes.filter(private_note__icontains=word)
        passages = passages.filter(Q(quote__icontains=word) | Q(comment__icontains=word))
    noted = notes.values_list("pk", flat=True)[:MOST_FOUND]
    return [*noted, *passages.values_list("reference", flat=True)[:MOST_FOUND]]


def set_reading(references, state):
    """Set the reading state of works; of those with notes it follows the notes. Gives how many."""
    noted = (ReadingState.NOTES_DRAFTED, ReadingState.NOTES_PUBLISHED)
    count = 0
    for reference in references.exclude(reading_state__in=[*noted, state]):
        revisions.keep_first([reference], gettext("As it was before"))
        reference.reading_state = state
        reference.save(update_fields=["reading_state", "changed"])
        reference.refresh()
        count += 1
    return count


@require_POST
def next_reading(request, pk):
    """On to the next reading state; answers its words."""
    _may_change(request)
    with transaction.atomic():
        reference = get_object_or_404(Reference.objects.select_for_update(), pk=pk)
        at = TURN.index(reference.reading_state) if reference.reading_state in TURN else -1
        noted = reference.reading_state.startswith("notes-")
        if not noted:
            set_reading(Reference.objects.filter(pk=pk), TURN[(at + 1) % len(TURN)])
        reference.refresh_from_db(fields=["reading_state"])
    return JsonResponse({"state": reference.get_reading_state_display()})


@require_POST
def into_notes(request, pk):
    """A marked passage goes to the end of the notes, as a quotation with its page."""
    if not request.user.has_perms(["references.add_notes", "references.change_notes"]):
        raise PermissionDenied
    highlight = get_object_or_404(Highlight.objects.select_related("reference"), pk=pk)
    with transaction.atomic():
        notes = Notes.objects.filter(reference=highlight.reference).first()
        public = notes is not None and notes.is_public()
        if public and not request.user.has_perm("publishing.publish_pages"):
            raise PermissionDenied
        notes = notes or Notes(reference=highlight.reference)
        if notes.pk:
            revisions.keep_first([notes], gettext("As it was before"))
        notes.body = f"{notes.body}\n{as_html(highlight)}".strip()
        notes.save()
        revisions.keep([notes], gettext("A marked passage was taken in"))
    messages.success(request, gettext("The passage stands at the end of the notes."))
    return redirect("admin:references_reference_change", highlight.reference_id)


def as_html(highlight):
    page = gettext("p. %(page)s") % {"page": highlight.page} if highlight.page else ""
    quote = format_html("<blockquote><p>{}</p></blockquote>", highlight.quote)
    said = " ".join(filter(None, [f"({page})" if page else "", highlight.comment]))
    return quote + (format_html("<p>{}</p>", said) if said else "")


def free_text(request, pk):
    """Ask where it can be read free, and store the address she chooses; never the file."""
    _may_change(request)
    reference = get_object_or_404(Reference, pk=pk)
    places, error, status, wait = None, "", 200, None
    if request.method == "POST":
        refusal = limits.hit("look-ups", request)
        if refusal:
            error, status, wait = str(refusal), 429, refusal.wait
        else:
            try:
                places = freetext.find(reference.doi) if reference.doi else []
            except lookup.LookupFailed as failure:
                error = str(failure)
        chosen = request.POST.get("url", "")
        if chosen and any(place.url == chosen for place in places or ()):
            with transaction.atomic():
                revisions.keep_first([reference], gettext("As it was before"))
                reference.full_text_url = chosen
                reference.save()
                reference.refresh()
                revisions.keep([reference], gettext("Free full text found"))
            messages.success(request, gettext("The address is stored as the full text."))
            return redirect("admin:references_reference_change", pk)
    page = TemplateResponse(
        request,
        "admin/references/reference/free_text.html",
        {
            **admin.site.each_context(request),
            "title": gettext("Find free full text"),
            "opts": Reference._meta,
            "reference": reference,
            "places": places,
            "error": error,
        },
        status=status,
    )
    return marked(page, wait) if wait is not None else page


@require_safe
def further_pdf(request, pk):
    """The PDF of a work that was made one with another; for who may see the records."""
    if not request.user.has_perm("references.view_reference"):
        raise PermissionDenied
    found = get_object_or_404(FurtherPdf, pk=pk)
    try:
        file = found.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, content_type="application/pdf", filename="further.pdf")
    response["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"
    )
    response["Cache-Control"] = "private, no-store"
    return response


def told(count):
    return ngettext("%(count)s work changed.", "%(count)s works changed.", count) % {"count": count}
