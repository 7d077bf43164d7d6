"""Erasures outlive the database they were made in: a backup from before brings nothing back.

Each is a line in a file of its own, which no backup overwrites and no restore puts back: numbers
and moments of the comments, and marks of the address from which it cannot be read. `repeat` does
them again; it is called after a restore, by `prepare` at every start, and asked by every import.
"""

import json
import os
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from publishing import tasks
from publishing.limits import folded_mailbox


def marks_of(comments):
    """What tells these comments from all others, taken before they go."""
    return [[each.pk, _moment(each)] for each in comments]


def note(gone, emails):
    """Once what is being done now is kept: that these are gone, in the files of the database
    too."""
    line = {
        "at": timezone.now().isoformat(timespec="seconds"),
        "comments": gone,
        "mailboxes": sorted({_mark(email) for email in emails if email}),
    }
    transaction.on_commit(lambda: _finish(line))


def _finish(line):
    path = Path(settings.ERASURES_FILE)
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(number, "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())
    tasks.enqueue("comments.sweep")


@tasks.task("comments.sweep")
def sweep():
    """Words that were erased go from the index of the search and from the write-ahead log too.

    What somebody reads at this moment is swept by the next call; there is one every day.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO publishing_fts (publishing_fts) VALUES ('optimize')")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def gone():
    """`({number: moment}, {mark})` of everything erased so far."""
    numbers, marks = {}, set()
    path = Path(settings.ERASURES_FILE)
    for text in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        try:
            line = json.loads(text)
        except ValueError:  # the machine stopped while it was written: it was not acknowledged
            continue
        numbers.update((number, moment) for number, moment in line["comments"])
        marks.update(line["mailboxes"])
    return numbers, marks


def is_of_somebody_erased(email):
    """For imports: whether all of this address was erased here once."""
    return bool(email) and _mark(email) in gone()[1]


def still_there(comments):
    """Those of a queryset that were erased, and are back from a backup. A number alone proves
    nothing: it may have been given anew."""
    numbers, _marks = gone()
    found = comments.filter(pk__in=list(numbers), erased=None) if numbers else comments.none()
    return [each for each in found if _moment(each) == numbers[each.pk]]


def _moment(comment):
    return comment.created.isoformat()


def _mark(email):
    text = folded_mailbox(email) or email.strip().lower()
    return salted_hmac("comments.erasures", text, algorithm="sha256").hexdigest()[:32]
