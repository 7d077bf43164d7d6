"""What readers meet of following by mail. Looking changes nothing; buttons do."""

from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from publishing import limits
from publishing.following import topics
from publishing.refusals import refuse

from ..commenters.views import private
from . import people
from .forms import FollowForm

LOOK_OR_PRESS = ["GET", "HEAD", "POST"]


def _refused(request, name, **whose):
    refusal = limits.hit(name, request, **whose) if request.method == "POST" else None
    return refusal and private(refuse(request, status=429, words=str(refusal), wait=refusal.wait))


@never_cache
@require_http_methods(LOOK_OR_PRESS)
def follow(request, key):
    """The form for one topic."""
    topic = topics.of(key)
    if topic is None:
        raise Http404
    sends = request.method == "POST" and "another" not in request.POST
    refusal = (
        limits.reached("wrong answers", request) or limits.hit("sendings", request)
        if sends
        else limits.hit("forms", request)
    )
    if refusal:
        return refuse(request, status=429, words=str(refusal), wait=refusal.wait)
    form = FollowForm(request.POST, topic=topic) if sends else None
    if form is not None and form.is_valid():
        refused = _refused(request, "followings", mailbox=form.cleaned_data["email"])
        if refused:
            return refused
        people.ask(form)
        return render(request, "following/asked.html", {"topic": topic})
    if form is not None and "captcha" in form.errors and form.data.get("captcha_1"):
        limits.hit("wrong answers", request)
    form = form or FollowForm(initial=request.POST.dict(), topic=topic)
    return render(request, "following/form.html", {"topic": topic, "form": form})


@never_cache
@require_http_methods(LOOK_OR_PRESS)
def confirm(request, key):
    """The second step: the button on the page the mail leads to."""
    if refused := _refused(request, "subscriptions"):
        return refused
    row = people.by_key(key)
    if row is not None and request.method == "POST":
        people.confirm(row)
        row.refresh_from_db()
    topic = row and topics.of(row.topic)
    context = {"row": row, "topic": topic}
    return private(render(request, "following/confirm.html", context, status=200 if row else 404))


@csrf_exempt
@never_cache
@require_http_methods(LOOK_OR_PRESS)
def end(request, key):
    """Also pressed by mail programs (RFC 8058), which bring no cookie and no token: the address is
    enough. It ends all mail of this kind to this mailbox."""
    row = people.by_key(key)
    if request.method == "POST" and row is not None:
        people.end(people.all_of(row))
    ended = request.method == "POST" or row is None
    return private(render(request, "following/end.html", {"ended": ended}))


@never_cache
@require_http_methods(LOOK_OR_PRESS)
def key(request, key):
    """A page with a button, which trades the key for a while at an address without it."""
    row = people.by_key(key)
    if row is None or row.confirmed is None:
        return private(render(request, "following/confirm.html", status=404))
    if request.method != "POST":
        return private(render(request, "following/key.html"))
    if refused := _refused(request, "own pages"):
        return refused
    return private(people.keep(redirect("comments:following"), row))


@never_cache
@require_http_methods(LOOK_OR_PRESS)
def mine(request):
    """What one follows, what is kept of it, and its end."""
    row = people.opened(request)
    if row is None:
        return render(request, "comments/not_open.html", status=403)
    rows = people.all_of(row)
    if request.method == "POST":
        return private(_refused(request, "own pages") or _act(request, row, rows))
    context = {"email": row.email, "rows": people.named(rows)}
    return private(people.keep(render(request, "following/mine.html", context), row))


def _act(request, row, rows):
    wish = request.POST.get("do", "")
    if wish == "close":
        return people.close(redirect("home"))
    if wish == "export":
        response = JsonResponse(
            {"following": people.exported(rows)},
            json_dumps_params={"indent": 2, "ensure_ascii": False},
        )
        response["Content-Disposition"] = 'attachment; filename="following.json"'
        return response
    if wish == "end all":
        people.end(rows)
        return people.close(render(request, "following/end.html", {"ended": True}))
    chosen = request.POST.get("row", "")
    if wish != "end" or not chosen.isdecimal() or len(chosen) > 18:
        raise Http404
    people.end(rows.filter(pk=int(chosen)))
    left = people.all_of(row).first()
    if left is None:
        return people.close(render(request, "following/end.html", {"ended": True}))
    return people.keep(redirect("comments:following"), left)
