"""What the author decides about comments. Each function is one transaction and says who did it in the admin's log."""

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from publishing.models import SiteSettings

from . import threads
from .models import Comment, Kind, Status


def approve(*, comments, user=None):
    return _decide(comments, Status.APPROVED, user)


def spam(*, comments, user=None):
    return _decide(comments, Status.SPAM, user)


def trash(*, comments, user=None):
    return _decide(comments, Status.TRASH, user)


def wait(*, comments, user=None):
    """Take a decision back."""
    return _decide(comments, Status.PENDING, user)


@transaction.atomic
def answer(*, comment, text, user=None, language=None, token=None):
    """Publish the author's reply; what she answers, and what that answered in turn, comes out of the queue with it.

    A token makes one reply of a form that is sent twice.
    """
    sent = Comment.objects.filter(form_token=token).first() if token else None
    if sent:
        return sent
    threads.lock([comment.root_id])
    comment.refresh_from_db()
    waiting = [each for each in threads.above(comment) if each.status == Status.PENDING]
    approve(comments=[*waiting, comment], user=user)
    now = timezone.now()
    reply = threads.add(
        Comment(
            parent=comment,
            name=SiteSettings.load().author_name,
            text=text,
            kind=Kind.COMMENT,
            language=language or comment.language,
            by_author=True,
            status=Status.APPROVED,
            decided=now,
            created=now,
            form_token=token,
        )
    )
    _log([comment], user, _("Answered"))
    return reply


@transaction.atomic
def _decide(comments, status, user):
    """Give them that status; the number of those that had another one."""
    comments = list(comments)
    threads.lock(comment.root_id for comment in comments)
    changed = [comment for comment in comments if comment.status != status]
    for comment in changed:
        comment.status, comment.decided = status, None if status == Status.PENDING else timezone.now()
        comment.save(update_fields=["status", "decided"])
    _log(changed, user, status.label)
    return len(changed)


def _log(comments, user, words):
    if user is not None:
        LogEntry.objects.log_actions(user.pk, comments, CHANGE, change_message=str(words))
