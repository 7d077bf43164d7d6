"""Words to whoever writes, below the text and folded: how much it is, and what may want another
look. Asked for now and then while typing; nothing is kept."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from ..models import RichPage
from ..richtext import hints, links, render, sanitise

# Longer than any text is read for this; autosave keeps what is longer all the same.
LONGEST = 4_000_000


def of_text(model, body: str, language: str) -> dict:
    """What the list shows of a text as it is stored or typed."""
    body = links.to_stored(sanitise.clean(body[:LONGEST]))
    root = sanitise.parse(body)
    found = hints.of_tree(root)
    page = model(body=body, language=language)
    return {
        "words": found.words,
        "minutes": max(1, round(found.words / render.WORDS_A_MINUTE)) if found.words else 0,
        "claims": found.claims,
        "identifiers": found.identifiers,
        "cut": found.cut,
        "unknown": getattr(page, "unknown_citekeys", []),
        "broken": links.broken(body),
        "level": page.reading_level(root),
        "own": list(page.look_again(root)),
    }


class Hints:
    """For the desk of a kind of page."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_hints"
        return [
            path("hints/", self.admin_site.admin_view(self.hints), name=name),
            *super().get_urls(),
        ]

    @method_decorator(require_POST)
    def hints(self, request):
        """The list for the text that is sent, as a piece of the page."""
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        found = of_text(
            self.model, request.POST.get("body", ""), request.POST.get("language", "en")
        )
        return HttpResponse(render_to_string("admin/editing/hints.html", {"hints": found}))

    def editing_context(self, request, context, obj):
        found = super().editing_context(request, context, obj)
        if issubclass(self.model, RichPage):
            form = context["adminform"].form
            body = form["body"].value() or "" if "body" in form.fields else ""
            language = form["language"].value() if "language" in form.fields else "en"
            found["hints"] = of_text(self.model, body, language or "en")
            found["hints_address"] = self._address("hints")
        return found
