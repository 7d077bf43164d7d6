"""The log-in and one's own account: password, second factors, sessions."""

import re
from functools import wraps
from importlib import import_module
from io import BytesIO

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from publishing.desk.again import asks_again
from publishing.limits import limited

from . import browsers, entry, factors, mails

DESK = re.compile(r"(?:/[a-z]{2})?/admin/(?!log(?:in|out)/)")


def next_of(request):
    """Where to after the log-in: somewhere on the desk, whatever a link says."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    path = wanted.removeprefix(request.META.get("SCRIPT_NAME", ""))
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if safe and DESK.match(path) else reverse("admin:index")


@never_cache
@sensitive_post_parameters()
@csrf_protect
def log_in(request, site):
    if request.method == "GET" and site.has_permission(request):
        return redirect("admin:index")
    user, form = site.entry(request, request.POST if request.method == "POST" else None)
    if user is not None:
        browsers.enter(request, user)
        return redirect(next_of(request))
    context = {
        **site.each_context(request),
        "title": _("Log in"),
        "form": form,
        "step": isinstance(form, entry.SecondStep),
        "next": next_of(request),
        "passkeys": factors.passkeys_possible(),
        "username": request.user.get_username(),
    }
    return TemplateResponse(request, "admin/login.html", context)


@never_cache
@require_POST
@limited("passkeys")
def passkey(request):
    """Logging in with a passkey alone: asked without one, what the browser needs, as JSON; then
    its answer."""
    form = _Credential(request.POST)
    if not form.is_valid() or not form.cleaned_data["credential"]:
        return HttpResponse(factors.options_for(), content_type="application/json")
    user = factors.opened_by(form.cleaned_data["credential"])
    if user is None or not (user.is_active and user.is_staff):
        messages.error(request, _("This passkey opens no account here."))
        return redirect("admin:login")
    browsers.enter(request, user)
    return redirect(next_of(request))


class _Credential(forms.Form):
    credential = entry.CredentialField(required=False)


# One's own account


def own(view):
    """For whoever is logged in at the desk; the next page after a log-in is this one."""

    @wraps(view)
    def owned(request, *args, **kwargs):
        if not admin.site.has_permission(request):
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        browsers.in_use(request)
        return view(request, *args, **kwargs)

    return never_cache(require_http_methods(["GET", "HEAD", "POST"])(csrf_protect(owned)))


def _page(request, template, title, **context):
    context = {**admin.site.each_context(request), "title": title, **context}
    return TemplateResponse(request, f"admin/account/{template}.html", context)


@own
def account(request):
    user = request.user
    return _page(
        request,
        "account",
        _("Your account"),
        factors=factors.of(user),
        required=factors.is_required_of(user),
        codes=len(factors.codes_left(user)),
        passkeys=factors.passkeys_possible(),
        sessions=browsers.sessions_of(user),
        here=request.session.session_key,
    )


def _added(request):
    """What follows a new factor: the codes for the day it is lost, shown once they are made."""
    mails.factors_changed(request.user)
    if factors.codes_left(request.user):
        messages.success(request, _("It is set up."))
        return redirect("account")
    factors.new_codes(request.user)
    messages.success(request, _("It is set up. Now keep these codes where you find them."))
    return redirect("account-codes")


@own
@asks_again()
def app(request):
    """Setting up an app on a telephone that shows codes."""
    if factors.of(request.user).filter(type=factors.Type.TOTP).exists():
        return redirect("account")
    form = ActivateTOTPForm(request.POST or None, user=request.user)
    form.fields["code"].label = _("Code")
    form.fields["code"].widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric"}
    if request.method == "POST" and form.is_valid():
        totp.TOTP.activate(request.user, form.secret)
        totp.clear_totp_secret(request)
        return _added(request)
    return _page(request, "app", _("An app that shows codes"), form=form, secret=form.secret)


@own
def qr(request):
    """The code to be photographed, of the key that is being set up."""
    secret = request.session.get(totp.SECRET_SESSION_KEY)
    if not secret:
        return redirect("account-app")
    address = get_adapter().build_totp_url(request.user, secret)
    drawn = BytesIO()
    drawing = import_module("qrcode.image.svg").SvgPathImage  # shown once in an account's life
    import_module("qrcode").make(address, image_factory=drawing).save(drawn)
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")


class PasskeyForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80, required=False)
    credential = entry.CredentialField()

    use_required_attribute = False


@own
@asks_again()
def add_passkey(request):
    form = PasskeyForm(request.POST or None, initial={"name": _("My passkey")})
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"] or _("My passkey")
        if factors.add_passkey(request.user, name, form.cleaned_data["credential"]):
            return _added(request)
        form.add_error(None, _("Your browser’s answer was not to this question. Please try again."))
    options = factors.options_for_new(request.user)
    return _page(request, "passkey", _("A passkey"), form=form, options=options)


@own
@asks_again()
def codes(request):
    if not factors.of(request.user).exists():
        return redirect("account")
    if request.method == "POST":
        factors.new_codes(request.user)
        mails.factors_changed(request.user)
        messages.success(request, _("These are new. The old ones open nothing any more."))
        return redirect("account-codes")
    left = factors.codes_left(request.user)
    return _page(request, "codes", _("Recovery codes"), codes=left)


@own
@asks_again()
def remove(request, pk):
    factor = get_object_or_404(factors.of(request.user), pk=pk)
    if request.method == "POST":
        factors.remove(factor)
        mails.factors_changed(request.user)
        messages.success(request, _("It opens nothing any more."))
        return redirect("account")
    return _page(request, "remove", _("Take away a second factor"), factor=factor)


@own
@require_POST
def end_sessions(request):
    """One other session, all others, or all of them."""
    which = request.POST.get("which", "")
    if which.isascii() and which.isdigit() and len(which) < 19:
        for row in UserSession.objects.filter(user=request.user, pk=which):
            row.end()
    elif which == "others":
        browsers.end(request.user, keep=request.session.session_key)
    elif which == "all":
        browsers.end(request.user)
        return redirect("admin:login")
    messages.success(request, _("Logged out there."))
    return redirect("account")
