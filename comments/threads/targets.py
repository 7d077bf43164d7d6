"""Where readers can write: every public page that says whether its comments are open."""

from django.apps import apps
from django.utils.translation import get_language

from publishing.models import RichPage
from publishing.richtext import hints

from ..models import Comment

LONGEST_TEXT = 100_000
MOST = 400  # sentences


def carries_comments(model):
    """Chapters, posts, references; the notes on a reference are part of their reference's page."""
    return hasattr(model, "comments_open")


def public_page(label, pk):
    """The page `<app>.<model>` / `<pk>` names, or None if there is none or the public does not see
    it."""
    try:
        model = apps.get_model(label)
        page = (
            model._default_manager.filter(pk=int(pk)).first() if carries_comments(model) else None
        )
    except (LookupError, ValueError, OverflowError):
        return None
    return page if page is not None and page.is_public() else None


def public_comment(pk, page):
    """The approved comment of that number on `page`, or None."""
    if not (pk and pk.isascii() and pk.isdigit() and len(pk) < 19):
        return None
    return Comment.objects.approved().on(page).filter(pk=pk).first()


def sentences(page):
    """The first of its sentences, without citations, for who reports a mistake in one."""
    if not isinstance(page, RichPage):
        return [str(page)]
    found = []
    headings = [heading["text"] for heading in page.contents][::-1]
    for sentence in hints.split(" ".join(page.public_text[:LONGEST_TEXT].split())):
        # A heading has no full stop: it stands before the sentence that follows it.
        while headings and sentence.startswith(f"{headings[-1]} "):
            sentence = sentence.removeprefix(headings.pop()).strip()
        found.append(sentence)
    return [each for each in found if each][:MOST]


def language_of(page):
    """The language of the page a reader has before her; that of a reference page is the
    interface's."""
    return page.language if isinstance(page, RichPage) else get_language()
