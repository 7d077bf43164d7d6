"""Moving chapters: all or nothing, with numbers, addresses, links and search following."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from . import tree
from .models import Chapter, settle


def shift(chapters, step):
    """Move chapters one place up (-1) or down (+1) among their neighbours; gives how many moved."""
    stuck, count = set(), 0
    with transaction.atomic():
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
                Chapter._base_manager.filter(pk=pk).update(position=position)
            count += 1
        settle(tree.arrange(Chapter._base_manager))
    return count


def move_under(chapters, parent):
    """Make chapters the last parts of `parent` (None: chapters of their own); gives how many moved.

    What stands below a chapter goes with it. ValidationError, and nothing moved, where one of them cannot go there.
    """
    orders = [chapter.order for chapter in chapters]
    tops = [chapter.pk for chapter in chapters if not set(tree.prefixes(chapter.order)) & set(orders)]
    count = 0
    with transaction.atomic():
        for pk in tops:
            chapter = Chapter.objects.get(pk=pk)
            if parent and parent.pk in tree.below(chapter):
                raise ValidationError(
                    _("“%(title)s” cannot be moved under itself or one of its own sub-chapters. Nothing was moved.")
                    % {"title": chapter}
                )
            if chapter.parent_id == (parent.pk if parent else None):
                continue
            # Fresh: the chapter before may have renumbered this one's new place.
            chapter.parent = Chapter.objects.get(pk=parent.pk) if parent else None
            chapter.position = 0
            chapter.clean()
            chapter.save(updated=chapter.updated)
            count += 1
    return count
