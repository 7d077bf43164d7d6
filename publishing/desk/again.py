"""Logging in again without leaving what one was doing, with a script (a dialog) and without (a page
that keeps the form); and giving the password once more before what weighs much.

All ask what the log-in of the desk asks (`admin.site.entry`), the second factor included.
"""

import time
from functools import wraps

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import authenticate
from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

PREFIX = "again"


@never_cache
@sensitive_post_parameters()
def again(request):
    """For the dialog: `{"in": true, "token": …}` once its user is logged in, until then `{"in":
    false, "form": HTML}`.

    `whose` is the user whose form is open: nobody else can go on with it.
    """
    sent = request.POST if request.method == "POST" else None
    whose = (request.GET if sent is None else sent).get("whose", "")
    inside = admin.site.has_permission(request)
    if inside and str(request.user.pk) == whose:
        return JsonResponse({"in": True, "token": get_token(request)})
    user, form = admin.site.entry(request, sent, PREFIX)
    if user is not None:
        if str(user.pk) == whose:
            admin.site.enter(request, user)
            return JsonResponse({"in": True, "token": get_token(request)})
        form.add_error(
            None,
            _("These words were typed by somebody else: log in with the name that began them."),
        )
    context = {"form": form, "other": inside and request.user}
    return JsonResponse(
        {"in": False, "form": render_to_string("admin/editing/again.html", context, request)}
    )


def keeps_the_form(view):
    """A form sent after the login has ended waits in a page that asks for what the log-in asks for,
    and is then taken as sent.
    """

    @wraps(view)
    def kept(request, *args, **kwargs):
        if request.method != "POST" or admin.site.has_permission(request):
            return view(request, *args, **kwargs)
        answered = any(name.startswith(f"{PREFIX}-") for name in request.POST)
        user, form = admin.site.entry(request, request.POST if answered else None, PREFIX)
        if user is not None:
            admin.site.enter(request, user)
            request.POST = _without_own(request.POST)
            return view(request, *args, **kwargs)
        said = {
            "title": _("Your login has ended"),
            "words": _("Nothing is lost. Give your password, and what you sent is saved."),
            "button": _("Log in and save"),
        }
        return _asking(request, form, sent=_pairs(request.POST), status=401, **said)

    return sensitive_post_parameters()(kept)


class PasswordForm(forms.Form):
    """Whether it is still the one who logged in."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )

    use_required_attribute = False

    def __init__(self, request, data=None):
        super().__init__(data, prefix=PREFIX)
        self.request = request

    def clean_password(self):
        name, given = self.request.user.get_username(), self.cleaned_data["password"]
        if authenticate(self.request, username=name, password=given) != self.request.user:
            raise forms.ValidationError(_("That is not your password."))
        return given


def proved(request):
    """Note that the password was given now; called at every log-in."""
    request.session["proved"] = int(time.time())


def asks_again(when=None):
    """A view that goes on only if the password was given a few minutes ago; `when`: a function of
    the request, for views of which only a part weighs much. What was sent waits meanwhile.
    """

    def decorate(view):
        @wraps(view)
        def asked(request, *args, **kwargs):
            lately = time.time() - request.session.get("proved", 0)
            needed = admin.site.has_permission(request) and (when is None or when(request))
            if not needed or 0 <= lately < settings.PASSWORD_AGAIN_MINUTES * 60:
                return view(request, *args, **kwargs)
            answered = f"{PREFIX}-password" in request.POST
            form = PasswordForm(request, request.POST if answered else None)
            # Passwords of others are not written into a page: that form is filled in anew.
            secret = any("password" in name for name in _without_own(request.POST))
            if form.is_bound and form.is_valid():
                proved(request)
                if f"{PREFIX}-look" in request.POST:
                    return redirect(request.get_full_path())
                request.POST = _without_own(request.POST)
                return view(request, *args, **kwargs)
            said = {
                "title": _("Your password, please"),
                "words": _("What comes now weighs much: it is asked for once more."),
                "button": _("Go on"),
                "look": secret or request.method != "POST" or f"{PREFIX}-look" in request.POST,
            }
            return _asking(
                request, form, sent=[] if secret else _pairs(request.POST), status=200, **said
            )

        return sensitive_post_parameters()(asked)

    return decorate


def posts(request):
    return request.method == "POST"


def _asking(request, form, *, status, **context):
    context = {
        **admin.site.each_context(request),
        "form": form,
        "had_files": bool(request.FILES),
        **context,
    }
    response = TemplateResponse(request, "admin/editing/login_again.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _pairs(post):
    rest = _without_own(post)
    return [(name, value) for name in rest for value in rest.getlist(name)]


def _without_own(post):
    rest = post.copy()
    for name in post:
        if name.startswith(f"{PREFIX}-") or name == "csrfmiddlewaretoken":
            rest.pop(name)
    return rest
