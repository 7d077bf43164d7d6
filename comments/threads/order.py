"""Where a comment stands in its thread. All of it is written when a comment is; reading only sorts.

A thread is its root and everything below it, numbered by `position` in reading order (each reply
after what it answers and that one's earlier replies), with gaps (`places`). Nothing here recurses:
a chain of 10,000 replies is 10,000 rows.
"""

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Subquery

from ..models import Comment, Kind
from ..moderation import flags
from . import places

# Of her latest answers so many are looked at for each answered question that is shown.
LOOKED_AT = 20


@transaction.atomic
def add(comment):
    """Save a new comment at its place. Its `parent` decides the thread; gives the comment."""
    parent = comment.parent
    comment.urgent = flags.is_urgent(comment)
    if parent is None:
        comment.thread_at = comment.created
        comment.save()
        Comment.objects.filter(pk=comment.pk).update(root=comment)
        comment.root = comment
        return comment
    lock([parent.root_id])
    root = Comment.objects.get(pk=parent.root_id)
    parent = Comment.objects.get(pk=parent.pk)
    thread = Comment.objects.filter(root=root)
    last, following = _around(thread, parent)
    comment.position = places.between(thread, last, following)
    comment.root, comment.depth, comment.thread_at = root, parent.depth + 1, root.thread_at
    comment.page_type_id, comment.page_id = parent.page_type_id, parent.page_id
    comment.save()
    return comment


def _around(thread, parent):
    """The positions between which a new reply to `parent` comes; the second is None at the end."""
    following = None
    if parent.depth:  # all of the thread is below its root
        later = thread.filter(position__gt=parent.position, depth__lte=parent.depth)
        following = later.order_by("position").values_list("position", flat=True).first()
    before = thread if following is None else thread.filter(position__lt=following)
    return before.aggregate(last=Max("position"))["last"], following


def lock(roots):
    """Hold these threads until the transaction ends. Who writes to a thread does this first, so
    that none waits in a ring.

    PostgreSQL locks the rows; on SQLite the transaction has the whole file already.
    """
    list(
        Comment.objects.select_for_update()
        .filter(pk__in=set(roots))
        .order_by("pk")
        .values_list("pk")
    )


def way_up(comment):
    """The keys of what a comment answers, of what that answered, and so on to the beginning."""
    parents = dict(Comment.objects.filter(root=comment.root_id).values_list("pk", "parent_id"))
    way, pk = [], comment.parent_id
    while pk is not None:
        way.append(pk)
        pk = parents.get(pk)
    return way


def above(comment):
    """What a comment answers, what that answered, and so on: from the beginning of the thread down
    to its parent."""
    way = way_up(comment)
    found = Comment.objects.in_bulk(way)
    return [found[pk] for pk in reversed(way)]


def counts(pages):
    """`{pk: number of approved comments}` of pages of one kind."""
    pages = list(pages)
    if not pages:
        return {}
    kind = ContentType.objects.get_for_model(pages[0])
    found = Comment.objects.approved().filter(
        page_type=kind, page_id__in=[page.pk for page in pages]
    )
    return dict(found.order_by().values_list("page_id").annotate(Count("pk")))


def answered():
    """Public questions the author has answered, the latest answer first; `with_answers()` fetches
    the answers."""
    answers = (
        Comment.objects.approved()
        .filter(by_author=True, parent=OuterRef("pk"))
        .order_by("-created", "-pk")
    )
    questions = Comment.objects.published().filter(kind=Kind.QUESTION, by_author=False)
    return (
        questions.filter(Exists(answers.order_by()))
        .annotate(
            answer_id=Subquery(answers.values("pk")[:1]),
            answered_at=Subquery(answers.values("created")[:1]),
        )
        .order_by("-answered_at", "-pk")
        .prefetch_related("page")
    )


def answered_last(most):
    """The first few of `answered()`, looked for among the latest answers: however many there are,
    a few rows are read."""
    latest = Comment.objects.approved().filter(by_author=True).exclude(parent=None)
    latest = latest.order_by("-created", "-pk").values_list("parent", flat=True)
    found = list(answered().filter(pk__in=latest[: LOOKED_AT * most])[:most])
    return found if len(found) == most else list(answered()[:most])


def with_answers(questions):
    """A page of `answered()` with the answer of each at hand."""
    questions = list(questions)
    answers = Comment.objects.in_bulk([question.answer_id for question in questions])
    for question in questions:
        question.answer = answers[question.answer_id]
    return questions
