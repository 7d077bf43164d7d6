"""The form, and what the site can say at once. Looking changes nothing."""

from django.conf import settings
from django.db import transaction
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from publishing import limits
from publishing.later import later
from publishing.refusals import refuse
from publishing.richtext.sanitise import strip_control
from references.nominating import reading

from .. import captcha
from .forms import NominationForm

known = later("references.nominating.known")
settling = later("references.nominating.settling")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def nominate(request):
    sends = request.method == "POST" and "another" not in request.POST
    refusal = (
        limits.reached("wrong answers", request) or limits.hit("sendings", request)
        if sends
        else limits.hit("forms", request)
    )
    if refusal:
        return _refused(request, refusal)
    form = NominationForm(request.POST) if sends else None
    perhaps = None
    if form is not None and form.is_valid():
        told = known.known(reading.record_of(form.cleaned_data["work"]))
        perhaps = told.perhaps if "sure" not in request.POST else None
        if told.work or told.left_out or told.waits:
            return render(request, "nominating/known.html", {"told": told})
        if perhaps is None:
            email = form.cleaned_data["email"]
            if refusal := limits.hit("nominations", request, mailbox=email):
                return _refused(request, refusal)
            _keep(form)
            return render(request, "nominating/sent.html", {"mailed": bool(email)})
    elif form is not None and "captcha" in form.errors and form.data.get("captcha_1"):
        limits.hit("wrong answers", request)
    form = form or NominationForm(initial=_initial(request))
    return render(request, "nominating/form.html", {"form": form, "perhaps": perhaps})


def _initial(request):
    if request.method == "POST":
        return request.POST.dict()
    return {"work": strip_control(request.GET.get("work", ""))[: reading.LONGEST]}


def _refused(request, refusal):
    return refuse(request, status=429, words=str(refusal), wait=refusal.wait)


@transaction.atomic
def _keep(form):
    captcha.spend(form.stamp.token, form.cleaned_data["captcha"])
    settling.nominate(
        token=form.stamp.token,
        language=get_language() or settings.LANGUAGE_CODE,
        **{name: form.cleaned_data[name] for name in ("work", "why", "email")},
    )
