"""Deciding from a mail, without logging in: the link shows a page that asks, its button does it.

A program that opens every link of a mail changes nothing. The page shows the words as they are now, and the button
counts only for these words.
"""

from django.shortcuts import render
from django.utils.crypto import constant_time_compare, salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ..mailing import digest
from ..models import Status
from . import actions, flags

DECISIONS = {
    "approve": (actions.approve, Status.APPROVED),
    "spam": (actions.spam, Status.SPAM),
    "trash": (actions.trash, Status.TRASH),
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request, signed):
    found = digest.read(signed)
    if found is None or found[1] not in DECISIONS:
        return render(request, "comments/decide.html", {"gone": True}, status=404)
    comment, wanted = found
    seen, changed, done = _mark(comment), False, False
    if request.method == "POST" and comment.status == Status.PENDING:
        changed = not constant_time_compare(request.POST.get("seen", ""), seen)
        decision = request.POST.get("do")
        if not changed and decision in DECISIONS:
            DECISIONS[decision][0](comments=[comment])
            done = True
    context = {
        "comment": comment,
        "page": comment.page,
        "wanted": wanted,
        "seen": seen,
        "changed": changed,
        "done": done,
        "waits": comment.status == Status.PENDING,
        "flags": flags.by_kind(flags.find(comment.text)),
    }
    return render(request, "comments/decide.html", context)


def _mark(comment):
    return salted_hmac("comments.decide.seen", f"{comment.name}\n{comment.text}").hexdigest()
