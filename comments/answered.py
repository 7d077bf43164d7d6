"""“Is it answered here?”: what the site has said already that a question may be about."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from publishing import search
from publishing.templatetags.richtext import localised

from .models import Comment
from .threads import order

LONGEST = 400  # characters of a question that are looked at
MOST_WORDS = 12
FOUND = 5
KINDS = {
    "keptanswer": _("Answered question"),
    "inshort": _("In short"),
    "question": _("Answered question"),
    "comment": _("Answered question"),
}


@dataclass(frozen=True)
class Found:
    title: str
    url: str
    kind: str
    language: str


def like(words: str) -> list[Found]:
    """Up to five kept answers, pages “In short” and answered questions that share most words with
    a question; the most alike first."""
    found, seen = [], set()
    for entry in search.alike(words[:LONGEST], list(KINDS), MOST_WORDS):
        shown = _question(entry) if entry.kind in search.CONVERSATION else _page(entry)
        if shown is not None and shown.url not in seen:
            seen.add(shown.url)
            found.append(shown)
        if len(found) == FOUND:
            break
    return found


def _page(entry):
    return Found(entry.title, localised(entry.url), str(KINDS[entry.kind]), entry.language)


def _question(entry):
    """The answered question a comment is, or answers; None for any other comment."""
    comment = Comment.objects.filter(pk=entry.page_id).first()
    pk = comment.parent_id if comment is not None and comment.by_author else entry.page_id
    question = order.answered().filter(pk=pk).first() if pk else None
    if question is None:
        return None
    words = " ".join(question.text.split())
    title = words if len(words) <= 160 else f"{words[:160].rsplit(' ', 1)[0]} …"
    return Found(title, question.get_absolute_url(), str(KINDS["comment"]), question.language)
