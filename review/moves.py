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
        _reorder(neighbours)
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


def put(chapter, *, under=None, before=None, section=""):
    """Make a chapter part of `under` (None: a chapter of its own), in front of `before` among its
    parts (None: as the last); gives whether it moved.

    `section` is for a chapter of its own that is to stand last in another section. What stands
    below it goes with it. ValidationError, and nothing moved, where it cannot go there.
    """
    return advisory.retried(
        lambda: _put(chapter.pk, under and under.pk, before and before.pk, section)
    )


def _put(pk, under_id, before_id, section):
    tree.hold()
    chapter = Chapter.objects.get(pk=pk)
    before = Chapter.objects.filter(pk=before_id).first() if before_id else None
    if before and before.parent_id != under_id:
        raise ValidationError(_("The chapters were moved meanwhile. Nothing was moved."))
    return _move(chapter, under_id, before, section)


def step(chapter, way):
    """Move a chapter "up" or "down" among its neighbours, "in" (the last part of the one above it)
    or "out" (behind the one it is part of); gives whether it moved."""
    return advisory.retried(lambda: _step(chapter.pk, way))


def _step(pk, way):
    tree.hold()
    chapter = Chapter.objects.get(pk=pk)
    beside = _neighbours(chapter.parent_id, chapter.section)
    here = [each.pk for each in beside].index(pk)
    if way == "up":
        return here > 0 and _move(chapter, chapter.parent_id, beside[here - 1])
    if way == "down":
        behind = beside[here + 2] if here + 2 < len(beside) else None
        return here + 1 < len(beside) and _move(chapter, chapter.parent_id, behind)
    if way == "in":
        return here > 0 and _move(chapter, beside[here - 1].pk, None)
    if not chapter.parent_id:
        return False
    parent = chapter.parent
    above = _neighbours(parent.parent_id, parent.section)
    place = [each.pk for each in above].index(parent.pk) + 1
    return _move(chapter, parent.parent_id, above[place] if place < len(above) else None)


def _neighbours(parent_id, section):
    rows = Chapter.objects.filter(parent=parent_id, section=section)
    return list(rows.only("parent", "section", "title").order_by("position", "pk"))


def _move(chapter, under_id, before, section=""):
    """Writes places alone: no text is rendered while others wait, but those that link to what
    moved."""
    if under_id and under_id in tree.below(chapter):
        raise ValidationError(
            _(
                "“%(title)s” cannot be moved under itself or one of its own sub-chapters."
                " Nothing was moved."
            )
            % {"title": chapter}
        )
    if before and before.pk == chapter.pk:
        return False
    before_move = (chapter.parent_id, chapter.section)
    chapter.parent = Chapter.objects.get(pk=under_id) if under_id else None
    beside_it = before or chapter.parent
    chapter.section = beside_it.section if beside_it else section or chapter.section
    chapter.clean_place()
    beside = [each.pk for each in _neighbours(under_id, chapter.section) if each.pk != chapter.pk]
    place = beside.index(before.pk) if before else len(beside)
    beside.insert(place, chapter.pk)
    Chapter._base_manager.filter(pk=chapter.pk).update(
        parent=chapter.parent, section=chapter.section
    )
    if not _reorder(beside) and before_move == (chapter.parent_id, chapter.section):
        return False
    settle(tree.arrange(Chapter._base_manager))
    return True


def _reorder(ids):
    """Number neighbours as they stand here; gives how many that changed."""
    return sum(
        Chapter._base_manager.filter(pk=pk).exclude(position=position).update(position=position)
        for position, pk in enumerate(ids, 1)
    )
