"""A form filled with words that were typed earlier: nothing is checked, nothing is saved."""

from django.contrib import admin
from django.forms.utils import ErrorDict
from django.http import QueryDict

# The form's own business, not the author's words.
OWN = ("csrfmiddlewaretoken", "initial-")


def of_post(post: QueryDict) -> dict[str, list[str]]:
    """What the author typed, of all that a form sends."""
    names = (name for name in post if not name.startswith(("_", *OWN)))
    # PostgreSQL keeps no null byte.
    return {name: [value.replace("\x00", "") for value in post.getlist(name)] for name in names}


def as_post(fields: dict[str, list[str]]) -> QueryDict:
    """The words as a form takes them; what is no list of text is left out."""
    post = QueryDict(mutable=True)
    for name, values in fields.items():
        if isinstance(values, list) and all(isinstance(value, str) for value in values):
            post.setlist(name, values)
    return post


def filled(form_class, post):
    """The class of a form that shows these words whatever they are."""

    class Filled(form_class):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **{"data": post, **kwargs})

        def full_clean(self):
            self._errors, self.cleaned_data = ErrorDict(), {}

    return Filled


def filled_set(formset_class, post):
    """The same for the rows below a form."""

    class FilledSet(formset_class):
        form = filled(formset_class.form, post)

        def full_clean(self):
            self._errors = [{} for _form in self.forms]
            self._non_form_errors = self.error_class()

    return FilledSet


def rows_in(post, prefix) -> bool:
    return f"{prefix}-TOTAL_FORMS" in post


class FillsForms(admin.ModelAdmin):
    """Shows its form with `request.words` in it, where there are any."""

    def get_form(self, request, obj=None, change=False, **kwargs):
        return self.fill(request, super().get_form(request, obj, change, **kwargs))

    @staticmethod
    def fill(request, form):
        words = getattr(request, "words", None)
        return filled(form, words) if words is not None else form

    def get_formsets_with_inlines(self, request, obj=None):
        words = getattr(request, "words", None)
        for formset, inline in super().get_formsets_with_inlines(request, obj):
            known = words is not None and rows_in(words, formset.get_default_prefix())
            yield (filled_set(formset, words) if known else formset), inline

    def get_formset_kwargs(self, request, obj, inline, prefix):
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        words = getattr(request, "words", None)
        if words is not None and rows_in(words, prefix):
            kwargs["data"] = words
        return kwargs
