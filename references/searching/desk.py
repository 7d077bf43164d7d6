"""Saved searches at the desk, and every search that was run."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from publishing import limits
from publishing.desk.admin import EditorAdmin

from ..models import MOST_HITS, Method, SavedSearch, SearchRun, Source
from ..vocabulary import CSLType
from . import by_hand, rules, running, strategies
from .asking import SearchFailed

MOST_BYTES = 30 * 1024 * 1024


RULES = ("only_languages", "first_year", "last_year", "not_kinds")


class Kinds(forms.MultipleChoiceField):
    """Kinds of work, kept as one line."""

    widget = forms.SelectMultiple(attrs={"size": 6})

    def prepare_value(self, value):
        return rules.codes(value) if isinstance(value, str) else value

    def clean(self, value):
        return ", ".join(super().clean(value))

    def has_changed(self, initial, data):
        return super().has_changed(rules.codes(initial or ""), data)


class SavedSearchForm(forms.ModelForm):
    not_kinds = Kinds(
        label=capfirst(_("none of these kinds")), required=False, choices=CSLType.choices,
        help_text=_("Several by holding Ctrl or ⌘."),
    )  # fmt: skip

    def clean_only_languages(self):
        found = rules.codes(self.cleaned_data["only_languages"])
        wrong = [
            each for each in found if not (each.isascii() and each.isalpha() and len(each) == 2)
        ]
        if wrong:
            said = _("“%(code)s” is no code of a language: write two letters, such as en.")
            raise ValidationError(said % {"code": wrong[0]})
        return ", ".join(dict.fromkeys(found))

    def clean(self):
        values = super().clean()
        first, last = values.get("first_year"), values.get("last_year")
        if first and last and first > last:
            self.add_error("last_year", _("This is before the first year."))
        if not self.errors and not any(values.get(source, "").strip() for source in Source.values):
            raise ValidationError(_("Give a strategy for one source at least."))
        return values


@admin.register(SavedSearch)
class SavedSearchAdmin(EditorAdmin):
    form = SavedSearchForm
    list_display = ("name", "sources", "how_often", "last_run")
    fieldsets = (
        (None, {"fields": ("name", "interval", ("resting", "resting_why"))}),
        (_("Strategies"), {"fields": ("from_the_register", *Source.values, "limits")}),
        (
            _("Taken out before screening"),
            {
                "fields": ("only_languages", ("first_year", "last_year"), "not_kinds"),
                "description": _(
                    "By a program, and counted so in the flow. What the record does not say takes"
                    " nothing out. Each can be screened all the same: the list of the box says how."
                ),
            },
        ),
    )
    readonly_fields = ("from_the_register",)
    change_form_template = "admin/references/savedsearch/change_form.html"

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name in Source.values:  # a strategy is read as a whole
            kwargs["widget"] = AdminTextareaWidget(attrs={"rows": 7})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=pgettext_lazy("search", "how often"), ordering="interval")
    def how_often(self, obj):
        return gettext("rests") if obj.resting else obj.get_interval_display()

    @admin.display(description=_("sources"))
    def sources(self, obj):
        return ", ".join(Source(each).label for each in obj.strategies)

    @admin.display(description=_("last run"))
    def last_run(self, obj):
        return obj.runs.filter(state=SearchRun.State.DONE).values_list("on", flat=True).first()

    @admin.display(description=_("from the register of names"))
    def from_the_register(self, obj):
        """What could be typed, to be copied; a new search begins with it."""
        found = strategies.suggested()
        if not found:
            return gettext("The register of names is empty.")
        rows = ((Source(source).label, text) for source, text in found.items())
        return format_html(
            "<details><summary>{}</summary>{}</details>",
            gettext("All names, as each source writes them"),
            format_html_join("", "<p><b>{}</b><br><code>{}</code></p>", rows),
        )

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and {*RULES} & {*form.changed_data}:
            count = rules.apply(obj)
            said = ngettext(
                "%(count)s record that was found is judged by the new rules.",
                "%(count)s records that were found are judged by the new rules.",
                count,
            )
            messages.info(request, said % {"count": count})

    def get_changeform_initial_data(self, request):
        return {**strategies.suggested(), **super().get_changeform_initial_data(request)}

    def response_add(self, request, obj, post_url_continue=None):
        return self._pressed(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        return self._pressed(request, obj) or super().response_change(request, obj)

    def _pressed(self, request, obj):
        if "_try" in request.POST:
            self._try(request, obj)
        elif "_run" in request.POST:
            self._run(request, obj)
        else:
            return None
        return redirect("admin:references_savedsearch_change", obj.pk)

    def _try(self, request, obj):
        """Ask each source how many there are; nothing is kept."""
        for source, strategy in obj.strategies.items():
            refusal = limits.hit("look-ups", request)
            if refusal:
                messages.error(request, str(refusal))
                return
            label = Source(source).label
            try:
                counted = running.try_once(source, strategy)
            except SearchFailed as error:
                messages.error(request, str(error))  # which names its source
                continue
            words = ngettext("%(count)s hit", "%(count)s hits", counted.count)
            said = f"{label}: {words % {'count': counted.count}}"
            if counted.translation and counted.translation != strategy:
                said += ", " + gettext("understood as: %(words)s") % {"words": counted.translation}
            messages.info(request, said[:2000])
            if counted.count > MOST_HITS:
                messages.warning(request, running.too_many(label, counted.count))
            for warning in counted.warnings:  # each names its source
                messages.warning(request, warning)

    def _run(self, request, obj):
        begun = [running.begin(obj, source, user=request.user) for source in obj.strategies]
        for run in filter(None, begun):
            running.hand_over(run)
        words = gettext("The search is on its way.")
        address = f"{reverse('admin:references_searchrun_changelist')}?search__id__exact={obj.pk}"
        link = format_html('<a href="{}">{}</a>', address, gettext("See what it finds"))
        messages.success(request, format_html("{} {}", words, link))


class ByHandForm(forms.Form):
    source = forms.CharField(
        label=_("Source"),
        max_length=100,
        help_text=_("As readers know it: LILACS, Scopus, a list."),
    )
    method = forms.ChoiceField(label=_("Kind of source"), choices=Method.choices)
    on = forms.DateField(
        label=_("Searched on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    strategy = forms.CharField(
        label=_("Strategy as it was run"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    file = forms.FileField(
        label=_("File"), help_text=_("As the source exports it: RIS, NBIB, BibTeX, CSV …")
    )

    def clean_on(self):
        if self.cleaned_data["on"] > timezone.localdate():
            raise ValidationError(_("This day has not come yet."))
        return self.cleaned_data["on"]

    def clean_source(self):
        source = " ".join(self.cleaned_data["source"].split())
        known = {label.casefold(): value for value, label in Source.choices}
        return known.get(source.casefold(), source)

    def clean_file(self):
        if self.cleaned_data["file"].size > MOST_BYTES:
            raise ValidationError(_("This file is too long. Export the search in parts."))
        return self.cleaned_data["file"]


class ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(SearchRun)
class SearchRunAdmin(ReadOnly):
    list_display = ("on", "source_label", "method", "state", "counted", "again", "new", "hits_link")
    list_filter = ("state", "method", "search")
    date_hierarchy = "on"
    list_per_page = 50
    change_list_template = "admin/references/searchrun/change_list.html"
    fields = (
        "search", "source_label", "method", "by_hand", "on", "strategy", "translation", "window",
        "told", "state", "error", "counted", "fetched", "again", "new", "begun", "ended",
    )  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request):
        new = Count("hits", filter=Q(hits__removed=""))
        return super().get_queryset(request).annotate(new_count=new)

    @admin.display(description=_("source"), ordering="source")
    def source_label(self, obj):
        return obj.source_label

    @admin.display(description=_("new"))
    def new(self, obj):
        return obj.new_count

    @admin.display(description=_("list"))
    def hits_link(self, obj):
        address = reverse("admin:references_hit_changelist")
        return format_html('<a href="{}?run={}">{}</a>', address, obj.pk, gettext("what it found"))

    @admin.display(description=_("entered by the source between"))
    def window(self, obj):
        return f"{obj.window_from or '…'} – {obj.window_to or '…'}"

    @admin.display(description=_("warnings"))
    def told(self, obj):
        return format_html_join("", "{}<br>", ([each] for each in obj.warnings)) or "–"

    def to_do(self, request):
        if not request.user.has_perm("references.view_searchrun"):
            return
        failed = SearchRun.objects.filter(state=SearchRun.State.FAILED)
        latest = {
            run.source: run for run in SearchRun.objects.order_by("pk").only("source", "state")
        }
        count = sum(run.state == SearchRun.State.FAILED for run in latest.values())
        if count and failed.exists():
            words = ngettext(
                "%(count)s source could not be searched", "%(count)s sources could not be searched",
                count,
            )  # fmt: skip
            yield words % {"count": count}, "?state__exact=failed"

    def get_urls(self):
        own = self.admin_site.admin_view(self.by_hand)
        return [path("by-hand/", own, name="references_by_hand"), *super().get_urls()]

    def by_hand(self, request):
        """A search done elsewhere: its file, for a named source and date."""
        if not request.user.has_perm("references.add_searchrun"):
            raise PermissionDenied
        form = ByHandForm(
            *([request.POST, request.FILES] if request.method == "POST" else []),
            initial={"on": timezone.localdate()},
        )
        if request.method == "POST" and form.is_valid():
            values = form.cleaned_data
            run = by_hand.leave(values.pop("file"), user=request.user, **values)
            running.hand_over(run)
            messages.success(request, gettext("The file is being read."))
            return redirect("admin:references_searchrun_change", run.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("A search by hand"),
            "opts": self.opts,
            "form": form,
        }
        return TemplateResponse(request, "admin/references/searchrun/by_hand.html", context)
