"""What was found, the reasons and the page of methods at the desk; the flow with every number
leading to its list."""

from contextlib import suppress
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from publishing.desk.admin import EditorAdmin, OneRowMixin
from publishing.richtext import links

from ..chasing import views as chasing_views
from ..models import Decision, ExclusionReason, Hit, Methods, Study
from ..searching.desk import ReadOnly
from . import boxes, deciding, drawing, queue, record, table, views, words
from .deciding import Stage


class BoxFilter(admin.SimpleListFilter):
    """The rows behind a number of the flow."""

    title, parameter_name = _("box of the flow"), "box"

    def lookups(self, request, model_admin):
        labels = words.labels({})
        found = [(name, labels[name]) for name in boxes.NAMES]
        other = gettext("other methods")
        some = [name for name in boxes.NAMES if name in ("sought", "assessed", "included")]
        return found + [(f"{boxes.OTHERS}{name}", f"{labels[name]} ({other})") for name in some]

    def queryset(self, request, queryset):
        try:
            found = boxes.rows(self.value() or "", Methods.load().new_since)
        except ValueError:
            return queryset
        return queryset.filter(pk__in=found.values("pk"))


@admin.register(Hit)
class HitAdmin(ReadOnly):
    list_display = ("title_short", "year", "source_label", "stage", "removed", "verdict", "screen")
    list_filter = (BoxFilter, "stage", "removed", "removed_by", "verdict", "run__method")
    list_select_related = ("run",)
    search_fields = ("title",)
    list_per_page = 50
    actions = ("screen_it", "take_out")
    change_list_template = "admin/references/hit/change_list.html"
    fields = (
        "title", "year", "source_label", "run", "verdict", "duplicate_of", "reference", "removed",
        "removed_by", "stage", "abstract", "log",
    )  # fmt: skip
    readonly_fields = fields

    def lookup_allowed(self, lookup, value, request):
        return lookup == "run" or super().lookup_allowed(lookup, value, request)

    @admin.display(description=_("title"), ordering="title")
    def title_short(self, obj):
        return obj.title[:120]

    @admin.display(description=_("source"))
    def source_label(self, obj):
        return obj.run.source_label

    @admin.display(description=_("abstract"))
    def abstract(self, obj):
        return obj.record.abstract or "–"

    @admin.display(description=_("screening"))
    def screen(self, obj):
        if obj.removed or obj.stage not in (*deciding.OPEN[Stage.SCREENING], Hit.Stage.SOUGHT):
            return ""
        name = "text" if obj.stage == Hit.Stage.SOUGHT else "title"
        address = f"{reverse('admin:references_screening')}?stage={name}&hit={obj.pk}"
        return format_html('<a href="{}">{}</a>', address, gettext("screen"))

    @admin.display(description=_("decisions"))
    def log(self, obj):
        rows = obj.decisions.select_related("reason", "by").order_by("pk")
        lines = (
            (each.at.date(), each.get_stage_display(), each.get_verdict_display(),
             each.reason or "", each.by or "")
            for each in rows
        )  # fmt: skip
        return format_html_join("", "{} · {} · {} {} · {}<br>", lines) or "–"

    @admin.action(description=_("Screen them (again)"), permissions=["decide"])
    def screen_it(self, request, queryset):
        count = 0
        for hit in queryset[:500]:
            with suppress(ValidationError):  # it waits to be screened
                deciding.decide(
                    hit=hit.pk, stage=Stage.SCREENING, verdict="restore", user=request.user
                )
                count += 1
        said = ngettext(
            "%(count)s record is to be screened.", "%(count)s records are to be screened.", count
        )
        messages.success(request, said % {"count": count})

    @admin.action(description=_("Take them out: the same as others"), permissions=["decide"])
    def take_out(self, request, queryset):
        count = 0
        for hit in queryset.filter(removed="").select_related("run")[:500]:
            deciding.take_out(hit=hit, user=request.user)
            count += 1
        said = ngettext("%(count)s record is taken out.", "%(count)s records are taken out.", count)
        messages.success(request, said % {"count": count})

    def has_decide_permission(self, request):
        return request.user.has_perm("references.add_decision")

    def to_do(self, request):
        """“7 new to screen, about 4 minutes”."""
        if not self.has_decide_permission(request):
            return
        gaps = len(Methods.load().kept.get("gaps", ()))
        if gaps:
            said = ngettext(
                "%(count)s box of the flow does not close",
                "%(count)s boxes of the flow do not close",
                gaps,
            )
            yield said % {"count": gaps}, reverse("admin:references_flow")
        address = reverse("admin:references_screening")
        new = queue.waiting(Stage.SCREENING).count()
        if new:
            minutes = queue.minutes(new)
            said = ngettext("%(count)s new to screen", "%(count)s new to screen", new)
            about = ngettext("about a minute", "about %(count)s minutes", minutes)
            yield f"{said % {'count': new}}, {about % {'count': minutes}}", address
        sought = queue.waiting(Stage.FULL_TEXT).filter(stage=Hit.Stage.SOUGHT).count()
        if sought:
            said = ngettext("%(count)s full text to judge", "%(count)s full texts to judge", sought)
            yield said % {"count": sought}, f"{address}?stage=text"

    def get_urls(self):
        view = self.admin_site.admin_view
        own = [
            path("screen/", view(views.screening), name="references_screening"),
            path("flow/", view(self.flow), name="references_flow"),
            path("citations/", view(chasing_views.ranking), name="references_chasing"),
        ]
        return own + super().get_urls()

    def flow(self, request):
        """The flow as it stands now, and what does not close."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        methods = Methods.load()
        found = boxes.flow(methods.new_since)
        reasons = {str(each.number): {"en": str(each)} for each in ExclusionReason.objects.all()}
        labels = words.labels({"reasons": reasons})
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("The flow so far"),
            "opts": self.opts,
            "rows": [(_list_of(row[0]), *row[1:]) for row in table.rows(found, labels)],
            "never_came": sum(number for _source, number in boxes.never_came(methods.new_since)),
            "drawing": drawing.draw(found, labels),
            "provisional": found.is_provisional,
            "gaps": list(record.unclosed(found)),
            "loose": loose(),
            "methods": methods,
        }
        return TemplateResponse(request, "admin/references/hit/flow.html", context)


def loose():
    """`[(words, box)]` of what keeps a box from closing."""
    counts = {name: rows.count() for name, rows in boxes.loose().items()}
    gone = ngettext(
        "%(count)s record was included whose work is not in your library any more",
        "%(count)s records were included whose work is not in your library any more",
        counts["no-work"],
    )
    same = ngettext(
        "%(count)s record was included that leads to the same work as another one",
        "%(count)s records were included that lead to the same work as another one",
        counts["same-work"],
    )
    words = {"no-work": gone, "same-work": same}
    return [(words[name] % {"count": n}, name) for name, n in counts.items() if n]


def _list_of(box):
    """The address of the list behind a number of the flow."""
    if box in boxes.WORKS:
        return f"{reverse('admin:references_reference_changelist')}?{urlencode({'flow': box})}"
    return f"{reverse('admin:references_hit_changelist')}?{urlencode({'box': box})}"


@admin.register(ExclusionReason)
class ExclusionReasonAdmin(EditorAdmin):
    list_display = ("number", "name")
    fields = ("number", "name", "name_es", "name_ca")

    def has_delete_permission(self, request, obj=None):
        used = obj is not None and Decision.objects.filter(reason=obj).exists()
        return not used and super().has_delete_permission(request, obj)


@admin.register(Study)
class StudyAdmin(EditorAdmin):
    list_display = ("name", "reports_of_it")
    search_fields = ("name",)
    fields = ("name", "reports_of_it")
    readonly_fields = ("reports_of_it",)

    @admin.display(description=_("works"))
    def reports_of_it(self, obj):
        return ", ".join(each.citekey for each in obj.reports.all()[:20]) if obj.pk else "–"


class MethodsForm(forms.ModelForm):
    def clean(self):
        """A flow that does not close is not shown to anybody."""
        values = super().clean()
        if values.get("public"):
            for said in record.unclosed(boxes.flow(values.get("new_since"))):
                self.add_error("public", said)
        return values


@admin.register(Methods)
class MethodsAdmin(OneRowMixin, EditorAdmin):
    form = MethodsForm
    fieldsets = (
        (_("For screening"), {"fields": ("criteria", "words_to_mark")}),
        (_("For readers"), {"fields": ("public", "new_since", "why_living", "ends", "changes")}),
        (
            _("How it was done"),
            {"fields": ("chase_every", "other_methods", "prior_work", "peer_review", "roles")},
        ),
    )

    def get_view_on_site_url(self, obj=None):
        return links.canonical_url(obj) if obj is not None and obj.public else None

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        record.refresh()
