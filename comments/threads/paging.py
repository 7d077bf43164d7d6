"""What stands below a page for a reader to see: a page of its conversations, and what other
questions it helped to answer.

One query, however many comments there are and however deep they go. A conversation is never cut in
two by the end of a page; a long one shows its beginning and leads to an address of its own, where
it is read a hundred comments at a time.
"""

from dataclasses import dataclass, field

from django.urls import reverse

from ..models import COMMENT_LANGUAGES, Comment
from .query import FIELDS, ORDERS, PER_PAGE, WHOLE, Asked, rows_of

FIRST = 10  # comments shown in the list of a conversation longer than WHOLE
FOLDS = 3  # replies a conversation needs before they can be folded away
PART = 100  # comments on a page of a conversation's own


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
    """The `Discussion` of a page. Asked for what is not there, it gives the first page of all."""
    asked = asked or Asked()
    found = _read(page, asked)
    if not found.comments and asked != Asked():
        found = _read(page, Asked())
    return found


def _read(page, asked):
    everything = Comment.objects.shown().on(page)
    rows = list(rows_of(page, everything, asked))
    found = Discussion(page, asked)
    comments = [row for row in rows if not row.helped_row]
    if comments:
        first = comments[0]
        found.total, found.pages = first.total, max(1, -(-first.conversations // PER_PAGE))
        found.languages = [
            code for code, _name in COMMENT_LANGUAGES if getattr(first, f"has_{code}")
        ]
    found.talks = _talks(comments, asked)
    found.comments = [comment for talk in found.talks for comment in talk.comments]
    _know_whom_they_answer(found.comments)
    shown = {comment.pk for comment in found.comments}
    found.helped = sorted(
        (row for row in rows if row.helped_row and row.pk not in shown), key=lambda row: -row.pk
    )
    return found


def _talks(comments, asked):
    by_root = {}
    for comment in sorted(comments, key=lambda each: each.position):
        by_root.setdefault(comment.root_id, []).append(comment)
    talks = [_talk(root, rows) for root, rows in by_root.items()]
    newest_first = sorted(
        talks,
        key=lambda talk: (talk.comments[0].thread_at, talk.root),
        reverse=asked.order != "oldest",
    )
    if asked.order == "discussed":
        return sorted(newest_first, key=lambda talk: -(len(talk.comments) + talk.more))
    return newest_first


def _talk(root, rows):
    size, size_author = rows[0].size, rows[0].size_author or 0
    if size <= WHOLE:
        return Talk(root, rows)
    rows = rows[:FIRST]
    return Talk(root, rows, size - FIRST, size_author - sum(row.by_author for row in rows))


def _know_whom_they_answer(comments, elsewhere=()):
    """`elsewhere`: shown comments on other pages, by id."""
    shown = {comment.pk: comment for comment in comments}
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
