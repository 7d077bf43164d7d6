"""The commenter's own page, and what the links in mails to readers open. Looking changes nothing;
buttons do."""

from django.conf import settings
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from publishing import limits
from publishing.refusals import refuse
from publishing.shortcuts import page_of

from ..forms import WordsForm
from ..models import Subscription
from . import links, retention, subscriptions

CORRECTED = ("name", "role", "kind", "text", "language")
PER_PAGE = 50
DONE = {"corrected", "withdrawn", "back", "erased", "silent"}


def _private(response):
    """Their addresses are keys: no other site may learn them from a link."""
    response["Referrer-Policy"] = "same-origin"
    return response


def _refused(request, name):
    refusal = limits.hit(name, request) if request.method == "POST" else None
    return refusal and _private(refuse(request, status=429, words=str(refusal), wait=refusal.wait))


def _writer(signed):
    writer = links.opened(signed)
    if writer is None:
        raise Http404
    return writer


def _comment(writer, pk):
    comment = (
        links.comments_of(writer).filter(pk=pk).first()
        if pk.isascii() and pk.isdigit() and len(pk) < 19
        else None
    )
    if comment is None:
        raise Http404
    return comment


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request, signed):
    writer = _writer(signed)
    if request.method == "POST":
        return _refused(request, "own pages") or _act(request, writer, signed)
    comments = page_of(links.comments_of(writer).prefetch_related("page"), request, PER_PAGE)
    for comment in comments:
        comment.can_correct = links.can_correct(comment)
        comment.until = links.correct_until(comment)
        comment.listening = getattr(comment, "subscription", None)
    done = request.GET.get("done", "")
    context = {
        "writer": writer,
        "signed": signed,
        "comments": comments,
        "done": done if done in DONE else "",
        "hours": settings.COMMENT_EDIT_HOURS,
    }
    return _private(render(request, "comments/mine.html", context))


def _act(request, writer, signed):
    wish = request.POST.get("do", "")
    if wish == "erase all":
        if "sure" not in request.POST:
            return _private(
                render(request, "comments/sure.html", {"signed": signed, "comment": None})
            )
        retention.erase(links.comments_of(writer))
        return _private(render(request, "comments/erased.html"))
    comment = _comment(writer, request.POST.get("comment", ""))
    if wish == "erase":
        if "sure" not in request.POST:
            return _private(
                render(request, "comments/sure.html", {"signed": signed, "comment": comment})
            )
        retention.erase([comment])
        if not links.comments_of(writer).exists():
            return _private(render(request, "comments/erased.html"))
        done = "erased"
    elif wish == "withdraw":
        links.withdraw(comment)
        done = "withdrawn"
    elif wish == "bring back":
        links.bring_back(comment)
        done = "back"
    elif wish == "silence":
        Subscription.objects.filter(comment=comment).delete()
        done = "silent"
    else:
        raise Http404
    return _private(redirect(f"{reverse('comments:mine', args=[signed])}?done={done}"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request, signed, pk):
    comment = _comment(_writer(signed), str(pk))
    back = reverse("comments:mine", args=[signed])
    if comment.page is None or not links.can_correct(comment):
        return _private(redirect(back))
    now = {name: getattr(comment, name) for name in CORRECTED}
    if refused := _refused(request, "own pages"):
        return refused
    form = WordsForm(request.POST or None, initial=now, page=comment.page)
    if request.method == "POST" and form.is_valid():
        changed = links.correct(
            comment=comment, changes={name: form.cleaned_data[name] for name in CORRECTED}
        )
        if changed:
            form.settle_language(comment)
        return _private(redirect(f"{back}?done=corrected" if changed else back))
    context = {"form": form, "comment": comment, "page": comment.page, "back": back}
    return _private(render(request, "comments/correct.html", context))


@never_cache
@require_safe
def export(request, signed):
    writer = _writer(signed)
    response = JsonResponse(
        retention.export(links.comments_of(writer)),
        json_dumps_params={"indent": 2, "ensure_ascii": False},
    )
    response["Content-Disposition"] = 'attachment; filename="comments.json"'
    return _private(response)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request, signed):
    """The second step of “mail me when somebody answers”: the button on the page the mail leads
    to."""
    subscription = subscriptions.opened(signed)
    if refused := _refused(request, "subscriptions"):
        return refused
    if subscription is not None and request.method == "POST":
        subscriptions.confirm(subscription)
    context = {"subscription": subscription, "signed": signed}
    return _private(
        render(request, "comments/confirm.html", context, status=200 if subscription else 404)
    )


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request, signed):
    """Also pressed by mail programs (RFC 8058), which bring no cookie and no token: the signed
    address is enough."""
    subscription = subscriptions.opened(signed)
    ended = request.method == "POST" or subscription is None
    if request.method == "POST" and subscription is not None:
        subscriptions.end(subscription)
    return _private(render(request, "comments/unsubscribe.html", {"ended": ended}))
