"""What an action of a list asks on a page of its own before it does anything."""

from django.template.response import TemplateResponse
from django.urls import reverse


def ask(desk, request, action, form, chosen, *, title, button, before=""):
    """The page with `form` about the rows `chosen`; it is sent to the same list, for `action`."""
    context = {
        **desk.admin_site.each_context(request),
        "title": title,
        "opts": desk.opts,
        "action": action,
        "form": form,
        "chosen": chosen,
        "before": before,
        "button": button,
        "list_address": reverse(f"admin:{desk.opts.app_label}_{desk.opts.model_name}_changelist"),
    }
    return TemplateResponse(request, "admin/ask.html", context)
