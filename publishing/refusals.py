"""A page that says why something cannot be done now, with everything typed on it, ready to be sent
again.

It asks nothing of the database, which may be what is missing.
"""

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.translation import gettext

SHORT = 60  # characters: longer values are shown, so that they can be copied


def refuse(request, *, status: int, words: str, wait: int) -> HttpResponse:
    """`wait`: seconds until it is worth trying again."""
    titles = {429: gettext("Please wait a little"), 503: gettext("This cannot be done just now")}
    secret, fields = _sent(request)
    context = {
        "status": status,
        "title": titles[status],
        "words": words,
        "path": request.get_full_path(),
        "again": request.method == "POST" and not secret,
        "fields": [] if secret else fields,
        "files": request.method == "POST" and bool(request.FILES),
    }
    page = render_to_string("refused.html", context | looks())
    return marked(HttpResponse(page, status=status), wait)


def looks() -> dict:
    """Script and style sheet of a page made from `bare.html`."""
    return {
        "script": static("js/theme.js"),
        "sheets": [static("css/plain.css")],
    }


def marked(response, wait):
    response["Retry-After"] = str(wait)
    response["Cache-Control"] = "no-store"
    return response


def _sent(request):
    """Whether there are secrets among what was sent, which no page may show; `[(name, value,
    whether it is long)]`."""
    if request.method != "POST":
        return False, []
    rows = [(name, value) for name, values in request.POST.lists() for value in values]
    secret = any("password" in name or "secret" in name for name, _value in rows)
    return secret, [(name, value, len(value) > SHORT or "\n" in value) for name, value in rows]
