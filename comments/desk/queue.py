"""What there is to go through, and in which order."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ..models import COMMENT_LANGUAGES, SUSPECT, Comment, Kind, Status

LISTED = 30
AGES = {"7": _("older than a week"), "30": _("older than a month"), "365": _("older than a year")}


def unanswered():
    """Questions of readers, public or still to be read, that have no answer of the author's and
    wait for one."""
    answers = Comment.objects.approved().filter(parent=OuterRef("pk"), by_author=True)
    open_ones = Q(status__in=(Status.APPROVED, Status.PENDING), withdrawn=None, erased=None)
    questions = Comment.objects.filter(
        open_ones, kind=Kind.QUESTION, by_author=False, settled=False
    )
    return questions.exclude(Exists(answers))


def _to_do():
    waiting = Comment.objects.waiting().filter(by_author=False)
    return Comment.objects.filter(
        Q(pk__in=waiting.values("pk")) | Q(pk__in=unanswered().values("pk"))
    )


QUEUES = {
    "todo": (_("To do"), _to_do),
    "urgent": (_("Read first"), lambda: Comment.objects.urgent()),
    "pending": (_("Waiting"), lambda: Comment.objects.waiting().filter(by_author=False)),
    "unanswered": (_("Unanswered questions"), unanswered),
    "suspect": (
        _("Perhaps spam"),
        lambda: Comment.objects.waiting().filter(spam_score__gte=SUSPECT),
    ),
    "spam": (_("Spam"), lambda: Comment.objects.filter(status=Status.SPAM)),
    "trash": (_("Trash"), lambda: Comment.objects.filter(status=Status.TRASH, erased=None)),
}


@dataclass
class Queue:
    """What the author chose to go through, from the address of the page."""

    name: str = "todo"
    language: str = ""
    page: str = ""
    age: str = ""
    newest: bool = False

    @classmethod
    def asked_for(cls, query):
        name, language, page, age = (
            query.get(key, "") for key in ("queue", "language", "page", "age")
        )
        return cls(
            name=name if name in QUEUES else "todo",
            language=language if language in dict(COMMENT_LANGUAGES) else "",
            page=page if _page_of(page) else "",
            age=age if age in AGES else "",
            newest=query.get("order") == "newest",
        )

    def query(self, **more):
        """The same choice as the query of an address; what goes without saying is left out."""
        chosen = {
            "queue": "" if self.name == "todo" else self.name,
            "language": self.language,
            "page": self.page,
            "age": self.age,
            "order": "newest" if self.newest else "",
        }
        return urlencode({key: value for key, value in {**chosen, **more}.items() if value})

    def address(self, **more):
        query = self.query(**more)
        return reverse("admin:comments_comment_desk") + (f"?{query}" if query else "")

    @property
    def to(self):
        """The beginning of the address of one of its comments; the number follows."""
        query = self.query()
        return f"{reverse('admin:comments_comment_desk')}?{query}{'&' if query else ''}at="

    @cached_property
    def comments(self):
        found = QUEUES[self.name][1]()
        if self.language:
            found = found.filter(language=self.language)
        if self.page:
            kind, pk = _page_of(self.page)
            found = found.filter(page_type=kind, page_id=pk)
        if self.age:
            found = found.filter(created__lt=timezone.now() - timedelta(days=int(self.age)))
        return found.order_by("-created", "-pk") if self.newest else found.order_by("created", "pk")

    def after(self, comment):
        """What comes next; at the end, the first of those left over."""
        return (
            self._beyond(comment, self.newest).first()
            or self.comments.exclude(pk=comment.pk).first()
        )

    def before(self, comment):
        return self._beyond(comment, not self.newest).reverse().first()

    def place(self, comment):
        return self._beyond(comment, not self.newest).count() + 1

    def around(self, comment):
        """The part of the queue to show beside the comment: a few before it, then what follows."""
        start = max(0, self.place(comment) - 4)
        return self.comments[start : start + LISTED].prefetch_related("page")

    def _beyond(self, comment, older):
        sign = "lt" if older else "gt"
        same = Q(created=comment.created, **{f"pk__{sign}": comment.pk})
        return self.comments.filter(Q(**{f"created__{sign}": comment.created}) | same)

    def pages(self):
        """`(value, page)` of the pages these comments stand on, by kind and name."""
        rows = QUEUES[self.name][1]().order_by().values_list("page_type", "page_id").distinct()
        by_kind = {}
        for kind, pk in rows:
            by_kind.setdefault(kind, set()).add(pk)
        found = []
        for kind, pks in by_kind.items():
            model = ContentType.objects.get_for_id(kind).model_class()
            pages = model._default_manager.in_bulk(pks).values() if model else ()
            found += [
                (capfirst(model._meta.verbose_name), str(page), f"{kind}-{page.pk}")
                for page in pages
            ]
        return [(value, f"{kind}: {name}") for kind, name, value in sorted(found)]


def _page_of(value):
    kind, _dash, pk = value.partition("-")
    return (
        (int(kind), int(pk))
        if all(each.isascii() and each.isdigit() and len(each) < 10 for each in (kind, pk))
        else None
    )
