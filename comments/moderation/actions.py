"""What happens to comments: taken in, decided by the author, taken back. Each function is one
transaction.

Whatever the author does is a `Decision` with what was there before; those of one press share a
batch and are taken back together. Each function holds the thread and reads the comment again before
it does anything, so that of several people at once, and of one press sent several times, the later
know of the earlier. `seen` is the `mark()` of the comment as the person had it before them: what
has become something else since is left as it is.
"""

import secrets
from contextlib import nullcontext

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from publishing.http import purging
from publishing.models import SiteSettings

from ..commenters import subscriptions
from ..mailing import digest
from ..models import Comment, Decision, Kind, Status, Writer
from ..threads import order
from . import flags
from .spam import ask_service_later, judge

Action = Decision.Action
DECIDED = {
    Status.APPROVED: Action.APPROVED,
    Status.SPAM: Action.SPAM,
    Status.TRASH: Action.TRASHED,
    Status.PENDING: Action.WAITING,
}


class CannotUndo(Exception):
    """Something was decided since that stands on it."""


class AlreadyUndone(CannotUndo):
    """It was taken back before."""


class WriterChangedIt(CannotUndo):
    """The comment's writer has corrected or withdrawn it since."""


class Overtaken(Exception):
    """Somebody decided about the comment, or changed its words, since it was seen. Nothing was
    done."""


def mark(comment):
    """What a person sees of a comment, as a word for a form: its status, and a sum of its name and
    text."""
    words = salted_hmac("comments.seen", f"{comment.name}\n{comment.text}").hexdigest()
    return f"{comment.status}_{words[:32]}"


@transaction.atomic
def receive(*, comment, facts=None):
    """Take in what somebody wrote: judged, put at its place in the thread, the author told."""
    if comment.by_author:
        return order.add(comment)
    judge(comment, facts)
    if _is_trusted(comment):
        comment.status, comment.decided = Status.APPROVED, timezone.now()
    comment = order.add(comment)
    ask_service_later(comment, facts)
    digest.tell_at_once(comment)
    subscriptions.follow(comment)
    return comment


def _is_trusted(comment):
    """Trust is the writer's, who is known by a signed link; a name or an e-mail anybody can type.

    What raises a flag is read first, whoever wrote it.
    """
    trusted = comment.writer_id is not None and comment.writer.trusted
    return trusted and not comment.is_suspect and not flags.find(comment.text)


def approve(*, comments, user=None, batch=None, seen=None):
    return decide(comments=comments, status=Status.APPROVED, user=user, batch=batch, seen=seen)


def spam(*, comments, user=None, batch=None, seen=None):
    return decide(comments=comments, status=Status.SPAM, user=user, batch=batch, seen=seen)


def trash(*, comments, user=None, batch=None, seen=None):
    return decide(comments=comments, status=Status.TRASH, user=user, batch=batch, seen=seen)


def wait(*, comments, user=None, batch=None, seen=None):
    """Take a decision back."""
    return decide(comments=comments, status=Status.PENDING, user=user, batch=batch, seen=seen)


@transaction.atomic
def decide(*, comments, status, user=None, batch=None, seen=None):
    """Give them that status; the number of those that had another one.

    `seen`: `{pk: mark}`. Objects in `comments` are brought up to date; one that has another status
    afterwards was decided otherwise, or changed its words, since it was seen. What is erased
    meanwhile is left out.
    """
    comments, seen, batch = list(comments), seen or {}, batch or new_batch()
    order.lock(comment.root_id for comment in comments)
    count = 0
    for comment in comments:
        if not _is_overtaken(comment, seen.get(comment.pk)) and comment.status != status:
            decided = None if status == Status.PENDING else timezone.now()
            with _unseen_by_readers(comment, status):
                _change(comment, DECIDED[status], user, batch, status=status, decided=decided)
                subscriptions.follow(comment)
            count += 1
    return count


def _unseen_by_readers(comment, status):
    """What nobody saw and nobody will see empties no kept page; one that has replies may stand
    above them, as a place that was taken."""
    if Status.APPROVED in (comment.status, status) or comment.replies.exists():
        return nullcontext()
    return connection.unseen()


@transaction.atomic
def answer(*, comment, text, user=None, language=None, token=None, batch=None, seen=None):
    """Publish the author's reply; what she answers, and what that answered in turn, comes out of
    the queue with it.

    A token makes one reply of a form that is sent twice.
    """
    order.lock([comment.root_id])
    sent = Comment.objects.filter(form_token=token).first() if token else None
    if sent:
        return sent
    _hold(comment, seen)
    batch = batch or new_batch()
    waiting = [each for each in order.above(comment) if each.status == Status.PENDING]
    approve(comments=[*waiting, comment], user=user, batch=batch)
    now = timezone.now()
    reply = order.add(
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
    Comment.objects.filter(pk=comment.pk).update(draft="")
    _record(comment, Action.ANSWERED, user, batch, reply=reply.pk)
    subscriptions.follow(reply)
    return reply


@transaction.atomic
def edit(*, comment, user=None, batch=None, seen=None, **words):
    """Correct name, language, kind or text. What a reader wrote is kept for the author alone; False
    if nothing changed."""
    _hold(comment, seen)
    changed = {name: value for name, value in words.items() if getattr(comment, name) != value}
    if "text" in changed and not comment.by_author and not comment.original_text:
        changed["original_text"] = comment.text
    if changed:
        _change(comment, Action.EDITED, user, batch, **changed)
        purging.soon()
    return bool(changed)


@transaction.atomic
def redact(*, comment, found, user=None, batch=None, seen=None):
    """Put a visible word in the place of what should not be public; the original is kept for the
    author alone."""
    _hold(comment, seen)
    text = flags.redact(comment.text, found, comment.language)
    original = comment.original_text or comment.text
    if text != comment.text:
        _change(comment, Action.REDACTED, user, batch, text=text, original_text=original)
        purging.soon()


@transaction.atomic
def gloss(*, comment, text, language, user=None, batch=None, seen=None):
    """A summary or translation in the author's words, below the comment."""
    _hold(comment, seen)
    _change_once(
        comment, Action.GLOSSED, user, batch, gloss=text, gloss_language=language if text else ""
    )


@transaction.atomic
def settle(*, comment, user=None, batch=None, seen=None):
    """It needs no answer: out of the queue of what is unanswered."""
    _hold(comment, seen)
    _change_once(comment, Action.SETTLED, user, batch, settled=True)


@transaction.atomic
def put_right(*, comment, user=None, batch=None, seen=None):
    """The mistake it reports is corrected: shown, and thanked for on the page with the day."""
    _hold(comment, seen)
    batch = batch or new_batch()
    approve(comments=[comment], user=user, batch=batch)
    if comment.put_right is None:
        _change(comment, Action.PUT_RIGHT, user, batch, put_right=timezone.now(), settled=True)


@transaction.atomic
def close(*, comment, closed, user=None, batch=None):
    """Nobody may reply in this conversation any more, or again."""
    order.lock([comment.root_id])
    root = Comment.objects.get(pk=comment.root_id)
    _change_once(root, Action.CLOSED, user, batch, closed=closed)


@transaction.atomic
def trust(*, comment, trusted, user=None, batch=None):
    """Let what its writer sends by their own link appear unread, or not any more."""
    _hold(comment)
    if Writer.objects.filter(pk=comment.writer_id).exclude(trusted=trusted).update(trusted=trusted):
        _record(comment, Action.TRUSTED, user, batch or new_batch(), trusted=not trusted)


@transaction.atomic
def undo(*, batch, user=None):
    """Take back what one press did; gives the comments. Only the last thing done to a comment can
    be taken back."""
    made = Decision.objects.filter(batch=batch).order_by("-pk")
    order.lock(made.values_list("comment__root_id", flat=True))
    decisions = list(made.select_related("comment"))
    if decisions and all(each.undone for each in decisions):
        raise AlreadyUndone
    if any(_changed_by_writer(each.comment, each.at) for each in decisions):
        raise WriterChangedIt
    if not decisions or any(
        each.undone or not each.before or _decided_since(each) for each in decisions
    ):
        raise CannotUndo
    comments = {}
    for decision in decisions:
        comment = comments.setdefault(
            decision.comment_id, Comment.objects.get(pk=decision.comment_id)
        )
        before = dict(decision.before)
        if "trusted" in before:
            Writer.objects.filter(pk=comment.writer_id).update(trusted=before.pop("trusted"))
        reply = Comment.objects.filter(pk=before.pop("reply", None)).first()
        if reply is not None:
            before["draft"] = reply.text
            trash(comments=[reply])
        for name, value in before.items():
            setattr(comment, name, Comment._meta.get_field(name).to_python(value))
        if before:
            comment.urgent = flags.is_urgent(comment) if "text" in before else comment.urgent
            comment.save(update_fields=[*before, "urgent"])
        subscriptions.follow(comment)
    Decision.objects.filter(batch=batch).update(undone=timezone.now())
    for comment in comments.values():
        _record(comment, Action.UNDONE, user, new_batch())
    return list(comments.values())


def _changed_by_writer(comment, since):
    return any(moment and moment > since for moment in (comment.edited, comment.withdrawn))


def _decided_since(decision):
    later = decision.comment.decisions.filter(pk__gt=decision.pk, undone=None)
    return later.exclude(batch=decision.batch).exclude(action=Action.UNDONE).exists()


def new_batch():
    return secrets.token_hex(8)


def _hold(comment, seen=None):
    """Keep others from the thread until the transaction ends, and read the comment as it is now."""
    order.lock([comment.root_id])
    if _is_overtaken(comment, seen):
        raise Overtaken


def _is_overtaken(comment, seen):
    """Reads the comment again; what is gone is overtaken too."""
    try:
        comment.refresh_from_db()
    except Comment.DoesNotExist:
        return True
    return bool(seen) and not constant_time_compare(seen, mark(comment))


def _change_once(comment, action, user, batch, **values):
    if any(getattr(comment, name) != value for name, value in values.items()):
        _change(comment, action, user, batch, **values)


def _change(comment, action, user, batch, **values):
    before = {name: getattr(comment, name) for name in values}
    for name, value in values.items():
        setattr(comment, name, value)
    comment.urgent = flags.is_urgent(comment) if "text" in values else comment.urgent
    comment.save(update_fields=[*values, "urgent"])
    _record(comment, action, user, batch or new_batch(), **before)


def _record(comment, action, user, batch, **before):
    Decision.objects.create(comment=comment, user=user, action=action, batch=batch, before=before)
    if user is not None:
        LogEntry.objects.log_actions(
            user.pk, [comment], CHANGE, change_message=str(action.label), single_object=True
        )
