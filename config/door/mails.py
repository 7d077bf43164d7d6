"""What the owner of an account is told by mail."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from publishing.mailing import outbox

from .agents import named


def new_browser(request, user):
    """Somebody logged in from where nobody has before."""
    context = {
        "name": user.get_username(),
        "when": timezone.localtime(),
        "browser": named(request.META.get("HTTP_USER_AGENT", "")),
        "place": request.META.get("REMOTE_ADDR", ""),
        "account": outbox.absolute(reverse("account")),
    }
    outbox.send("new_browser", user.email, _language(), context)


def factors_changed(user):
    context = {"name": user.get_username(), "account": outbox.absolute(reverse("account"))}
    if user.email:
        outbox.send("factors_changed", user.email, _language(), context)


def _language():
    return get_language() or settings.LANGUAGE_CODE
