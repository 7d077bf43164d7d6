"""The tree of chapters: order, numbers and addresses computed from parents and positions, without
recursion."""

from publishing import advisory

MAX_PATH = 1000


def _chapters(chapter):
    """All of them, beside the one in hand: this module stands below the model and cannot name
    it."""
    return type(chapter)._base_manager


def hold():
    """Who changes the place of a chapter does this first: one after the other, until the
    transaction ends."""
    advisory.hold("review.tree")


def below(chapter):
    """The ids of a chapter and of everything under it."""
    children = {}
    for pk, parent in _chapters(chapter).values_list("pk", "parent_id"):
        children.setdefault(parent, []).append(pk)
    found, waiting = set(), [chapter.pk]
    while waiting:
        pk = waiting.pop()
        if pk not in found:
            found.add(pk)
            waiting.extend(children.get(pk, ()))
    return found


def prefixes(order):
    """“0001/0002/0003/” → “0001/”, “0001/0002/”: the order keys of what stands above."""
    parts = order.split("/")[:-1]
    return ["/".join(parts[:depth]) + "/" for depth in range(1, len(parts))]


def path_length(chapter):
    """How long the longest address at or below a chapter gets with its present parent and slug."""
    own = (
        len(chapter.parent.path or "") + 1 + len(chapter.slug)
        if chapter.parent_id
        else len(chapter.slug)
    )
    if not chapter.pk:
        return own
    old = _chapters(chapter).filter(pk=chapter.pk).values_list("path", flat=True).first() or ""
    deepest = max(
        (
            len(path or "")
            for path in _chapters(chapter)
            .filter(pk__in=below(chapter))
            .values_list("path", flat=True)
        ),
        default=0,
    )
    return own + max(0, deepest - len(old))


def place(chapter):
    """Give a chapter without a position the one after its last neighbour."""
    if not chapter.position:
        neighbours = (
            _chapters(chapter)
            .filter(parent=chapter.parent_id, section=chapter.section)
            .exclude(pk=chapter.pk)
        )
        chapter.position = max(neighbours.values_list("position", flat=True), default=0) + 1


def arrange(chapters):
    """Compute order, number, depth and path of every chapter; save and give back those that
    changed.

    `chapters`: a manager of all of them.
    """
    children = {}
    rows = chapters.defer("body", "body_html", "references_html", "contents")
    for chapter in rows.order_by("section", "position", "pk"):
        children.setdefault(chapter.parent_id, []).append(chapter)
    changed, numbers, deferred = [], {}, set()
    waiting = [
        (chapter, None, index)
        for index, chapter in reversed(list(enumerate(_counted(children.get(None, ())))))
    ]
    while waiting:
        (chapter, count), parent, index = waiting.pop()
        if (
            chapter.translation_of_id
            and chapter.translation_of_id not in numbers
            and chapter.pk not in deferred
        ):
            deferred.add(chapter.pk)
            waiting.insert(0, ((chapter, count), parent, index))  # once all others have theirs
            continue
        prefix = parent.order if parent else ""
        if chapter.translation_of_id:
            number = numbers.get(chapter.translation_of_id, "")
        else:
            number = f"{parent.number}.{count}" if parent else str(count)
        values = {
            "section": parent.section if parent else chapter.section,
            "order": f"{prefix}{index + 1:04d}/",
            "number": number if (parent.section if parent else chapter.section) == "b-main" else "",
            "depth": parent.depth + 1 if parent else 0,
            "path": f"{parent.path}/{chapter.slug}" if parent else chapter.slug,
        }
        numbers[chapter.pk] = values["number"]
        if any(getattr(chapter, name) != value for name, value in values.items()):
            chapter.moved_from = chapter.path if chapter.path != values["path"] else None
            for name, value in values.items():
                setattr(chapter, name, value)
            changed.append(chapter)
        below_it = list(enumerate(_counted(children.get(chapter.pk, ()))))
        waiting.extend((item, chapter, index) for index, item in reversed(below_it))
    if changed:
        ids = [chapter.pk for chapter in changed]
        chapters.filter(pk__in=ids).update(path=None)
        chapters.bulk_update(changed, ["section", "order", "number", "depth", "path"])
    return changed


def _counted(chapters):
    """Neighbours with their number; front and back matter are not counted, nor translations, which
    have their original's."""
    count = 0
    for chapter in chapters:
        count += chapter.section == "b-main" and not chapter.translation_of_id
        yield chapter, count
