"""A page in another language: one press makes a linked draft with everything the original holds,
and its form has the original one press away."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import advisory
from ..languages import PAGE_LANGUAGES
from ..models import Publishable
from ..search.words import fold, tokens

COPIED = ("title", "summary", "body", "cover", "comments_open")
MOST_FOUND = 500


def translate(page, language: str, **fields):
    """A draft of the same text in another language, linked to its original; `(page, whether it is
    new)`. One that is there already is given as it is."""
    with transaction.atomic():
        advisory.hold("publishing.translate")
        model, original = type(page), page.original
        there = (
            original
            if original.language == language
            else model._default_manager.filter(translation_of=original, language=language).first()
        )
        if there:
            return there, False
        values = {name: getattr(page, name) for name in COPIED}
        made = model(**{**values, "language": language, "translation_of": original, **fields})
        made.clean()
        made.save()
        made.tags.set(page.tags.names())
        return made, True


class Translates:
    """For the desk of a kind of page. What more of it is copied, `translated_fields()` and
    `copy_rows()` say."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_translate"
        if not issubclass(self.model, Publishable):
            return super().get_urls()
        view = self.admin_site.admin_view(self.translate_view)
        return [path("<int:pk>/translate/", view, name=name), *super().get_urls()]

    @method_decorator(require_POST)
    def translate_view(self, request, pk):
        if not self.has_add_permission(request) or not self.has_view_permission(request):
            raise PermissionDenied
        page, language = self.get_object(request, str(pk)), request.POST.get("language", "")
        if page is None:
            raise Http404
        if language not in dict(PAGE_LANGUAGES):
            messages.warning(request, _("Choose a language."))
            return redirect(self._address("change", pk))
        try:
            with transaction.atomic():
                fields = self.translated_fields(page, language)
                made, new = translate(page, language, **fields)
                if new:
                    self.copy_rows(page, made)
                    self.log_addition(request, made, [{"added": {}}])
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(self._address("change", pk))
        if new:
            messages.success(
                request,
                _(
                    "A draft with everything the original holds. Write over it; give it a title"
                    " and an address in its language."
                ),
            )
        return redirect(self._address("change", made.pk))

    def translated_fields(self, page, language):
        """Fields of the copy beside its words."""
        return {}

    def copy_rows(self, page, made):
        """What stands in rows of its own goes along. Extend it where there is such."""

    def editing_context(self, request, context, obj):
        found = super().editing_context(request, context, obj)
        if obj is None or not issubclass(self.model, Publishable):
            return found
        original = self._fresh(obj).original
        group = {
            each.language: each
            for each in [original, *original.translations.only("language", "title")]
        }
        if original.pk != obj.pk:
            found["original"] = {
                "title": original.title,
                "language": original.language,
                "address": reverse(f"admin:{self._name('preview')}", args=[original.pk]),
                "form": self._address("change", original.pk),
            }
        found["translate"] = self._address("translate", obj.pk)
        found["translations"] = [
            (code, name, self._address("change", group[code].pk) if code in group else "")
            for code, name in PAGE_LANGUAGES
            if group.get(code) is None or group[code].pk != obj.pk
        ]
        found["may_translate"] = self.has_add_permission(request)
        return found

    def _name(self, what):
        return f"{self.opts.app_label}_{self.opts.model_name}_{what}"

    def get_search_results(self, request, queryset, search_term):
        """A chooser finds by the words of the title and by the number; a list by the text too."""
        match = request.resolver_match
        wanted = tokens(search_term)
        if match is None or match.view_name != "admin:autocomplete" or not wanted:
            return super().get_search_results(request, queryset, search_term)
        numbered = hasattr(self.model, "number")
        columns = ["pk", "title", *(["number"] if numbered else [])]
        found = [
            row[0]
            for row in queryset.values_list(*columns)
            if all(
                any(each.startswith(word) for each in tokens(fold(row[1])))
                or (numbered and row[2].startswith(word))
                for word in wanted
            )
            or (numbered and row[2] and row[2] == search_term.strip().rstrip("."))
        ]
        return queryset.filter(pk__in=found[:MOST_FOUND]), False
