"""Deciding from a mail, without logging in: the link shows a page that asks, its button does it.

A program that opens every link of a mail changes nothing. The page shows the words as they are now,
and the button counts only for these words.
"""

from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from .. import since
from ..mailing import digest
from ..models import Status
from . import actions, flags

DECISIONS = {"approve": Status.APPROVED, "spam": Status.SPAM, "trash": Status.TRASH}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request, signed):
    found = digest.read(signed)
    if found is None or found[1] not in DECISIONS:
        return render(request, "comments/decide.html", {"gone": True}, status=404)
    comment, wanted = found
    changed = done = False
    status = DECISIONS.get(request.POST.get("do"))
    if request.method == "POST" and comment.status == Status.PENDING and status:
        seen = {comment.pk: request.POST.get("seen") or "nothing"}
        done = bool(actions.decide(comments=[comment], status=status, seen=seen))
        changed = not done and comment.status == Status.PENDING
    waits = (
        comment.status == Status.PENDING and comment.withdrawn is None and comment.erased is None
    )
    context = {
        "comment": comment,
        "page": comment.page,
        "wanted": wanted,
        "seen": actions.mark(comment),
        "changed": changed,
        "done": done,
        "waits": waits,
        "since": "" if waits or done else since.told(comment.pk),
        "flags": flags.by_kind(flags.find(comment.text)),
    }
    return _private(render(request, "comments/decide.html", context))


def _private(response):
    """The address is a key: no page it leads to learns it."""
    response["Referrer-Policy"] = "strict-origin"
    return response
