"""The desk of digests: what followers would be told, her line above it, sending; how many follow
what."""

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ..desk.waiting import Duty, DutyFilter
from ..models import Digest, SiteSettings
from ..templatetags.richtext import day
from . import digest as digests
from . import topics

LONGEST_LINE = 1000


@admin.register(Digest)
class DigestAdmin(admin.ModelAdmin):
    list_display = ("told_until", "state", "mails")
    list_display_links = None
    list_filter = (DutyFilter,)
    change_list_template = "admin/publishing/digest/change_list.html"

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        view = self.admin_site.admin_view
        own = path("<int:pk>/send/", view(self.look), name="publishing_digest_send")
        return [own, *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        named = [
            (topic.name if (topic := topics.of(key)) else gettext("A page that is gone"), count)
            for key, count in digests.counts()
        ]
        return super().changelist_view(request, {**(extra_context or {}), "followed": named})

    def change_view(self, request, object_id, form_url="", extra_context=None):
        found = self.get_object(request, object_id)
        if found is None:
            raise Http404
        if request.method == "POST" or not self.has_view_permission(request, found):
            raise PermissionDenied
        return redirect("admin:publishing_digest_send", found.pk)

    @admin.display(description=_("what is new until"), ordering="until")
    def told_until(self, obj):
        address = reverse("admin:publishing_digest_send", args=[obj.pk])
        return format_html('<a href="{}">{}</a>', address, day(obj.until))

    def duties(self):
        yield Duty(
            "waiting",
            _("to look at"),
            lambda n: ngettext("%(count)s to look at", "%(count)s to look at", n) % {"count": n},
            lambda rows: rows.filter(state=Digest.State.WAITING),
        )

    def look(self, request, pk):
        """The mail as it would go, and the buttons that let it go or leave it out."""
        found = self.get_object(request, str(pk))
        if found is None:
            raise Http404
        may = self.has_change_permission(request, found)
        if not (may if request.method == "POST" else self.has_view_permission(request, found)):
            raise PermissionDenied
        waits = found.state == Digest.State.WAITING
        if request.method == "POST" and waits:
            found.line = request.POST.get("line", "").replace("\x00", "").strip()[:LONGEST_LINE]
            if "send" in request.POST or "leave_out" in request.POST:
                return self._done(request, found)
        parts = everything(found)
        shown = {"digest": found, "parts": parts, "stop": "#", "own_page": "#",
                 "language": get_language(), "site": SiteSettings.load(),
                 "site_url": settings.SITE_URL}  # fmt: skip
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Digest for followers"),
            "opts": self.opts,
            "digest": found,
            "waits": waits and may,
            "people": digests.confirmed().values("email").distinct().count(),
            "mail": render_to_string("mail/following.txt", shown),
            "longest": LONGEST_LINE,
        }
        return TemplateResponse(request, "admin/publishing/digest/send.html", context)

    def _done(self, request, found):
        if "send" in request.POST:
            digests.send(digest=found, line=found.line, user=request.user)
            said = gettext("It is on its way; each follower gets it once.")
        else:
            digests.leave_out(digest=found)
            said = gettext("Left out: nobody is told of this stretch of time.")
        self.log_change(request, found, said)
        messages.success(request, said)
        return redirect(reverse("admin:publishing_digest_changelist"))


def everything(digest):
    """`[(Topic, [Change])]` of all that anybody follows."""
    parts = []
    for key, _count in digests.counts():
        topic = topics.of(key)
        found = topic and list(topic.changes(digest.since, digest.until, get_language()))
        if found:
            parts.append((topic, found))
    return parts
