"""What differs between what is stored and what a form holds, field by field, in words for the
author.
"""

from dataclasses import dataclass, field

from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from .. import diffing
from ..richtext import links, sanitise
from ..richtext.fields import RichTextFormField
from . import words


@dataclass
class Change:
    """One field. A rich text has a `text`, anything else `pieces`; `theirs` says that it was
    changed elsewhere meanwhile.
    """

    label: str
    pieces: list = field(default_factory=list)
    text: diffing.Difference | None = None
    theirs: bool = False


def of_form(desk, request, obj, post, theirs=()) -> list[Change]:
    """The changes that `post` would make to what is stored of `obj` (None for something new)."""
    form = _plain(request, desk.get_form, request, obj, change=obj is not None)(
        data=post, **_instance(obj)
    )
    changes = [each for name in form.fields for each in _of_field(form, name, name in theirs)]
    for formset, inline in _plain(
        request, lambda: list(desk.get_formsets_with_inlines(request, obj))
    ):
        prefix = formset.get_default_prefix()
        if words.rows_in(post, prefix):
            rows = formset(
                data=post, prefix=prefix, queryset=inline.get_queryset(request), **_instance(obj)
            )
            changes.extend(_of_rows(rows, inline, inline.model._meta.model_name in theirs))
    return changes


def _plain(request, made, *args, **kwargs):
    """Call for forms as they are, not filled with the words the request shows again."""
    shown = request.__dict__.pop("words", None)
    try:
        return made(*args, **kwargs)
    finally:
        if shown is not None:
            request.words = shown


def _instance(obj):
    return {"instance": obj} if obj is not None else {}


def _of_field(form, name, theirs=False):
    each = form.fields[name]
    if isinstance(each, forms.FileField) or isinstance(each.widget, forms.HiddenInput):
        return
    before = form.get_initial_for_field(each, name)
    after = each.widget.value_from_datadict(form.data, {}, form.add_prefix(name))
    if not each.has_changed(before, after):
        return
    label = capfirst(str(each.label or name))
    if isinstance(each, RichTextFormField):
        yield Change(
            label,
            text=diffing.compare(links.to_addresses(before or ""), _cleaned(after)),
            theirs=theirs,
        )
    else:
        yield Change(
            label,
            diffing.words(said(each, before), said(each, _python(each, after))),
            theirs=theirs,
        )


def _cleaned(html):
    return links.to_addresses(links.to_stored(sanitise.clean(html or "")))


def _python(each, value):
    """What the field makes of what was typed; as it was typed where it makes nothing of it."""
    try:
        return each.clean(value)
    except (ValidationError, ValueError, TypeError):
        return value


def said(each, value) -> str:
    """The value of a field in words."""
    if value in (None, "", []):
        return ""
    if isinstance(each, forms.ModelChoiceField):
        found = value if hasattr(value, "pk") else each.queryset.filter(pk=value).first()
        return str(found or value)
    if isinstance(each, forms.ChoiceField):
        return str(dict(each.choices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if not isinstance(value, str) and hasattr(value, "__iter__"):
        return ", ".join(sorted(map(str, value)))
    return str(formats.localize(value, use_l10n=True))


def _of_rows(formset, inline, theirs):
    title = capfirst(str(inline.opts.verbose_name))
    posted = set()
    for form in formset.forms:
        known = form.instance.pk is not None
        posted.add(form.instance.pk)
        if known and form.data.get(form.add_prefix("DELETE")):
            yield Change(
                f"{title}: {form.instance}",
                [diffing.Piece(diffing.REMOVED, str(form.instance))],
                theirs=theirs,
            )
        elif form.has_changed():
            name = f"{title}: {form.instance}" if known else title
            for each in (each for key in form.fields for each in _of_field(form, key, theirs)):
                each.label = f"{name} – {each.label}"
                yield each
    for row in formset.get_queryset():
        if row.pk not in posted:
            yield Change(f"{title}: {row}", [diffing.Piece(diffing.REMOVED, str(row))], theirs=True)
