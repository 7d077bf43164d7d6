"""Comments that arrive all at once, from another site: places, texts and search rows of whole pages
in a few statements. Those that answer what is here already take the ordinary way (`order.add`)."""

from django.db import connection, transaction

from publishing import search
from publishing.models import generic_key

from ..models import Comment, Mention, Status
from ..moderation import flags
from ..text import html as text_html
from ..text import language as text_language
from . import order, places

_TABLE = Comment._meta.db_table
SEARCHED = 200


def reserve(highest):
    """Let no comment of later get a number up to `highest`, so that those that arrive can keep
    theirs; gives the highest number that may have been given out before."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [_TABLE])
            (sequence,) = cursor.fetchone()
            cursor.execute(f"SELECT last_value, is_called FROM {sequence}")  # noqa: S608
            last, called = cursor.fetchone()
            given = last if called else last - 1
            if highest > given:
                cursor.execute("SELECT setval(%s, %s)", [sequence, highest])
            return given
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [_TABLE])
        row = cursor.fetchone()
        if row is None:
            cursor.execute(
                "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [_TABLE, highest]
            )
        elif highest > row[0]:
            cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [highest, _TABLE])
        return row[0] if row else 0


def _numbers(count):
    """Free numbers that nobody else gets."""
    if not count:
        return []
    if connection.vendor != "postgresql":
        given = reserve(0)
        reserve(given + count)
        return list(range(given + 1, given + count + 1))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [_TABLE, count],
        )
        return [number for (number,) in cursor.fetchall()]


@transaction.atomic
def bring(talks):
    """Save new comments: `talks` is `[(page, [comment, …])]`. Each has its `parent`: None, one that
    is here, or another of the list that stands before it; and may have its number already."""
    new, late = [], []
    for page, comments in talks:
        arriving = set()
        for comment in comments:
            if comment.parent is None or id(comment.parent) in arriving:
                arriving.add(id(comment))
                new.append((page, comment))
            else:
                late.append((page, comment))
    _bring_threads(new)
    for page, comment in late:
        comment.page = page
        order.add(comment)


def _bring_threads(pairs):
    comments = [comment for _page, comment in pairs]
    unnumbered = [each for each in comments if not each.pk]
    for comment, number in zip(unnumbered, _numbers(len(unnumbered)), strict=True):
        comment.pk = number
    for page, comment in pairs:
        _fill(comment, page)
    _place(comments)
    Comment.objects.bulk_create(comments, batch_size=500)
    for comment in comments:
        if comment.by_author and 'href="' in comment.html:
            Mention.objects.record(comment)
    seen = {id(page): page.has_public_address() for page, _comment in pairs}
    public = [comment for page, comment in pairs if seen[id(page)] and comment.is_approved]
    for start in range(0, len(public), SEARCHED):
        search.index_all(public[start : start + SEARCHED])


def _fill(comment, page):
    key = generic_key(page, "page")
    comment.page_type, comment.page_id = key["page_type"], key["page_id"]
    comment.page = page
    comment.text = text_html.normalise(comment.text)
    # Brackets of another site cite nothing here, not even the author's.
    comment.html = text_html.to_html(
        comment.text, {}, lambda part: text_language.of_part(part, comment.language)
    )
    comment.urgent = comment.status == Status.PENDING and flags.is_urgent(comment)
    comment.parent = comment.parent  # its number, now that it has one


def _place(comments):
    """Root, depth and position of each, in reading order, with gaps for replies to come."""
    below = {}
    for comment in sorted(comments, key=lambda each: (each.created, each.pk), reverse=True):
        below.setdefault(id(comment.parent) if comment.parent else None, []).append(comment)
    for root in below.get(None, ()):
        waiting, position = [(root, 0)], 0
        while waiting:
            comment, depth = waiting.pop()
            comment.root, comment.thread_at = root, root.created
            comment.position, comment.depth = position, depth
            position += places.GAP
            waiting.extend((each, depth + 1) for each in below.get(id(comment), ()))
