"""What an item says of itself, in our words."""

from django.utils import timezone

from comments.text import language as text_language
from publishing.models import State
from publishing.richtext import sanitise

from . import survey
from .run import LANGUAGES


def state_of(item):
    """`(state, publish_at)`."""
    if item.password or item.status not in ("publish", "future"):
        return State.DRAFT, None
    later = item.at if item.at and item.at > timezone.now() else None
    return State.PUBLISHED, later


def summary_of(item):
    text = survey.words(item.excerpt)
    return sanitise.strip_control(text if len(text) <= 1000 else "")


def language_of(run, item, body):
    """What a plug-in for languages says, what the words say, what the site says."""
    told = survey.language_told(item)
    if told in LANGUAGES:
        return told
    code = text_language.guess(sanitise.text_of(body)[:1000])
    return code if code in LANGUAGES else run.language
