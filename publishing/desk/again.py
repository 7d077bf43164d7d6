"""Logging in again without leaving what one was doing, with a script (a dialog) and without (a page
that keeps the form).

Both ask with the admin's own login form, so that whatever it comes to ask for is asked here too,
and django-axes counts.
"""

from functools import wraps

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import login
from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

PREFIX = "again"


def _form(request, data=None):
    return (admin.site.login_form or AdminAuthenticationForm)(request, data=data, prefix=PREFIX)


def _entered(request, form):
    """Log in with a form that is valid."""
    login(request, form.get_user())
    return JsonResponse({"in": True, "token": get_token(request)})


@never_cache
@sensitive_post_parameters()
def again(request):
    """For the dialog: `{"in": true, "token": …}` once its user is logged in, until then `{"in":
    false, "form": HTML}`.

    `whose` is the user whose form is open: nobody else can go on with it.
    """
    whose = (request.POST if request.method == "POST" else request.GET).get("whose", "")
    inside = admin.site.has_permission(request)
    if inside and str(request.user.pk) == whose:
        return JsonResponse({"in": True, "token": get_token(request)})
    form = _form(request, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        if str(form.get_user().pk) == whose:
            return _entered(request, form)
        form.add_error(
            None,
            _("These words were typed by somebody else: log in with the name that began them."),
        )
    context = {"form": form, "other": inside and request.user}
    return JsonResponse(
        {"in": False, "form": render_to_string("admin/editing/again.html", context, request)}
    )


def keeps_the_form(view):
    """A form sent after the login has ended waits in a page that asks for the password, and is then
    taken as sent.
    """

    @wraps(view)
    def kept(request, *args, **kwargs):
        if request.method != "POST" or admin.site.has_permission(request):
            return view(request, *args, **kwargs)
        form = _form(request, request.POST if f"{PREFIX}-password" in request.POST else None)
        own = {form.add_prefix(name) for name in form.fields} | {"csrfmiddlewaretoken"}
        if form.is_bound and form.is_valid():
            login(request, form.get_user())
            request.POST = _without(request.POST, own)
            return view(request, *args, **kwargs)
        sent = [
            (name, value)
            for name in request.POST
            if name not in own
            for value in request.POST.getlist(name)
        ]
        context = {
            **admin.site.each_context(request),
            "title": _("Your login has ended"),
            "form": form,
            "sent": sent,
            "had_files": bool(request.FILES),
        }
        return TemplateResponse(request, "admin/editing/login_again.html", context, status=401)

    return sensitive_post_parameters()(kept)


def _without(post, names):
    rest = post.copy()
    for name in names:
        rest.pop(name, None)
    return rest
