from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from publishing.desk.admin import without_side_doors
from publishing.desk.asking import ask
from publishing.desk.publishable import PublishableAdmin
from publishing.desk.waiting import Step
from references.admin import ReferenceAdmin

from . import moves, placements, views
from .desk import arranging, placing
from .desk.placing import ChapterChoiceField
from .models import Chapter, Placement
from .short.admin import InShortAdmin
from .versions import desk as versions

__all__ = ["ChapterAdmin", "InShortAdmin", "place_in_a_chapter"]


class MoveForm(forms.Form):
    under = ChapterChoiceField(
        label=_("Move under"),
        queryset=Chapter.objects.none(),
        required=False,
        empty_label=_("nothing: a chapter of its own"),
        help_text=_("It becomes the last part of the chapter you choose. Links to it follow."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["under"].queryset = Chapter.objects.all()


class PlacementFormSet(forms.BaseInlineFormSet):
    """Refuses a work that somebody else has listed here since the form was opened."""

    def clean(self):
        super().clean()
        here = Placement.objects.filter(chapter=self.instance.pk)
        listed = dict(
            here.exclude(pk__in=[form.instance.pk for form in self.initial_forms]).values_list(
                "reference", "pk"
            )
        )
        for form in self.extra_forms:
            work = getattr(form, "cleaned_data", {}).get("reference")
            if work and work.pk in listed and not self._should_delete_form(form):
                form.add_error(
                    "reference", _("It is listed here already, since you opened this form.")
                )


class PlacementInline(admin.TabularInline):
    model = Placement
    formset = PlacementFormSet
    fields = ("reference", "remark", "position")
    autocomplete_fields = ("reference",)
    extra = 1

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "remark":
            kwargs["widget"] = forms.Textarea(attrs={"rows": 2, "cols": 50})
        return without_side_doors(super().formfield_for_dbfield(db_field, request, **kwargs))


@admin.register(Chapter)
class ChapterAdmin(PublishableAdmin):
    list_display = ("place", "state_word", "language", "listed", "worked_on", "on_the_site")
    list_display_links = ("place",)
    list_filter = (*PublishableAdmin.list_filter, "section")
    ordering = ("order",)
    list_per_page = 200
    grows_stale = True
    place_fields = ("parent", "section", "position", "evidence_table")
    inlines = (PlacementInline,)
    actions = (*PublishableAdmin.actions, "move_up", "move_down", "move_under")
    computed = (*PublishableAdmin.computed, "path")
    change_list_template = "admin/review/chapter/change_list.html"

    def get_urls(self):
        view = self.admin_site.admin_view
        own = [
            path("arrange/", view(self.arrange_view), name="review_chapter_arrange"),
            path("place/", view(self.place_view), name="review_chapter_place"),
            path("<int:pk>/works/", view(self.works_view), name="review_chapter_works"),
            path("<int:pk>/versions/", view(self.versions_view), name="review_chapter_versions"),
        ]
        return own + super().get_urls()

    def arrange_view(self, request):
        return arranging.arrange(self, request)

    def works_view(self, request, pk):
        return placing.works(self, request, pk)

    def versions_view(self, request, pk):
        return versions.versions(self, request, pk)

    def duties(self):
        yield from super().duties()
        yield versions.duty()

    def tell(self, request, obj):
        super().tell(request, obj)
        versions.tell(request, obj)

    def place_view(self, request):
        return placing.place(self, request)

    def preview_response(self, request, preview):
        return views.preview(request, preview.page, preview.rows.get(Placement), preview.tags)

    def first_day(self):
        yield Step(
            _("Write the first chapter"),
            reverse("admin:review_chapter_add"),
            Chapter.objects.exists(),
        )

    def translated_fields(self, page, language):
        """At the place of the original, in the translation of what that is part of."""
        parent = page.parent
        if parent:
            there = parent.original.translations.filter(language=language).first()
            parent = there or parent
        names = ("section", "position", "evidence_table")
        return {"parent": parent, **{name: getattr(page, name) for name in names}}

    def copy_rows(self, page, made):
        Placement.objects.bulk_create(
            Placement(chapter=made, reference_id=reference, position=position, remark=remark)
            for reference, position, remark in page.placements.values_list(
                "reference", "position", "remark"
            )
        )

    def editing_context(self, request, context, obj):
        found = super().editing_context(request, context, obj)
        if obj and request.user.has_perm("review.view_placement"):
            found["works"] = reverse("admin:review_chapter_works", args=[obj.pk])
        if obj:
            found["versions"] = reverse("admin:review_chapter_versions", args=[obj.pk])
        return found

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("placements")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "parent":
            kwargs.update(
                form_class=ChapterChoiceField, queryset=Chapter.objects.all(), empty_label=_("none")
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        # The form's chapter may have been renumbered by its own save.
        form.instance.refresh_from_db(fields=["order", "number", "depth", "path"])

    @admin.display(description=_("chapter"), ordering="order")
    def place(self, obj):
        return format_html(
            '<span class="place d{}"><span class="number">{}</span> {}</span>',
            min(obj.depth, 5),
            obj.number,
            obj.title,
        )

    @admin.display(description=_("references"))
    def listed(self, obj):
        return len(obj.placements.all()) or "–"

    @admin.action(description=_("Move up"), permissions=["change"])
    def move_up(self, request, queryset):
        self._moved(request, moves.shift(queryset, -1))

    @admin.action(description=_("Move down"), permissions=["change"])
    def move_down(self, request, queryset):
        self._moved(request, moves.shift(queryset, +1))

    @admin.action(description=_("Move under…"), permissions=["change"])
    def move_under(self, request, queryset):
        """Asks for the chapter on a page of its own, then moves all or nothing."""
        form = MoveForm(request.POST if "under" in request.POST else None)
        if form.is_valid():
            try:
                count = moves.move_under(queryset.order_by("order"), form.cleaned_data["under"])
            except ValidationError as error:
                form.add_error("under", error.messages)
            else:
                self._moved(request, count)
                return None
        return ask(
            self,
            request,
            "move_under",
            form,
            queryset.order_by("order"),
            title=gettext("Move under…"),
            before=gettext("To be moved, with everything below them:"),
            button=gettext("Move"),
        )

    def _moved(self, request, count):
        if not count:
            messages.info(request, gettext("Nothing moved: it is at the end already."))
            return
        text = ngettext(
            "%(count)s chapter moved. Numbers and links follow.",
            "%(count)s chapters moved. Numbers and links follow.",
            count,
        )
        messages.success(request, text % {"count": count})


@admin.action(description=_("Place in a chapter…"), permissions=["change"])
def place_in_a_chapter(desk, request, queryset):
    ids = queryset.order_by("pk").values_list("pk", flat=True)[: placements.MOST]
    chosen = ",".join(map(str, ids))
    return redirect(f"{reverse('admin:review_chapter_place')}?works={chosen}")


ReferenceAdmin.actions_of_others.append(place_in_a_chapter)
