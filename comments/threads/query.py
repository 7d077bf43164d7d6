"""Which page of the conversations is asked for, and the queries that read it: a plain one for a few
comments, one that lets the database count for any number, however deep they go."""

from dataclasses import dataclass, replace
from functools import cache
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _

from publishing.compiled import Compiled
from publishing.models import generic_key

from ..lookups import Among
from ..models import COMMENT_LANGUAGES, Comment, Kind, Mention
from . import closing

PER_PAGE = 20  # conversations
WHOLE = 24  # comments a conversation may have to be shown whole in the list
HELPED = 8

ORDERS = {
    "newest": _("Newest first"),
    "oldest": _("Oldest first"),
    "discussed": _("Most discussed"),
}
SORTED = {
    "newest": ("-thread_at", "-root_id"),
    "oldest": ("thread_at", "root_id"),
    "discussed": ("-size", "-thread_at", "-root_id"),
}
FIELDS = (
    "parent_id",
    "root_id",
    "position",
    "depth",
    "thread_at",
    "page_type_id",
    "page_id",
    "name",
    "kind",
    "role",
    "language",
    "html",
    "by_author",
    "created",
    "old_number",
    "edited",
    "put_right",
    "erased",
    "status",
    "withdrawn",
    "gloss",
    "gloss_language",
)


@dataclass(frozen=True)
class Asked:
    """Which page of the conversations, in which order, with which language in them;
    `?replies=2&order=oldest&in=ca`."""

    number: int = 1
    order: str = "newest"
    language: str = ""

    @classmethod
    def from_query(cls, query):
        number, order, language = (
            query.get("replies", ""),
            query.get("order", ""),
            query.get("in", ""),
        )
        return cls(
            number=int(number)
            if number.isascii() and number.isdigit() and len(number) < 6 and int(number) > 0
            else 1,
            order=order if order in ORDERS else "newest",
            language=language if language in dict(COMMENT_LANGUAGES) else "",
        )

    def query(self, **changes):
        """The query of the same with `changes`; what goes without saying is left out."""
        asked = replace(self, **changes)
        values = {"replies": asked.number, "order": asked.order, "in": asked.language}
        plain = {"replies": 1, "order": "newest", "in": ""}
        chosen = {name: value for name, value in values.items() if value != plain[name]}
        return f"?{urlencode(chosen)}" if chosen else ""


def few(page, most):
    """All comments of the page in no order, up to one more than `most`; beside them a row of
    `points_here`, if there is an answer anywhere that points to the page."""
    kind = ContentType.objects.get_for_model(page).pk
    # How long ago the last words were is another moment at each call.
    asked = _few if settings.COMMENTS_CLOSE_AFTER_DAYS else _few_compiled
    return list(asked(most)(kind, page.pk))


def _few(most):
    def build(kind, pk):
        here = Comment.objects.shown().filter(page_type_id=kind, page_id=pk)
        some = here.order_by().values("pk")[: most + 1]
        found = _with(
            Comment.objects.filter(Among(F("pk"), some)),
            points_here=Value(0),
            ended=closing.ended(),
        )
        return found.union(_pointing_to(kind, pk), all=True)

    return build


def has_any(kind):
    """Whether a page of that kind of content has anything that `few` would find; of a row of
    pages."""
    page = {"page_type_id": kind, "page_id": OuterRef("pk")}
    return Exists(Comment.objects.shown().filter(**page)) | Exists(Mention.objects.filter(**page))


@cache
def _few_compiled(most):
    return Compiled(_few(most))


def _pointing_to(kind, pk):
    some = Mention.objects.filter(page_type_id=kind, page_id=pk).values("comment_id")[:1]
    return _with(
        Comment.objects.filter(Among(F("pk"), some)), points_here=Value(1), ended=Value(True)
    )


def counted(everything, asked):
    """The comments of that page of the conversations, each with numbers of the whole."""
    chosen = everything
    if asked.language:
        chosen = everything.filter(
            Among(
                F("root_id"),
                everything.filter(language=asked.language).order_by().values("root_id"),
            )
        )
    talks = (
        chosen.order_by()
        .values("root_id")
        .annotate(size=Count("pk"))
        .order_by(*SORTED[asked.order])
    )
    start = (asked.number - 1) * PER_PAGE
    ranked = everything.filter(
        Among(F("root_id"), talks.values("root_id")[start : start + PER_PAGE])
    ).annotate(rank=Window(RowNumber(), partition_by=F("root_id"), order_by=F("position").asc()))
    words = everything.filter(erased=None)
    return _with(
        Comment.objects.filter(
            Among(F("pk"), ranked.order_by().filter(rank__lte=WHOLE).values("pk"))
        ),
        total=_count(words, "page_id"),
        conversations=_count(chosen, "page_id", Count("root_id", distinct=True)),
        size=_of_talk(Comment.objects.shown()),
        size_author=_of_talk(Comment.objects.shown().filter(by_author=True)),
        ended=closing.ended(),
        **{f"has_{code}": Exists(words.filter(language=code)) for code, _name in COMMENT_LANGUAGES},
    )


def helped(page, everything):
    """Public questions that found their answer on this page, or in an answer that points to it; the
    newest first, a few."""
    answers = Comment.objects.approved().filter(by_author=True).order_by()
    here = everything.filter(by_author=True, erased=None).order_by().values("parent_id")
    pointing = answers.filter(
        pk__in=Mention.objects.filter(**generic_key(page, "page")).values("comment_id")
    ).values("parent_id")
    questions = Comment.objects.published().filter(kind=Kind.QUESTION, by_author=False)
    found = questions.filter(pk__in=pointing) | questions.filter(pk__in=here)
    return found.order_by("-pk").only("pk", *FIELDS)[:HELPED]


def _with(comments, **values):
    """What is shown of them, and these values of each."""
    return comments.order_by().annotate(**values).only("pk", *FIELDS)


def _count(comments, by, what=None):
    """A number that is the same for every row; the database counts once."""
    return Subquery(
        comments.order_by().values(by).annotate(n=what or Count("pk")).values("n"), IntegerField()
    )


def _of_talk(comments):
    """The number of these in a conversation, counted once for each: with the first of it that is
    shown."""
    same = comments.filter(root_id=OuterRef("root_id"))
    first = (
        Comment.objects.shown()
        .filter(root_id=OuterRef("root_id"))
        .order_by("position")
        .values("position")[:1]
    )
    return Case(
        When(position=Subquery(first), then=_count(same, "root_id")),
        default=Value(0),
        output_field=IntegerField(),
    )
