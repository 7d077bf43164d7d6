"""Long work on comments, done by the task worker; see `publishing.tasks`."""

from django.db import transaction

from publishing import tasks

from .models import Comment
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
            comment.save(update_fields=["language", "text"])
