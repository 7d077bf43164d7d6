from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.db.models import OuterRef, Q, Subquery
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publishing.desk.admin import EditorAdmin
from publishing.desk.next_version import HasNextVersion
from publishing.desk.preview import Previews
from publishing.desk.subjects import SubjectFilter
from publishing.desk.waiting import DutyFilter
from publishing.models import State
from publishing.richtext import links

from .browsing import views as browsing
from .desk import adding, alike, appraising, duties, making, notices, personal, picking
from .desk import figures as figures
from .desk import journals as journals
from .desk import lists as lists  # these register their own pages
from .desk import names as names
from .desk import notes as notes
from .desk import people as people
from .desk.acting import ActsOnWorks
from .desk.fieldsets import FIELDSETS
from .desk.filters import (
    CitationFilter,
    DecadeFilter,
    DesignFilter,
    FlowFilter,
    IndexSearchMixin,
    LanguageFilter,
)
from .desk.forms import ReferenceForm
from .desk.inlines import (
    AuthorshipInline,
    CitesInline,
    KeywordInline,
    NotesInline,
    RelationInline,
    StudyFactsInline,
    WorkNoticeInline,
)
from .desk.telling import page_link, tell_of_citation, tell_of_warning
from .formats.finish import doubt
from .importing import save, views
from .models import (
    Citation,
    Notes,
    Reference,
)
from .nominating import desk as nominating_desk  # these three as well
from .screening import desk as screening_desk
from .searching import desk as searching_desk
from .vocabulary import CSLType

__all__ = ["ReferenceAdmin", "nominating_desk", "screening_desk", "searching_desk"]

# More of them make a form that no browser shows in time and the server refuses for its length.
MOST_PEOPLE = 300
MOST_KEYWORDS = 60


@admin.register(Reference)
class ReferenceAdmin(ActsOnWorks, Previews, IndexSearchMixin, HasNextVersion, EditorAdmin):
    form = ReferenceForm
    index_kind = "reference"
    add_form_template = "admin/references/reference/add_form.html"
    change_list_template = "admin/references/reference/change_list.html"
    delete_confirmation_template = "admin/references/reference/delete_confirmation.html"
    delete_selected_confirmation_template = (
        "admin/references/reference/delete_selected_confirmation.html"
    )
    list_display = ("citekey", "authors", "year", "title_short", "reading_state", "notes_word")
    list_filter = (
        DutyFilter,
        "reading_state",
        lists.ListFilter,
        LanguageFilter,
        DecadeFilter,
        DesignFilter,
        SubjectFilter,
        CitationFilter,
        FlowFilter,
    )
    search_fields = ("citekey",)
    search_help_text = _(
        "Authors, year, title, citekey, DOI, PMID; the beginning of a word is enough."
    )
    ordering = ("-changed",)
    list_per_page = 50
    readonly_fields = ("cited_on", "crowd")
    autocomplete_fields = ("study",)
    inlines = (
        AuthorshipInline,
        NotesInline,
        personal.HighlightInline,
        StudyFactsInline,
        CitesInline,
        RelationInline,
        WorkNoticeInline,
        KeywordInline,
        personal.FurtherPdfInline,
    )
    # What the apps above do with chosen works; they put it here.
    actions_of_others = []
    computed = (*EditorAdmin.computed, *Reference.FORMATTED)
    fieldsets = FIELDSETS

    def get_urls(self):
        view = self.admin_site.admin_view
        own = [
            path("pick/", view(picking.reference_pick), name="references_pick"),
            path("pictures/", view(picking.picture_pick), name="references_picture_pick"),
            path("make/", view(making.reference_make), name="references_make"),
            path("ask/", view(adding.ask), name="references_ask"),
            path("people/", view(adding.people_pick), name="references_people_pick"),
            path("import/", view(views.upload), name="references_import"),
            path("import/<int:pk>/", view(views.preview), name="references_import_preview"),
            path("lookup/", view(views.look_up), name="references_lookup"),
            path("<int:pk>/reading/", view(personal.next_reading), name="references_reading"),
            path("<int:pk>/free-text/", view(personal.free_text), name="references_free_text"),
            path(
                "passage/<int:pk>/", view(personal.into_notes), name="references_passage_to_notes"
            ),
            path("pdf/<int:pk>/", view(personal.further_pdf), name="references_further_pdf"),
            path("<int:pk>/appraise/", view(appraising.appraise), name="references_appraise"),
            path("notices/", view(notices.notices), name="references_notices"),
            path("notices/check/", view(notices.check_now), name="references_notices_check"),
            path("notices/file/", view(notices.upload), name="references_notices_upload"),
            path("notices/<int:pk>/", view(notices.notice), name="references_notice"),
            path("alike/", view(alike.pairs), name="references_alike"),
            path("alike/<int:kept>/<int:gone>/", view(alike.merge), name="references_merge"),
            path("alike/undo/<int:pk>/", view(alike.undo), name="references_merge_undo"),
        ]
        return own + super().get_urls()

    def duties(self):
        yield from super().duties()
        yield from duties.of_works()

    def to_do(self, request):
        yield from super().to_do(request)
        yield from alike.to_do(request.user)
        yield from notices.to_do(request.user)

    def preview_response(self, request, preview):
        work = preview.page
        if not work._state.adding:
            stored = Notes.objects.filter(reference=work)
            notes = next(iter(preview.rows.get(Notes, stored)), None)
            return browsing.preview(request, work, notes, preview.tags)
        return TemplateResponse(
            request, "admin/editing/preview_later.html", self.admin_site.each_context(request)
        )

    def is_shown(self, obj):
        notes = Notes.objects.filter(reference=obj).first()
        return notes is None or notes.is_public()

    def is_live(self, obj):
        notes = Notes.objects.filter(reference=obj).first()
        return notes is not None and notes.is_public()

    rich_texts = ("notes-0-body",)

    def stored_text(self, obj, name):
        notes = Notes.objects.filter(reference=obj).first() if obj is not None else None
        return notes.body if notes else ""

    def live_since(self, obj):
        notes = Notes.objects.filter(reference=obj).first()
        return notes.updated if notes else obj.changed

    def tell_readers(self, request, obj, form, why):
        """With the notes, which are the text here."""
        request.told = why

    def save_formset(self, request, form, formset, change):
        why = getattr(request, "told", "")
        if why and formset.model is Notes:
            for row in formset.forms:
                if row.has_changed() and row.instance.pk:
                    row.instance.tell_change(why, timezone.localdate())
        super().save_formset(request, form, formset, change)

    def _get_base_actions(self):
        others = [self.get_action(each) for each in self.actions_of_others]
        return [*super()._get_base_actions(), *others]

    def add_view(self, request, form_url="", extra_context=None):
        """What she has is asked for first; then the fields of that kind of work."""
        asks = self.has_add_permission(request) and self.has_change_permission(request)
        if asks and request.method == "GET" and not request.GET:
            return redirect("admin:references_ask")
        _pending, record = adding.held(request)
        known = adding.known(record) if record and request.method == "GET" else []
        context = {
            "title": gettext("Add a work"),
            "known": [adding.said_of(*each) for each in known],
            "fields_of_kinds": {kind: adding.fields_of(kind) for kind in CSLType.values},
        }
        return super().add_view(request, form_url, {**context, **(extra_context or {})})

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is None:
            kwargs["form"] = adding.AddForm
        return super().get_form(request, obj, change, **kwargs)

    def get_changeform_initial_data(self, request):
        initial = super().get_changeform_initial_data(request)
        _pending, record = adding.held(request)
        return {**initial, **(adding.initial_of(record) if record else {})}

    def get_search_results(self, request, queryset, search_term):
        """The site's search and, here alone, the text of her PDFs and what she noted for
        herself."""
        found, duplicates = super().get_search_results(request, queryset, search_term)
        inside = []
        if search_term.strip():
            inside = [*personal.in_pdfs(search_term), *personal.in_private_words(search_term)]
        if not inside:
            return found, duplicates
        return queryset.filter(Q(pk__in=found.values("pk")) | Q(pk__in=inside)), duplicates

    def get_inlines(self, request, obj):
        if obj is None:
            return []  # once it is there, notes, facts and relations have a place
        inlines = super().get_inlines(request, obj)
        leave_out = set()
        if _crowd(obj):
            leave_out.add(AuthorshipInline)
        if obj.keywords.count() > MOST_KEYWORDS:
            leave_out.add(KeywordInline)
        if not obj.further_pdfs.exists():
            leave_out.add(personal.FurtherPdfInline)
        return [each for each in inlines if each not in leave_out]

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            return adding.fieldsets_of(_kind(request), flatten_fieldsets(fieldsets))
        return [*fieldsets, (_("People"), {"fields": ("crowd",)})] if _crowd(obj) else fieldsets

    def get_queryset(self, request):
        state = Notes.objects.filter(reference=OuterRef("pk")).values("state")
        # The people are for each row's name, which the boxes to tick read out.
        return super().get_queryset(request).with_people().annotate(notes_state=Subquery(state))

    def get_view_on_site_url(self, obj=None):
        return links.canonical_url(obj) if obj is not None and obj.pk else None

    def save_model(self, request, obj, form, change):
        wanted = obj.citekey
        if change and "citekey" in form.changed_data:
            obj.citekey = form.initial["citekey"]
        super().save_model(request, obj, form, change)
        if obj.citekey != wanted:
            obj.rename(wanted)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        reference = form.instance
        form.save_lists()
        if not change:
            new = adding.put_people(reference, form.names)
            for words in adding.said_of_people(new):
                messages.info(request, words)
            if words := doubt(form.names):
                messages.warning(request, words)
            pending, _record = adding.held(request)
            if pending:
                pending.delete()
        self._follow(reference)
        if not change or "citekey" in form.changed_data:
            save.rerender_waiting_pages([reference.citekey])

    def _follow(self, reference):
        reference.number_people()
        notes = Notes.objects.filter(reference=reference).first()
        if notes:
            notes.reference = reference
            notes.follow()
        reference.refresh()

    def change_view(self, request, object_id, form_url="", extra_context=None):
        obj = self.get_object(request, unquote(object_id)) if request.method == "GET" else None
        if obj is not None:
            tell_of_citation(request, obj)
            tell_of_warning(request, obj)
        return super().change_view(request, object_id, form_url, extra_context)

    def restored(self, request, obj):
        self._follow(obj)

    def came_back(self, request, obj):
        save.rerender_waiting_pages([obj.citekey])

    def tell(self, request, obj):
        notes = Notes.objects.filter(reference=obj).first()
        unknown = notes.unknown_citekeys if notes else ()
        if unknown:
            text = gettext(
                "Not in the library: %(keys)s. Readers see [?] there until you add the reference or"
                " mend the citation."
            )
            messages.warning(request, text % {"keys": ", ".join(unknown)})
        if "_continue" not in request.POST:
            tell_of_citation(request, obj)
        for row in obj.cites_rows.select_related("citing", "cited"):
            if row.out_of_time:
                text = gettext(
                    "%(cited)s is later than the work that is said to cite it. Is that right?"
                )
                messages.warning(request, text % {"cited": row.cited.label})

    def get_deleted_objects(self, objs, request):
        """A cited work stays: says which pages cite it, each with the way there. Its own notes go
        with it."""
        deleted, counts, missing, protected = super().get_deleted_objects(objs, request)
        plain = f"{capfirst(Citation._meta.verbose_name)}:"
        others = [text for text in protected if not text.startswith(plain)]
        return (
            deleted,
            counts,
            missing,
            others + [page_link(row) for each in objs for row in each.citations_elsewhere()],
        )

    @admin.display(description=_("authors"), ordering="sort_key")
    def authors(self, obj):
        return obj.authors_short or obj.genre or "–"

    @admin.display(description=_("people"))
    def crowd(self, obj):
        words = gettext(
            "%(names)s: %(count)s people, too many for this form. They stay as they are; an import"
            " can change them."
        )
        return words % {
            "names": obj.authors_short,
            "count": number_format(_crowd(obj), force_grouping=True),
        }

    @admin.display(description=_("title"), ordering="title")
    def title_short(self, obj):
        return f"{obj.warning}: {obj.display_title}" if obj.warning else obj.display_title

    @admin.display(description=_("notes"), ordering="notes_state")
    def notes_word(self, obj):
        said = State(obj.notes_state).label if obj.notes_state else "–"
        following = self.next_word(obj)
        return format_html("{} · {}", said, following) if following else said

    @admin.display(description=_("cited in"))
    def cited_on(self, obj):
        rows = obj.citations_elsewhere() if obj.pk else []
        return format_html_join("", "{}<br>", ((page_link(row),) for row in rows)) or gettext(
            "no page yet"
        )


def _kind(request):
    """The kind of work the form of a new one is for."""
    _pending, record = adding.held(request)
    asked = request.POST.get("type") or request.GET.get("type") or (record.type if record else "")
    return asked if asked in CSLType.values else CSLType.ARTICLE_JOURNAL


def _crowd(reference):
    """How many people it has, if they are too many for a form."""
    count = reference.authorships.count() if reference is not None and reference.pk else 0
    return count if count > MOST_PEOPLE else 0
