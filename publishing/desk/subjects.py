"""Subjects at the desk. The package's own page merges them for whoever may look, and breaks when it
was not asked to."""

import taggit.admin  # noqa: F401 - it registers its own page, which is taken away below
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Count
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag, TaggedItem

from .. import search, tags
from ..models import Redirect
from ..richtext import links

admin.site.unregister(Tag)


class TagForm(forms.ModelForm):
    class Meta:
        model = Tag
        fields = ("name", "slug")
        help_texts = {
            "slug": _("The last part of its address. Leave it empty to take it from the name.")
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean_name(self):
        name = tags.clean_name(self.cleaned_data["name"])
        pk = tags.known([name]).get(tags.key(name), self.instance.pk)
        if not name or pk != self.instance.pk:
            raise forms.ValidationError(
                _("There is a subject of this name already.") if name else _("Give it a name.")
            )
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
    there = set(into.taggit_taggeditem_items.values_list("content_type_id", "object_id"))
    for tag in chosen:
        if tag.pk == into.pk:
            continue
        for row in TaggedItem.objects.filter(tag=tag):
            if (row.content_type_id, row.object_id) not in there:
                there.add((row.content_type_id, row.object_id))
                TaggedItem.objects.filter(pk=row.pk).update(tag=into)
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
class SubjectAdmin(admin.ModelAdmin):
    form = TagForm
    list_display = ("name", "slug", "used")
    ordering = ("name",)
    search_fields = ("name",)
    actions = ("merge_them",)

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(uses=Count("taggit_taggeditem_items"))

    @admin.display(description=_("where it is used"), ordering="uses")
    def used(self, obj):
        return obj.uses

    def save_model(self, request, obj, form, change):
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            if change and "slug" in form.changed_data and form.initial["slug"] != obj.slug:
                Redirect.objects.record({links.address("tag", form.initial["slug"]): obj})
            if change and form.changed_data:
                transaction.on_commit(lambda: find_again(obj))

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
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Make them one"),
            "opts": self.opts,
            "form": form,
            "chosen": chosen,
            "checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/taggit/tag/merge.html", context)
