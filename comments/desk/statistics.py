"""How many comments came and were answered, how long answers took, month by month, drawn on the
server."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Case, Count, Min, Q, When
from django.utils import timezone
from django.utils.formats import date_format

from publishing.later import later
from publishing.machines.feeds import midnight

from ..models import Comment, Kind

statistics = later("statistics")  # half a megabyte, with fractions and decimals

MONTHS = 12


@dataclass(frozen=True)
class Figures:
    waiting: int
    unanswered: int
    oldest: object
    median: timedelta | None


@dataclass(frozen=True)
class Month:
    """One row of the chart: what came and what was answered, and how long its two bars are, in per
    cent."""

    name: str
    came: int
    answered: int
    came_width: int
    answered_width: int


def figures(unanswered):
    waiting = Comment.objects.waiting().filter(by_author=False)
    return Figures(
        waiting=waiting.count(),
        unanswered=unanswered.count(),
        oldest=waiting.aggregate(oldest=Min("created"))["oldest"],
        median=median_time(),
    )


def median_time(days=365):
    """Half of last year's questions had their first answer within this time; None if none had
    one."""
    since = timezone.now() - timedelta(days=days)
    questions = Comment.objects.filter(
        by_author=False, kind=Kind.QUESTION, created__gte=since, replies__by_author=True
    )
    times = [
        first - asked
        for asked, first in questions.annotate(first=Min("replies__created")).values_list(
            "created", "first"
        )
    ]
    return statistics.median(times) if times else None


def chart(now=None):
    """The last twelve months, the present one first."""
    today = timezone.localtime(now).date().replace(day=1)
    months = [today]
    while len(months) < MONTHS:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    came, answered = _of(months)
    most = max([1, *came.values(), *answered.values()])
    return [
        Month(
            name=date_format(month, "M Y"),
            came=came[month],
            answered=answered[month],
            came_width=round(came[month] * 100 / most),
            answered_width=round(answered[month] * 100 / most),
        )
        for month in months
    ]


def _of(months):
    """How many comments came and how many were answered in these months, the last one first: two
    `{month: number}`."""
    begins = [midnight(month) for month in months]
    ends = midnight((months[0] + timedelta(days=31)).replace(day=1))
    # The first that a moment is not before; cutting each down to its month takes three times as
    # long.
    month = Case(*(When(created__gte=each, then=place) for place, each in enumerate(begins)))
    written = Comment.objects.filter(created__gte=begins[-1], created__lt=ends).order_by()
    rows = written.values_list(month).annotate(
        came=Count("created", filter=Q(by_author=False)),
        answered=Count("created", filter=Q(by_author=True, parent__isnull=False)),
    )
    came, answered = Counter(), Counter()
    for place, readers, author in rows:
        came[months[place]], answered[months[place]] = readers, author
    return came, answered
