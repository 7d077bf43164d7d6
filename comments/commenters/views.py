"""The commenter's own page, and what the links in mails to readers open. Looking changes nothing;
buttons do."""

from django.conf import settings
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from publishing import limits
from publishing.mailing import outbox
from publishing.refusals import refuse
from publishing.shortcuts import page_of

from ..following import people
from ..forms import WordsForm
from ..models import Subscription
from ..nominating import people as nominating
from . import access, links, opened, retention, subscriptions

CORRECTED = ("name", "role", "kind", "text", "language")
PER_PAGE = 50
DONE = {"corrected", "withdrawn", "back", "erased", "silent", "renewed"}


def private(response):
    """Of addresses that hold keys no site learns more than where it came from, ours included."""
    response["Referrer-Policy"] = "strict-origin"
    return response


def _refused(request, name):
    refusal = limits.hit(name, request) if request.method == "POST" else None
    return refusal and private(refuse(request, status=429, words=str(refusal), wait=refusal.wait))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def key(request, signed):
    """What a key opens: a page with a button, which trades it for a while at the address without
    it. One that is too old is sent anew, to the address it went to before."""
    writer, is_old = links.found(signed)
    if writer is None:
        return private(render(request, "comments/confirm.html", status=404))
    if request.method == "POST":
        if refused := _refused(request, "own pages"):
            return refused
        if not is_old:
            return private(opened.keep(redirect("comments:mine"), writer))
        send_key(writer)
    context = {
        "is_old": is_old,
        "mailable": is_old and bool(links.email_of(writer)),
        "sent": request.method == "POST",
    }
    return private(render(request, "comments/key.html", context))


def send_key(writer):
    """A fresh key, by mail alone: nobody gets it who has an old one and not the mailbox."""
    to = links.email_of(writer)
    if to:
        language = links.comments_of(writer).first().language
        outbox.send("own_page", to, language, {"own_page": outbox.absolute(links.link(writer))})


def _own(view):
    """For whoever has opened their own page in this browser."""

    @never_cache
    def owned(request, *args, **kwargs):
        writer = opened.by(request)
        if writer is None:
            return render(request, "comments/not_open.html", status=403)
        response = view(request, writer, *args, **kwargs)
        if opened.COOKIE not in response.cookies:
            opened.keep(response, writer)
        return private(response)

    return owned


def _comment(writer, pk):
    comment = (
        links.comments_of(writer).filter(pk=pk).first()
        if pk.isascii() and pk.isdigit() and len(pk) < 19
        else None
    )
    if comment is None:
        raise Http404
    return comment


@require_http_methods(["GET", "HEAD", "POST"])
@_own
def mine(request, writer):
    if request.method == "POST":
        return _refused(request, "own pages") or _act(request, writer)
    comments = page_of(links.comments_of(writer).prefetch_related("page"), request, PER_PAGE)
    for comment in comments:
        comment.can_correct = links.can_correct(comment)
        comment.until = links.correct_until(comment)
        comment.listening = getattr(comment, "subscription", None)
    done = request.GET.get("done", "")
    context = {
        "writer": writer,
        "key": outbox.absolute(links.link(writer)),
        "days": settings.COMMENT_KEY_DAYS,
        "comments": comments,
        "following": people.named(people.known_to_be(writer)),
        "nominations": nominating.known_to_be(writer),
        "looks": access.of(links.comments_of(writer)),
        "done": done if done in DONE else "",
        "hours": settings.COMMENT_EDIT_HOURS,
    }
    return render(request, "comments/mine.html", context)


def _act(request, writer):
    wish = request.POST.get("do", "")
    if wish == "close":
        return opened.end(redirect("home"))
    if wish == "renew":
        links.renew(writer)
        return opened.keep(redirect(f"{reverse('comments:mine')}?done=renewed#key"), writer)
    if wish == "erase all":
        if "sure" not in request.POST:
            return render(request, "comments/sure.html", {"comment": None})
        access.note(access.What.ERASED, links.comments_of(writer))
        people.end(people.known_to_be(writer))
        nominating.known_to_be(writer).delete()
        retention.erase(links.comments_of(writer))
        return opened.end(render(request, "comments/erased.html"))
    comment = _comment(writer, request.POST.get("comment", ""))
    if wish == "erase":
        if "sure" not in request.POST:
            return render(request, "comments/sure.html", {"comment": comment})
        access.note(access.What.ERASED, [comment])
        retention.erase([comment])
        if not links.comments_of(writer).exists():
            return opened.end(render(request, "comments/erased.html"))
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
    return redirect(f"{reverse('comments:mine')}?done={done}")


@require_http_methods(["GET", "HEAD", "POST"])
@_own
def correct(request, writer, pk):
    comment = _comment(writer, str(pk))
    back = reverse("comments:mine")
    if comment.page is None or not links.can_correct(comment):
        return redirect(back)
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
        return redirect(f"{back}?done=corrected" if changed else back)
    context = {"form": form, "comment": comment, "page": comment.page, "back": back}
    return render(request, "comments/correct.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@_own
def export(request, writer):
    """By a button: it is written down, and looking writes nothing."""
    if request.method != "POST":
        return redirect("comments:mine")
    if refused := _refused(request, "own pages"):
        return refused
    access.note(access.What.EXPORTED, links.comments_of(writer))
    response = JsonResponse(
        retention.export(
            links.comments_of(writer), people.known_to_be(writer), nominating.known_to_be(writer)
        ),
        json_dumps_params={"indent": 2, "ensure_ascii": False},
    )
    response["Content-Disposition"] = 'attachment; filename="comments.json"'
    return response


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
    return private(
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
    return private(render(request, "comments/unsubscribe.html", {"ended": ended}))
