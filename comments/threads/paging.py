"""What stands below a page for a reader to see: a page of its conversations, and what other
questions it helped to answer.

One plain query for as many comments as most pages have, one long query more where there are more,
however many and however deep. A conversation is never cut in two by the end of a page; a long one
shows its beginning and leads to an address of its own, where it is read a hundred comments at a
time.
"""

from dataclasses import dataclass, field
from functools import partial

from publishing.addresses import reverse

from ..models import COMMENT_LANGUAGES, Comment, Kind
from ..models.comment import THANKED
from . import query
from .query import FIELDS, ORDERS, PER_PAGE, WHOLE, Asked

FIRST = 10  # comments shown in the list of a conversation longer than WHOLE
FOLDS = 3  # replies a conversation needs before they can be folded away
PART = 100  # comments on a page of a conversation's own
# Up to this many comments are all read, and counted here: the query that lets the database count
# costs more to write down than they cost to read.
FEW = 500


@dataclass
class Talk:
    """A conversation: what is shown of it, and how much more there is."""

    root: int
    comments: list
    more: int = 0
    more_by_author: int = 0

    @property
    def opening(self):
        return self.comments[:1]

    @property
    def rest(self):
        return self.comments[1:]

    @property
    def replies(self):
        return len(self.rest) + self.more

    @property
    def folds(self):
        return self.replies >= FOLDS


@dataclass
class Discussion:
    page: object
    asked: Asked = field(default_factory=Asked)
    comments: list = field(default_factory=list)
    talks: list = field(default_factory=list)
    total: int = 0
    pages: int = 1
    languages: list = field(default_factory=list)
    helped: list = field(default_factory=list)
    thanked: list = field(default_factory=list)

    def __len__(self):
        return self.total

    def __bool__(self):
        return bool(self.comments)

    def __iter__(self):
        return iter(self.comments)

    def address(self, **changes):
        return f"{self.page.get_absolute_url()}{self.asked.query(**changes)}#replies"

    @property
    def previous(self):
        return self.address(number=self.asked.number - 1) if self.asked.number > 1 else None

    @property
    def next(self):
        return (
            self.address(number=self.asked.number + 1) if self.asked.number < self.pages else None
        )

    @property
    def orders(self):
        """`(words, address, chosen)`"""
        return [
            (ORDERS[each], self.address(order=each, number=1), each == self.asked.order)
            for each in ORDERS
        ]

    @property
    def filters(self):
        """`(code, address, chosen)` of the languages people write in here, first all of them; none
        if it is only one."""
        codes = ["", *self.languages] if len(self.languages) > 1 else []
        return [
            (code, self.address(language=code, number=1), code == self.asked.language)
            for code in codes
        ]


def of_page(page, asked=None):
    """The `Discussion` of a page. Asked for what is not there, it gives the first page of all. A
    page read with `has_talk` may know that there is none."""
    if not getattr(page, "has_talk", True):
        return Discussion(page)
    few = query.few(page, FEW)
    pointed = any(row.points_here for row in few)
    few = [row for row in few if not row.points_here]
    read = partial(_read_few, rows=few)
    if len(few) > FEW:
        read = partial(_read_many, rows=Comment.objects.shown().on(page))
    found = Discussion(page, asked or Asked())
    read(found)
    if not found.talks:
        found = Discussion(page)
        read(found)
    found.comments = [comment for talk in found.talks for comment in talk.comments]
    _know_whom_they_answer(found.comments)
    found.thanked = Comment.objects.put_right(page) if len(few) > FEW else _put_right(few)
    shown = {comment.pk for comment in found.comments}
    if found.asked == Asked() and (pointed or len(few) > FEW or _answered_out_of_sight(few, shown)):
        helped = query.helped(page, Comment.objects.shown().on(page))
        found.helped = [question for question in helped if question.pk not in shown]
    return found


def _read_few(found, rows):
    """The figures of `query.counted`, counted here from all the comments there are."""
    counted = [row for row in rows if row.erased is None]
    written = {row.language for row in counted}
    found.total = len(counted)
    found.languages = [code for code, _name in COMMENT_LANGUAGES if code in written]
    by_root = {}
    for row in rows:
        by_root.setdefault(row.root_id, []).append(row)
    language = found.asked.language
    chosen = [
        talk
        for talk in by_root.values()
        if not language or any(row.language == language for row in talk)
    ]
    found.pages = max(1, -(-len(chosen) // PER_PAGE))
    talks = _in_order([_talk(_by_position(talk)) for talk in chosen], found.asked)
    start = (found.asked.number - 1) * PER_PAGE
    found.talks = talks[start : start + PER_PAGE]


def _read_many(found, rows):
    rows = list(query.counted(rows, found.asked))
    if not rows:
        return
    first = rows[0]
    found.total, found.pages = first.total, max(1, -(-first.conversations // PER_PAGE))
    found.languages = [code for code, _name in COMMENT_LANGUAGES if getattr(first, f"has_{code}")]
    by_root = {}
    for row in _by_position(rows):
        by_root.setdefault(row.root_id, []).append(row)
    talks = [_talk(talk, talk[0].size, talk[0].size_author or 0) for talk in by_root.values()]
    found.talks = _in_order(talks, found.asked)


def _answered_out_of_sight(rows, shown):
    """Whether a question among these has the author's answer, and is not shown on this page."""
    answered = {row.parent_id for row in rows if row.by_author and row.erased is None}
    return any(
        row.pk in answered and row.pk not in shown and row.kind == Kind.QUESTION for row in rows
    )


def _put_right(rows):
    """`Comment.objects.put_right` of a page, from all the comments there are."""
    reports = [row for row in rows if row.put_right is not None and row.kind == Kind.CORRECTION]
    return sorted(reports, key=lambda row: (row.put_right, row.pk), reverse=True)[:THANKED]


def _by_position(comments):
    return sorted(comments, key=lambda each: each.position)


def _in_order(talks, asked):
    newest_first = sorted(
        talks,
        key=lambda talk: (talk.comments[0].thread_at, talk.root),
        reverse=asked.order != "oldest",
    )
    if asked.order == "discussed":
        return sorted(newest_first, key=lambda talk: -(len(talk.comments) + talk.more))
    return newest_first


def _talk(rows, size=None, size_author=None):
    """The conversation that begins with these rows; without a size they are all of it."""
    root = rows[0].root_id
    if size is None:
        size, size_author = len(rows), sum(row.by_author for row in rows)
    if size <= WHOLE:
        return Talk(root, rows)
    rows = rows[:FIRST]
    return Talk(root, rows, size - FIRST, size_author - sum(row.by_author for row in rows))


def _know_whom_they_answer(comments, elsewhere=()):
    """`elsewhere`: shown comments on other pages, by id."""
    shown = {comment.id: comment for comment in comments}
    for comment in comments:
        comment.answers = shown.get(comment.parent_id)
        if comment.answers is None and comment.parent_id in elsewhere:
            comment.answers, comment.answers_elsewhere = elsewhere[comment.parent_id], True
        comment.answers_hidden = comment.depth > 0 and comment.answers is None


@dataclass
class Conversation:
    """A page of one conversation in reading order, and its first comment."""

    first: Comment
    comments: list
    total: int
    number: int = 1

    @property
    def pages(self):
        return max(1, -(-self.total // PART))

    @property
    def previous(self):
        return whole_address(self.first.root_id, self.number - 1) if self.number > 1 else None

    @property
    def next(self):
        return (
            whole_address(self.first.root_id, self.number + 1) if self.number < self.pages else None
        )


def conversation(root, number=1):
    """That page of a `Conversation`, the last one when there are fewer; None when there is nothing
    to see."""
    everything = Comment.objects.shown().filter(root=root).order_by("position")
    total = everything.count()
    if not total:
        return None
    number = max(1, min(number, -(-total // PART)))
    start = (number - 1) * PART
    comments = list(everything.only("pk", *FIELDS)[start : start + PART])
    first = comments[0] if number == 1 else everything.only("pk", *FIELDS)[0]
    parents = (
        {comment.parent_id for comment in comments} - {comment.pk for comment in comments} - {None}
    )
    _know_whom_they_answer(
        comments, everything.only("pk", *FIELDS).in_bulk(parents) if parents else {}
    )
    return Conversation(first, comments, total, number)


def address(comment):
    """Where a reader finds a public comment: on the page of its conversation, or on that
    conversation's own."""
    everything = Comment.objects.shown().on(comment.page)
    same = everything.filter(root=comment.root_id)
    before = same.filter(position__lt=comment.position).count()
    if before >= FIRST and same.count() > WHOLE:
        return f"{whole_address(comment.root_id, before // PART + 1)}#{comment.anchor}"
    newer = everything.filter(thread_at__gt=comment.thread_at) | everything.filter(
        thread_at=comment.thread_at, root_id__gt=comment.root_id
    )
    before = newer.order_by().values("root_id").distinct().count()
    return (
        f"{comment.page.get_absolute_url()}{Asked(before // PER_PAGE + 1).query()}#{comment.anchor}"
    )


def whole_address(root, number=1):
    return reverse("comments:thread", args=[root]) + (f"?page={number}" if number > 1 else "")
