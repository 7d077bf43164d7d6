"""What a press does: a function of the request, the comment and the batch to record it under.

It gives nothing, or the forms to show again with what is wrong in them.
"""

from django.contrib import messages
from django.db import IntegrityError
from django.utils.translation import gettext

from publishing.richtext.sanitise import strip_control

from ..models import Comment, Snippet
from ..moderation import actions, flags
from .forms import AnswerForm, GlossForm, WordsForm


def _decide(decision):
    def step(request, comment, batch):
        decision(comments=[comment], user=request.user, batch=batch)

    return step


def _answer(request, comment, batch):
    form = AnswerForm(request.POST, prefix="answer")
    if not form.is_valid():
        return {"answer": form}
    try:
        reply = actions.answer(comment=comment, user=request.user, batch=batch, **form.cleaned_data)
    except IntegrityError:  # sent twice at the same moment: the other one is saved
        reply = Comment.objects.get(form_token=form.cleaned_data["token"])
    warn_of_unknown(request, reply)
    return None


def warn_of_unknown(request, answer):
    """Say which citekeys of an answer the library does not have."""
    unknown = answer.unknown_citekeys
    if unknown:
        words = gettext("Not in the library: %(keys)s. Readers see it as you typed it until you mend the answer.")
        messages.warning(request, words % {"keys": ", ".join(unknown)})


def _edit(request, comment, batch):
    form = WordsForm(request.POST, instance=Comment.objects.get(pk=comment.pk), prefix="edit")
    if not form.is_valid():
        return {"edit": form, "editing": True}
    actions.edit(comment=comment, user=request.user, batch=batch, **form.cleaned_data)
    return None


def _gloss(request, comment, batch):
    form = GlossForm(request.POST, instance=Comment.objects.get(pk=comment.pk), prefix="gloss")
    if not form.is_valid():
        return {"gloss": form, "glossing": True}
    values = form.cleaned_data
    actions.gloss(comment=comment, text=values["gloss"], language=values["gloss_language"], user=request.user, batch=batch)
    return None


def _redact(request, comment, batch):
    """One flag, as its button names it, or all that can be removed."""
    wanted = request.POST.getlist("flag")
    found = [flag for flag in flags.find(comment.text) if flag.removable and (not wanted or flag.place in wanted)]
    actions.redact(comment=comment, found=found, user=request.user, batch=batch)


def _settle(request, comment, batch):
    actions.settle(comment=comment, user=request.user, batch=batch)


def _close(request, comment, batch):
    actions.close(comment=comment, closed=request.POST.get("closed") == "1", user=request.user, batch=batch)


def _trust(request, comment, batch):
    if comment.writer_id:
        actions.trust(comment=comment, trusted=request.POST.get("trusted") == "1", user=request.user, batch=batch)


def _draft(request, comment, batch):
    keep_draft(request, comment.pk)
    messages.success(request, gettext("The draft is kept. Nobody else sees it."))


def _snippet(request, comment, batch):
    """Without a script: put the chosen words at the end of the draft."""
    chosen = request.POST.get("snippet", "")
    snippet = Snippet.objects.filter(pk=chosen).first() if chosen.isascii() and chosen.isdigit() else None
    keep_draft(request, comment.pk, snippet.text if snippet else "")


def keep_draft(request, pk, more=""):
    draft = strip_control(request.POST.get("answer-text", "")).replace("\r\n", "\n")[:40_000]
    Comment.objects.filter(pk=pk).update(draft="\n\n".join(filter(None, [draft.rstrip() if more else draft, more])))


STEPS = {
    "approve": _decide(actions.approve),
    "spam": _decide(actions.spam),
    "trash": _decide(actions.trash),
    "wait": _decide(actions.wait),
    "answer": _answer,
    "edit": _edit,
    "gloss": _gloss,
    "redact": _redact,
    "settle": _settle,
    "close": _close,
    "trust": _trust,
    "draft": _draft,
    "snippet": _snippet,
}
STAYING = {"edit", "gloss", "redact", "close", "trust", "draft", "snippet", "wait"}
