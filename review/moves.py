"""Moving chapters: all or nothing, with numbers, addresses, links and search following.

Moves come one after the other (`tree.hold`), each from the places the one before it left.
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from publishing import advisory

from . import tree
from .models import Chapter, settle


def shift(chapters, step):
    """Move chapters one place up (-1) or down (+1) among their neighbours; gives how many moved."""
    ids = [chapter.pk for chapter in chapters]
    return advisory.retried(lambda: _shift(ids, step))


def _shift(ids, step):
    tree.hold()
    chapters = Chapter.objects.filter(pk__in=ids).only("parent", "section", "order")
    stuck, count = set(), 0
    for chapter in sorted(chapters, key=lambda chapter: chapter.order, reverse=step > 0):
        neighbours = list(
            Chapter._base_manager.filter(parent=chapter.parent_id, section=chapter.section)
            .order_by("position", "pk")
            .values_list("pk", flat=True)
        )
        here = neighbours.index(chapter.pk)
        there = here + step
        if not 0 <= there < len(neighbours) or neighbours[there] in stuck:
            stuck.add(chapter.pk)
            continue
        neighbours[here], neighbours[there] = neighbours[there], neighbours[here]
        for position, pk in enumerate(neighbours, 1):
            Chapter._base_manager.filter(pk=pk).exclude(position=position).update(position=position)
        count += 1
    settle(tree.arrange(Chapter._base_manager))
    return count


def move_under(chapters, parent):
    """Make chapters the last parts of `parent` (None: chapters of their own); gives how many moved.

    What stands below a chapter goes with it. ValidationError, and nothing moved, where one of them
    cannot go there.
    """
    ids = [chapter.pk for chapter in chapters]
    return advisory.retried(lambda: _move_under(ids, parent.pk if parent else None))


def _move_under(ids, parent_id):
    tree.hold()
    orders = dict(Chapter.objects.filter(pk__in=ids).values_list("order", "pk"))
    tops = [pk for order, pk in orders.items() if not set(tree.prefixes(order)) & set(orders)]
    count = 0
    for pk in tops:
        chapter = Chapter.objects.get(pk=pk)
        if parent_id and parent_id in tree.below(chapter):
            raise ValidationError(
                _(
                    "“%(title)s” cannot be moved under itself or one of its own sub-chapters."
                    " Nothing was moved."
                )
                % {"title": chapter}
            )
        if chapter.parent_id == parent_id:
            continue
        # Fresh: the chapter before may have renumbered this one's new place.
        chapter.parent = Chapter.objects.get(pk=parent_id) if parent_id else None
        chapter.section = chapter.parent.section if chapter.parent else chapter.section
        chapter.position = 0
        chapter.clean()
        tree.place(chapter)
        # Its text is as it was: nobody waits for it to be rendered.
        Chapter._base_manager.filter(pk=pk).update(
            parent=chapter.parent, section=chapter.section, position=chapter.position
        )
        settle(tree.arrange(Chapter._base_manager))
        count += 1
    return count
