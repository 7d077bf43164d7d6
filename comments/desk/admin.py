"""What the desk works with, as lists of the admin: snippets, words to look out for, who is blocked,
its settings, its log."""

from django.conf import settings
from django.contrib import admin
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from publishing.desk.admin import OneRowMixin
from publishing.desk.waiting import Step

from ..models import Blocked, Decision, DeskSettings, Snippet, WordList
from ..moderation import flags


@admin.register(Snippet)
class SnippetAdmin(admin.ModelAdmin):
    list_display = ("title", "language", "beginning")
    list_filter = ("language",)
    search_fields = ("title", "text")

    @admin.display(description=_("text"))
    def beginning(self, obj):
        return Truncator(obj.text).chars(100)


@admin.register(Blocked)
class BlockedAdmin(admin.ModelAdmin):
    list_display = ("words", "note", "added")
    search_fields = ("words", "note")


@admin.register(WordList)
class WordListAdmin(admin.ModelAdmin):
    """The lists she has made her own; for the others the words count that the site brings."""

    change_list_template = "admin/comments/wordlist/change_list.html"
    list_display = ("__str__", "number")
    list_filter = ("kind", "language")
    fieldsets = (
        (
            None,
            {
                "fields": ("kind", "language", "words"),
                "description": _(
                    "These words are marked in what readers write, for you to look. A line that"
                    " begins with - is harmless though another line is part of it, … stands for up"
                    " to four words, and # begins a remark. What is marked as an emergency is never"
                    " filed as spam and stands first on your desk."
                ),
            },
        ),
    )

    def changelist_view(self, request, extra_context=None):
        add = reverse("admin:comments_wordlist_add")
        rows = [
            (str(row), f"{add}?kind={row.kind}&language={row.language}")
            for row in flags.lists_as_brought()
        ]
        return super().changelist_view(request, {"as_brought": rows, **(extra_context or {})})

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        flags.mark_again()

    def get_readonly_fields(self, request, obj=None):
        return ("kind", "language") if obj else ()

    def get_changeform_initial_data(self, request):
        """The words the site brings, to begin with."""
        kind, language = request.GET.get("kind"), request.GET.get("language")
        known = [
            row for row in flags.lists_as_brought() if (row.kind, row.language) == (kind, language)
        ]
        return {"kind": kind, "language": language, "words": known[0].words} if known else {}

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("words"))
    def number(self, obj):
        return len(flags.lines(obj.words))


@admin.register(DeskSettings)
class DeskSettingsAdmin(OneRowMixin, admin.ModelAdmin):
    fieldsets = (
        (
            None,
            {
                "fields": ("notify", "address", "language"),
                "description": _(
                    "What may be about self-harm or an emergency comes at once, unless you choose"
                    " “Never”."
                ),
            },
        ),
    )

    def first_day(self):
        desk, address = DeskSettings.load(), reverse("admin:comments_desksettings_change", args=[1])
        set_up = bool(settings.EMAIL_HOST) and bool(desk.address)
        yield Step(_("How new comments reach you by mail"), f"{address}#id_address", set_up)


@admin.register(Decision)
class DecisionAdmin(admin.ModelAdmin):
    """The log: to be read, not written."""

    list_display = ("at", "action", "comment", "user", "undone")
    list_filter = ("action", "user")
    list_select_related = ("comment", "user")
    date_hierarchy = "at"
    fields = ("at", "action", "comment", "user", "undone")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
