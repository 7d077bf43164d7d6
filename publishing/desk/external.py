"""The report on links to other sites: what became of each, where it is used, an old copy of it."""

from urllib.parse import quote

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import redirect
from django.urls import NoReverseMatch, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from ..checking import links
from ..models import ExternalLink, LinkState
from ..templatetags.richtext import day
from . import waiting

ARCHIVE = "https://web.archive.org/web/2*/"
SHOWN = 8
REASONS = {
    "timeout": _("it took too long"),
    "unknown host": _("there is no site of this name"),
    "certificate": _("its certificate is not valid"),
    "no connection": _("it cannot be reached"),
    "redirects": _("it leads on and on"),
    "robots.txt": _("its robots.txt asks programs to stay away"),
    "private": _("it lies in a private network"),
}


@admin.register(ExternalLink)
class ExternalLinkAdmin(admin.ModelAdmin):
    list_display = ("shown", "what_became", "where", "archived", "looked_at")
    list_display_links = None
    list_filter = (waiting.DutyFilter, "state")
    search_fields = ("url",)
    ordering = ("host", "url")
    list_per_page = 100
    fields = ("shown", "what_became", "where", "archived", "looked_at")
    readonly_fields = fields
    change_list_template = "admin/publishing/externallink/change_list.html"

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        own = self.admin_site.admin_view(require_POST(self.look_again))
        return [path("again/", own, name="publishing_externallink_again"), *super().get_urls()]

    def look_again(self, request):
        """Have all of them looked at, in the background."""
        if not request.user.has_perm("publishing.change_externallink"):
            raise PermissionDenied
        count = links.begin(again=True)
        words = ngettext(
            "%(count)s link is being looked at. Come back in a while.",
            "%(count)s links are being looked at. Come back in a while.",
            count,
        )
        messages.success(request, words % {"count": count})
        return redirect("admin:publishing_externallink_changelist")

    def changelist_view(self, request, extra_context=None):
        may = request.user.has_perm("publishing.change_externallink")
        return super().changelist_view(request, {"may_look": may, **(extra_context or {})})

    def duties(self):
        yield waiting.Duty(
            "broken",
            _("broken"),
            lambda n: ngettext("%(count)s broken link", "%(count)s broken links", n) % {"count": n},
            lambda rows: rows.filter(state=LinkState.BROKEN),
        )
        yield waiting.Duty(
            "moved",
            _("moved"),
            lambda n: (
                ngettext("%(count)s link that has moved", "%(count)s links that have moved", n)
                % {"count": n}
            ),
            lambda rows: rows.filter(Q(state=LinkState.MOVED)),
        )

    def to_do(self, request):
        broken, *_others = self.duties()
        return waiting.count([broken], self.get_queryset(request))

    @admin.display(description=_("address"), ordering="url")
    def shown(self, obj):
        return format_html('<a href="{}" rel="noreferrer">{}</a>', obj.url, obj.url)

    @admin.display(description=_("what became of it"), ordering="state")
    def what_became(self, obj):
        words = obj.get_state_display()
        if obj.moved_to:
            return format_html(
                '{}: <a href="{}" rel="noreferrer">{}</a>', words, obj.moved_to, obj.moved_to
            )
        if obj.state in (LinkState.GOOD, LinkState.WAITING):
            return words
        reason = REASONS.get(obj.said) or (
            gettext("answer %(number)s") % {"number": obj.said} if obj.said else ""
        )
        return f"{words} ({reason})" if reason else words

    @admin.display(description=_("where it is used"))
    def where(self, obj):
        rows = [(_form(label, pk), title) for label, pk, title in obj.used_in[:SHOWN]]
        found = format_html_join(", ", '<a href="{}">{}</a>', (row for row in rows if row[0]))
        more = len(obj.used_in) - SHOWN
        return format_html("{} +{}", found, more) if more > 0 else found

    @admin.display(description=_("old copy"))
    def archived(self, obj):
        if obj.state in (LinkState.GOOD, LinkState.WAITING):
            return "–"
        address = ARCHIVE + quote(obj.url, safe=":/?&=#%+,;@~")
        return format_html(
            '<a href="{}" rel="noreferrer">{}</a>', address, _("Copies at the Web Archive")
        )

    @admin.display(description=_("looked at"), ordering="checked")
    def looked_at(self, obj):
        return day(obj.checked) if obj.checked else "–"


def _form(label, pk):
    try:
        return reverse(f"admin:{label.replace('.', '_')}_change", args=[pk])
    except NoReverseMatch:
        return ""
