"""The digest: once a month at most, only when something changed, and only after the author has seen
it. Sent in steps, each of which tells one person; killed at any moment, it goes on where it was."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from .. import tasks
from ..mailing import outbox
from ..models import Digest, Follower
from . import topics

MONTH = timedelta(days=30)
A_STEP = 20  # mails
TASK = "publishing.digest"


def confirmed():
    return Follower.objects.exclude(confirmed=None)


def make(now=None):
    """The next digest, if its time has come and there is something to tell; else None. Nobody is
    mailed by it."""
    now = now or timezone.now()
    open_ones = (Digest.State.WAITING, Digest.State.GOING)
    if Digest.objects.filter(state__in=open_ones).exists():
        return None
    last = Digest.objects.first()
    since = last.until if last else confirmed().aggregate(first=Min("confirmed"))["first"]
    if since is None or (last and now - since < MONTH):
        return None
    keys = set(confirmed().order_by().values_list("topic", flat=True).distinct())
    if not any(_changes(key, since, now, settings.LANGUAGE_CODE) for key in keys):
        return None
    return Digest.objects.create(since=since, until=now)


def _changes(key, since, until, language):
    topic = topics.of(key)
    return topic and list(topic.changes(since, until, language))


@transaction.atomic
def send(*, digest, line, user=None):
    """Let it go; the author's word for it. Pressed twice, it goes once."""
    found = Digest.objects.filter(pk=digest.pk, state=Digest.State.WAITING)
    if found.update(state=Digest.State.GOING, line=line.strip(), user=user):
        tasks.enqueue(TASK, digest.pk)


def leave_out(*, digest):
    """Nobody is told of this stretch of time."""
    found = Digest.objects.filter(pk=digest.pk, state=Digest.State.WAITING)
    found.update(state=Digest.State.LEFT_OUT, ended=timezone.now())


@tasks.task(TASK)
def step(pk):
    """Some of its mails; `tasks.MORE` while there are others."""
    digest = Digest.objects.filter(pk=pk, state=Digest.State.GOING).first()
    if digest is None:
        return None
    emails = _untold(digest).order_by("email").values_list("email", flat=True).distinct()
    emails = list(emails[:A_STEP])
    for email in emails:
        tell(digest, email)
    if emails:
        return tasks.MORE
    Digest.objects.filter(pk=pk).update(state=Digest.State.GONE, ended=timezone.now())
    return None


def go_on():
    """Digests on their way whose task was lost; how many."""
    found = Digest.objects.filter(state=Digest.State.GOING)
    for digest in found:
        tasks.enqueue(TASK, digest.pk)
    return len(found)


def _untold(digest):
    told = Q(told=None) | Q(told__lt=digest.until)
    return confirmed().filter(told, confirmed__lt=digest.until)


@transaction.atomic
def tell(digest, email):
    """One person, all they follow in one mail; that they were told is written with it."""
    rows = list(_untold(digest).filter(email=email).select_for_update().order_by("pk"))
    if not rows:
        return
    parts = parts_of(digest, rows)
    if parts:
        compose(digest, rows[-1], parts)
        Digest.objects.filter(pk=digest.pk).update(mails=F("mails") + 1)
    Follower.objects.filter(pk__in=[row.pk for row in rows]).update(told=digest.until)


def parts_of(digest, rows):
    """`[(Topic, [Change])]` of what these rows follow; each change once."""
    parts, said = [], set()
    for row in rows:
        since = max(digest.since, row.told or row.confirmed or digest.since)
        with override(row.language):  # what it is called, too
            topic = topics.of(row.topic)
            found = list(topic.changes(since, digest.until, row.language)) if topic else ()
        fresh = [each for each in found if (each.address, each.at) not in said][: topics.MOST]
        said |= {(each.address, each.at) for each in fresh}
        if fresh:
            parts.append((topic, fresh))
    return parts


def compose(digest, row, parts):
    """Put the mail of one follower into the outbox."""
    with override(row.language):
        stop = outbox.absolute(reverse("comments:follow-end", args=[row.key]))
        own = outbox.absolute(reverse("comments:follow-key", args=[row.key]))
    context = {"digest": digest, "parts": parts, "stop": stop, "own_page": own}
    headers = {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return outbox.send("following", row.email, row.language, context, headers)


def counts():
    """`[(topic key, confirmed followers)]`, the most first; nobody is named."""
    found = {}
    for key in confirmed().values_list("topic", flat=True):
        found[key] = found.get(key, 0) + 1
    return sorted(found.items(), key=lambda each: (-each[1], each[0]))
