"""What a press does: a function of the request, the comment, and who pressed what they had seen.

`press` has the user, the batch to record it under and the mark of the comment as it was seen. A
step gives nothing, or the forms to show again with what is wrong in them. Words typed upon a
comment that was decided about meanwhile are shown again with what has happened; the same button
then keeps them.
"""

from django.contrib import messages
from django.db import IntegrityError
from django.utils.translation import gettext

from publishing.richtext.sanitise import strip_control

from .. import since
from ..models import Comment, Kind, Snippet, Status
from ..moderation import actions, flags
from .forms import AnswerForm, GlossForm, WordsForm


def _decide(status):
    def step(request, comment, press):
        done = actions.decide(
            comments=[comment], status=status, **{**press, "seen": {comment.pk: press["seen"]}}
        )
        if comment.status != status:
            raise actions.Overtaken
        if not done:
            messages.info(request, since.told(comment.pk))

    return step


def _answer(request, comment, press):
    form = AnswerForm(request.POST, prefix="answer")
    if not form.is_valid():
        return {"answer": form}
    try:
        reply = actions.answer(comment=comment, **press, **form.cleaned_data)
    except actions.Overtaken:
        return _again(request, comment, answer=form)
    except IntegrityError:  # sent twice at the same moment: the other one is saved
        reply = Comment.objects.get(form_token=form.cleaned_data["token"])
    warn_of_unknown(request, reply)
    return None


def _again(request, comment, **forms):
    messages.warning(request, since.refused(comment.pk))
    return forms


def warn_of_unknown(request, answer):
    """Say which citekeys of an answer the library does not have."""
    unknown = answer.unknown_citekeys
    if unknown:
        words = gettext(
            "Not in the library: %(keys)s. Readers see it as you typed it until you mend the"
            " answer."
        )
        messages.warning(request, words % {"keys": ", ".join(unknown)})


def _edit(request, comment, press):
    form = WordsForm(request.POST, instance=Comment.objects.get(pk=comment.pk), prefix="edit")
    if not form.is_valid():
        return {"edit": form, "editing": True}
    try:
        actions.edit(comment=comment, **press, **form.cleaned_data)
    except actions.Overtaken:
        return _again(request, comment, edit=form, editing=True)
    return None


def _gloss(request, comment, press):
    form = GlossForm(request.POST, instance=Comment.objects.get(pk=comment.pk), prefix="gloss")
    if not form.is_valid():
        return {"gloss": form, "glossing": True}
    values = form.cleaned_data
    try:
        actions.gloss(
            comment=comment, text=values["gloss"], language=values["gloss_language"], **press
        )
    except actions.Overtaken:
        return _again(request, comment, gloss=form, glossing=True)
    return None


def _redact(request, comment, press):
    """One flag, as its button names it, or all that can be removed."""
    wanted = request.POST.getlist("flag")
    found = [
        flag
        for flag in flags.find(comment.text)
        if flag.removable and (not wanted or flag.place in wanted)
    ]
    actions.redact(comment=comment, found=found, **press)


def _settle(request, comment, press):
    actions.settle(comment=comment, **press)


def _put_right(request, comment, press):
    if comment.kind == Kind.CORRECTION:
        actions.put_right(comment=comment, **press)


def _close(request, comment, press):
    actions.close(
        comment=comment,
        closed=request.POST.get("closed") == "1",
        user=press["user"],
        batch=press["batch"],
    )


def _trust(request, comment, press):
    if comment.writer_id:
        trusted = request.POST.get("trusted") == "1"
        actions.trust(comment=comment, trusted=trusted, user=press["user"], batch=press["batch"])


def _draft(request, comment, press):
    keep_draft(request, comment.pk)
    messages.success(request, gettext("The draft is kept. Nobody else sees it."))


def _snippet(request, comment, press):
    """Without a script: put the chosen words at the end of the draft."""
    chosen = request.POST.get("snippet", "")
    snippet = (
        Snippet.objects.filter(pk=chosen).first() if chosen.isascii() and chosen.isdigit() else None
    )
    keep_draft(request, comment.pk, snippet.text if snippet else "")


def keep_draft(request, pk, more=""):
    draft = strip_control(request.POST.get("answer-text", "")).replace("\r\n", "\n")[:40_000]
    Comment.objects.filter(pk=pk).update(
        draft="\n\n".join(filter(None, [draft.rstrip() if more else draft, more]))
    )


STEPS = {
    "approve": _decide(Status.APPROVED),
    "spam": _decide(Status.SPAM),
    "trash": _decide(Status.TRASH),
    "wait": _decide(Status.PENDING),
    "answer": _answer,
    "edit": _edit,
    "gloss": _gloss,
    "redact": _redact,
    "settle": _settle,
    "put right": _put_right,
    "close": _close,
    "trust": _trust,
    "draft": _draft,
    "snippet": _snippet,
}
STAYING = {"edit", "gloss", "redact", "close", "trust", "draft", "snippet", "wait"}
