"""Searches that found nothing, at the desk: each with a word to add, or an answer to write."""

from urllib.parse import urlencode

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from publishing.desk import waiting
from publishing.models import FoundNothing
from publishing.templatetags.richtext import day


@admin.register(FoundNothing)
class FoundNothingAdmin(admin.ModelAdmin):
    list_display = ("words", "count", "last_day", "add_a_word", "write_an_answer")
    list_display_links = None
    list_filter = (waiting.DutyFilter,)
    search_fields = ("words",)
    list_per_page = 100

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(
            request, {"title": _("What readers looked for in vain"), **(extra_context or {})}
        )

    def duties(self):
        yield waiting.Duty(
            "often",
            _("looked for more than once"),
            lambda n: (
                ngettext(
                    "%(count)s search that found nothing",
                    "%(count)s searches that found nothing",
                    n,
                )
                % {"count": n}
            ),
            lambda rows: rows.filter(count__gt=1),
        )

    def to_do(self, request):
        return waiting.count(self.duties(), self.get_queryset(request))

    @admin.display(description=_("last"), ordering="last")
    def last_day(self, obj):
        return day(obj.last)

    @admin.display(description=_("add a word"))
    def add_a_word(self, obj):
        return _link(
            "references_layword_add", {"said": obj.words}, _("Add to the words of readers")
        )

    @admin.display(description=_("write an answer"))
    def write_an_answer(self, obj):
        return _link("blog_post_add", {"title": obj.words}, _("Write about it"))


def _link(name, values, words):
    return format_html('<a href="{}?{}">{}</a>', reverse(f"admin:{name}"), urlencode(values), words)
