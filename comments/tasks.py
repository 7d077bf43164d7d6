"""Long work on comments, done by the task worker; see `publishing.tasks`."""

from contextlib import nullcontext

from django.db import connection, transaction

from publishing import tasks

from .models import Comment, Status
from .text import language
from .threads import order


@tasks.task("comments.language")
def settle_language(pk, guessed):
    """Put the language of a comment where a guess stands; what somebody chose meanwhile stays."""
    still_guessed = Comment.objects.filter(pk=pk, language=guessed, erased=None)
    comment = still_guessed.first()
    found = language.detect(comment.text) if comment else ""
    if found in ("", guessed):
        return
    with transaction.atomic():
        order.lock([comment.root_id])
        comment = still_guessed.filter(text=comment.text).first()
        if comment:
            comment.language = found
            waits = comment.status != Status.APPROVED
            with connection.unseen() if waits else nullcontext():
                comment.save(update_fields=["language", "text"])


@tasks.task("comments.sweep")
def sweep():
    """After an erasure on SQLite: the words go from the index of the search and from the
    write-ahead log too, so that no file holds them (docs/adr/0035).

    What somebody reads at this moment is swept by the next call; there is one every day.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO publishing_fts (publishing_fts) VALUES ('optimize')")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
