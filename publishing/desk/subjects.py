"""Subjects at the desk: their names in each language, where they are used, two made one.

The package's own page merges them for whoever may look, and breaks when it was not asked to.
"""

import taggit.admin  # noqa: F401 - it registers its own page, which is taken away below
from django import forms
from django.contrib import admin, messages
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from taggit.models import Tag, TaggedItem

from .. import search, tags
from ..languages import PAGE_LANGUAGES
from ..models import Redirect
from ..richtext import links
from .admin import UsesTrash
from .asking import ask
from .errors import NamesErrors

admin.site.unregister(Tag)

OFFERED = 100  # subjects to narrow a list by; a file of records may bring thousands


class SubjectFilter(admin.SimpleListFilter):
    """The subjects used most in a list, by name, and the one chosen."""

    title, parameter_name = _("subject"), "tag"

    def lookups(self, request, model_admin):
        if not _has_subjects(model_admin.model):
            return []
        kind = ContentType.objects.get_for_model(model_admin.model)
        found = Tag.objects.filter(taggit_taggeditem_items__content_type=kind)
        found = found.annotate(uses=Count("taggit_taggeditem_items")).order_by("-uses", "name")
        chosen = Tag.objects.filter(slug=self.value() or "").values_list("slug", "name")
        rows = {*found.values_list("slug", "name")[:OFFERED], *chosen}
        return sorted(rows, key=lambda row: row[1].casefold())

    def queryset(self, request, queryset):
        return queryset.filter(tags__slug=self.value()).distinct() if self.value() else queryset


def _has_subjects(model):
    return any(isinstance(field, TaggableManager) for field in model._meta.get_fields())


LANGUAGE_OF = {f"name_{code}": code for code, _name in PAGE_LANGUAGES}
NamesForm = type(
    "NamesForm",
    (forms.ModelForm,),
    {
        f"name_{code}": forms.CharField(label=name, max_length=tags.LONGEST, required=False)
        for code, name in PAGE_LANGUAGES
    },
)


class TagForm(NamesForm):
    class Meta:
        model = Tag
        fields = ("name", "slug")
        labels = {"slug": _("Address")}
        help_texts = {
            "slug": _("The last part of its address. Leave it empty to take it from the name.")
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
        for name in self.instance.names.all() if self.instance.pk else ():
            self.initial[f"name_{name.language}"] = name.name

    def clean_name(self):
        name = tags.clean_name(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Give it a name."))
        return self._free(name)

    def clean(self):
        for field in LANGUAGE_OF.keys() & self.cleaned_data.keys():
            try:
                name = tags.clean_name(self.cleaned_data[field])
                self.cleaned_data[field] = self._free(name) if name else ""
            except forms.ValidationError as error:
                self.add_error(field, error)
        return super().clean()

    def _free(self, name):
        if tags.known([name]).get(tags.key(name), self.instance.pk) != self.instance.pk:
            raise forms.ValidationError(_("There is a subject of this name already."))
        return name


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(
        label=_("The one that stays"),
        queryset=Tag.objects.none(),
        empty_label=None,
        help_text=_("What has any of them has this one then. Their old addresses lead to it."),
    )

    def __init__(self, *args, chosen, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = chosen


@transaction.atomic
def merge(*, chosen, into):
    """Make several tags one. Their addresses lead to it from then on."""
    languages = set(into.names.values_list("language", flat=True))
    there = set(into.taggit_taggeditem_items.values_list("content_type_id", "object_id"))
    for tag in chosen:
        if tag.pk == into.pk:
            continue
        for row in TaggedItem.objects.filter(tag=tag):
            if (row.content_type_id, row.object_id) not in there:
                there.add((row.content_type_id, row.object_id))
                TaggedItem.objects.filter(pk=row.pk).update(tag=into)
        tag.names.exclude(language__in=languages).update(tag=into)
        languages = set(into.names.values_list("language", flat=True))
        of_tags = ContentType.objects.get_for_model(Tag)
        Redirect.objects.filter(page_type=of_tags, page_id=tag.pk).update(page_id=into.pk)
        Redirect.objects.record({links.address("tag", tag.slug): into})
        tag.delete()
    transaction.on_commit(lambda: find_again(into))


def find_again(tag):
    """What has this tag is found by its present name."""
    rows = TaggedItem.objects.filter(tag=tag).prefetch_related("content_object")
    for row in rows.iterator(chunk_size=200):
        if hasattr(row.content_object, "index_kind"):
            search.index(row.content_object)


@admin.register(Tag)
class SubjectAdmin(NamesErrors, UsesTrash):
    form = TagForm
    save_on_top = True  # what is wrong is named there
    list_display = ("name", "other_names", "used")
    ordering = ("name",)
    search_fields = ("name", "names__name")
    readonly_fields = ("used",)
    actions = ("merge_them",)
    fieldsets = (
        (None, {"fields": ("name", "slug", "used")}),
        (
            _("Its name on pages in each language"),
            {
                "fields": tuple(LANGUAGE_OF),
                "description": _("Empty: its own name stands there too."),
            },
        ),
    )

    def get_queryset(self, request):
        uses = {
            f"uses_{kind.pk}": Count(
                "taggit_taggeditem_items",
                filter=Q(taggit_taggeditem_items__content_type=kind),
                distinct=True,
            )
            for kind in self._kinds().values()
        }
        found = super().get_queryset(request).prefetch_related("names")
        return found.annotate(uses=Count("taggit_taggeditem_items", distinct=True), **uses)

    def _kinds(self):
        """`{desk: content type}` of everything that has subjects."""
        return {
            desk: ContentType.objects.get_for_model(model)
            for model, desk in self.admin_site._registry.items()
            if _has_subjects(model)
        }

    @admin.display(description=_("in other languages"))
    def other_names(self, obj):
        return ", ".join(f"{row.name} ({row.language})" for row in obj.names.all()) or "–"

    @admin.display(description=_("where it is used"), ordering="uses")
    def used(self, obj):
        """“Chapters: 2, references: 11”, each leading to the list of exactly these."""
        rows = [
            (
                reverse(f"admin:{desk.opts.app_label}_{desk.opts.model_name}_changelist"),
                urlencode({SubjectFilter.parameter_name: obj.slug}),
                capfirst(desk.opts.verbose_name_plural),
                number,
            )
            for desk, kind in self._kinds().items()
            if (number := getattr(obj, f"uses_{kind.pk}", 0))
        ]
        return format_html_join(", ", '<a href="{}?{}">{}: {}</a>', rows) or _("nowhere yet")

    def get_view_on_site_url(self, obj=None):
        # Of a form that comes back with errors it is what was typed, and may be nothing.
        shown = obj is not None and obj.pk and obj.slug and tags.is_public(obj)
        return links.address("tag", obj.slug) if shown else None

    def save_model(self, request, obj, form, change):
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            tags.call(obj, {code: form.cleaned_data[name] for name, code in LANGUAGE_OF.items()})
            if change and "slug" in form.changed_data and form.initial["slug"] != obj.slug:
                Redirect.objects.record({links.address("tag", form.initial["slug"]): obj})
            if change and form.changed_data:
                transaction.on_commit(lambda: find_again(obj))

    def came_back(self, request, obj):
        """What was deleted for good meanwhile has no subjects any more."""
        for row in TaggedItem.objects.filter(tag=obj).prefetch_related("content_object"):
            if row.content_object is None:
                row.delete()
        find_again(obj)

    @admin.action(description=_("Make them one…"), permissions=["change"])
    def merge_them(self, request, queryset):
        """Asks on a page of its own which of them stays."""
        chosen = Tag.objects.filter(pk__in=queryset.values("pk")).order_by("name")
        form = MergeForm(request.POST if "into" in request.POST else None, chosen=chosen)
        if form.is_valid():
            merge(chosen=list(chosen), into=form.cleaned_data["into"])
            text = gettext("They are one tag now: “%(name)s”.")
            messages.success(request, text % {"name": form.cleaned_data["into"]})
            return None
        title = gettext("Make them one")
        return ask(self, request, "merge_them", form, chosen, title=title, button=title)
