"""Find and replace across the review: every place is shown with its sentence and ticked or not;
each page that is changed has one version more, which says why."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

import reversion
from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _

from .. import advisory, tasks
from ..models import Publishable, Replacement, RichPage, SiteSettings
from ..richtext import replacing
from ..richtext.fields import RichTextField
from . import revisions

MOST = 500  # places shown at once
SHOWN = 10  # earlier ones
KEPT = timedelta(days=90)
FIELDS_OF_SITE = tuple(
    f"{name}{language}" for name in SiteSettings.TRANSLATED for language in ("", "_es", "_ca")
)


class SearchForm(forms.Form):
    find = forms.CharField(label=_("Find"), max_length=200)
    replace = forms.CharField(
        label=_("Replace with"),
        max_length=500,
        required=False,
        help_text=_("Empty: the words are taken away."),
    )
    whole_words = forms.BooleanField(label=_("Whole words only"), required=False, initial=True)
    match_case = forms.BooleanField(label=_("Match case"), required=False)

    def clean_find(self):
        words = " ".join(self.cleaned_data["find"].replace("\x00", "").split())
        if not words:
            raise ValidationError(_("Give the words to look for."))
        return words

    def clean_replace(self):
        return " ".join(self.cleaned_data["replace"].replace("\x00", "").split())

    def search(self):
        return replacing.Search(**self.cleaned_data)


@dataclass
class Found:
    """What was found in one page: `places` are `(value of its tick, name of its field, Place)`."""

    page: object
    kind: str
    address: str
    places: list


def fields_of(model):
    """Fields whose words readers read, `{name: whether it is rich text}`."""
    if issubclass(model, SiteSettings):
        return dict.fromkeys(FIELDS_OF_SITE, False)
    names = ("title", "summary", "body") if issubclass(model, Publishable) else ("body",)
    return {name: isinstance(model._meta.get_field(name), RichTextField) for name in names}


def _kinds(site):
    return {
        model: desk
        for model, desk in site._registry.items()
        if issubclass(model, RichPage | SiteSettings)
    }


def mark(text):
    """Tells whether a text is still the one that was seen."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def places_in(page, search):
    """`(field, mark, Place)` of every place in a page."""
    needle = max(search.find.split(), key=len).casefold()
    plain = not set(needle) & set("&<>\"'")
    for name, is_rich in fields_of(type(page)).items():
        text = getattr(page, name) or ""
        if plain and needle not in text.casefold():
            continue
        find = replacing.find_in_html if is_rich else replacing.find_in_text
        for place in find(text, search):
            yield name, mark(text), place


def find(site, request, search):
    """`([Found], whether there are more)` of what this user may change."""
    found, count = [], 0
    for model, desk in _kinds(site).items():
        if not desk.has_change_permission(request):
            continue
        pages = desk.get_queryset(request).defer(*getattr(model, "RENDERED", ()))
        for page in pages.order_by("pk").iterator(50):
            rows = list(places_in(page, search))
            if not rows or not desk.has_change_permission(request, page):
                continue
            if count + len(rows) > MOST and found:
                return found, True
            rows, more = rows[:MOST], len(rows) > MOST
            count += len(rows)
            label = page._meta.label_lower
            places = [
                (f"{label}/{page.pk}/{name}/{place.index}/{seen}", _name(model, name), place)
                for name, seen, place in rows
            ]
            address = reverse(
                f"admin:{desk.opts.app_label}_{desk.opts.model_name}_change", args=[page.pk]
            )
            kind = capfirst(desk.opts.verbose_name)
            found.append(Found(page, kind, address, places))
            if more:
                return found, True
    return found, False


def _name(model, field):
    return "" if field == "body" else capfirst(model._meta.get_field(field).verbose_name)


def chosen_of(values):
    """The ticks of a form as `Replacement.chosen` has them."""
    chosen = {}
    for value in values[:MOST]:
        label, pk, field, index, seen = (value.split("/") + [""] * 5)[:5]
        if pk.isdecimal() and index.isdecimal() and len(pk) < 19:
            fields = chosen.setdefault(f"{label}/{int(pk)}", {})
            here = fields.setdefault(field, {"mark": seen, "places": []})
            here["places"].append(int(index))
    return chosen


def purge(now) -> int:
    """Forget what was asked for long ago; gives how many. The histories keep what was done."""
    return Replacement.objects.filter(at__lt=now - KEPT).delete()[0]


@tasks.task("publishing.replace", short=True)
def replace(pk):
    """What was ticked, a page at a time; what was changed meanwhile is left alone and named."""
    asked = Replacement.objects.filter(pk=pk).first()
    turn = tasks.Turn()
    for key in asked.left if asked else ():
        with override(asked.language):
            advisory.retried(lambda key=key: _replace(pk, key))
        if turn.is_over():
            return tasks.MORE
    return None


def _replace(pk, key):
    asked = Replacement.objects.select_for_update().get(pk=pk)
    if key not in asked.left:
        return
    label, _slash, page_pk = key.partition("/")
    model = apps.get_model(label)
    page = model._default_manager.select_for_update().filter(pk=page_pk).first()
    reason = _put(page, asked, asked.chosen[key]) if page else gettext("It is gone.")
    if reason:
        asked.skipped = [*asked.skipped, [key, str(page or key), reason]]
    else:
        count = sum(len(each["places"]) for each in asked.chosen[key].values())
        asked.done = [*asked.done, [key, str(page), count]]
    asked.save(update_fields=["done", "skipped"])


def _put(page, asked, fields):
    """Changes a page, or says why not."""
    known = fields_of(type(page))
    for name, each in fields.items():
        text = getattr(page, name) or ""
        if mark(text) != each["mark"]:
            return gettext("It was changed since you looked.")
        put = replacing.replace_in_html if known[name] else replacing.replace_in_text
        setattr(page, name, put(text, asked.search, each["places"]))
    try:
        page.clean_fields(exclude={f.name for f in page._meta.fields} - set(fields))
    except ValidationError as error:
        return " ".join(error.messages)
    revisions.keep_first(
        [type(page)._base_manager.get(pk=page.pk)],
        gettext("As it was before its first change here"),
    )
    with reversion.create_revision():
        page.save()
        reversion.set_user(asked.user)
        words = {"old": asked.find, "new": asked.replace}
        reversion.set_comment(gettext("Replaced “%(old)s” by “%(new)s”") % words)
        reversion.add_to_revision(page)
    return ""


@admin.register(Replacement)
class ReplacementAdmin(admin.ModelAdmin):
    """Open to whoever may change a kind of page, for the pages they may change."""

    def get_urls(self):
        own = self.admin_site.admin_view
        return [
            path("", own(self.look), name="publishing_replacement_changelist"),
            path("<int:pk>/", own(self.report), name="publishing_replacement_report"),
        ]

    def has_add_permission(self, request):
        return False

    has_change_permission = has_delete_permission = lambda self, request, obj=None: False

    def has_view_permission(self, request, obj=None):
        return any(desk.has_change_permission(request) for desk in _kinds(self.admin_site).values())

    has_module_permission = has_view_permission

    def _page(self, request, template, **context):
        context |= {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, template, context)

    def look(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = request.POST if request.method == "POST" else request.GET
        form = SearchForm(asked if "find" in asked else None)
        found, more, searched = [], False, form.is_bound and form.is_valid()
        if searched:
            if request.method == "POST" and "apply" in request.POST:
                return self._apply(request, form)
            found, more = find(self.admin_site, request, form.search())
        earlier = Replacement.objects.filter(user=request.user)[:SHOWN]
        return self._page(
            request, "admin/publishing/replacement/look.html", title=_("Find and replace"),
            form=form, found=found, more=more, searched=searched, earlier=earlier,
            count=sum(len(each.places) for each in found),
        )  # fmt: skip

    def _apply(self, request, form):
        chosen = chosen_of(request.POST.getlist("place"))
        allowed = {key: fields for key, fields in chosen.items() if self._may(request, key, fields)}
        if not allowed:
            messages.warning(request, _("Nothing was ticked, so nothing was replaced."))
            query = urlencode({name: each for name, each in form.cleaned_data.items() if each})
            return redirect(f"{reverse('admin:publishing_replacement_changelist')}?{query}")
        row = Replacement.objects.create(
            user=request.user, chosen=allowed, language=get_language() or "en", **form.cleaned_data
        )
        tasks.enqueue("publishing.replace", row.pk)
        return redirect("admin:publishing_replacement_report", row.pk)

    def _may(self, request, key, fields):
        label, _slash, pk = key.partition("/")
        for model, desk in _kinds(self.admin_site).items():
            if model._meta.label_lower == label and set(fields) <= set(fields_of(model)):
                page = desk.get_queryset(request).filter(pk=pk).first()
                return page is not None and desk.has_change_permission(request, page)
        return False

    def report(self, request, pk):
        row = Replacement.objects.filter(pk=pk, user=request.user).first()
        if row is None or not self.has_view_permission(request):
            raise Http404
        return self._page(
            request, "admin/publishing/replacement/report.html", title=_("Find and replace"),
            row=row, done=[self._line(each) for each in row.done],
            skipped=[self._line(each) for each in row.skipped],
        )  # fmt: skip

    def _line(self, row):
        """`(address of its form, of its history, name, what was said)`."""
        key, name, said = row
        label, _slash, pk = key.partition("/")
        form = f"admin:{label.replace('.', '_')}"
        history = reverse(f"{form}_history", args=[pk])
        return reverse(f"{form}_change", args=[pk]), history, name, said
