"""What needs doing: each list of the desk says what, and has a filter that shows exactly these."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import visibility
from ..models import SiteSettings, State


@dataclass(frozen=True)
class Duty:
    """One thing to do: `find` narrows the rows of a list to those that need it, `words` says how
    many there are."""

    name: str
    title: str
    words: Callable[[int], str]
    find: Callable[[QuerySet], QuerySet]


@dataclass(frozen=True)
class Step:
    """One thing to do on the first day, where, and whether it is done."""

    words: str
    address: str
    done: bool


class DutyFilter(admin.SimpleListFilter):
    title, parameter_name = _("what needs doing"), "todo"

    def __init__(self, request, params, model, model_admin):
        self.duties = {duty.name: duty for duty in model_admin.duties()}
        super().__init__(request, params, model, model_admin)

    def lookups(self, request, model_admin):
        return [(duty.name, duty.title) for duty in self.duties.values()]

    def queryset(self, request, queryset):
        duty = self.duties.get(self.value())
        return duty.find(queryset) if duty else queryset


def count(duties, queryset):
    """`(words, query)` of each duty that has rows."""
    for duty in duties:
        found = duty.find(queryset).count()
        if found:
            yield duty.words(found), f"?{DutyFilter.parameter_name}={duty.name}"


def scheduled(pages):
    """Pages that become public by themselves."""
    return pages.filter(visibility.allowed_q(pages.model), publish_at__gt=timezone.now())


def stale(pages):
    """Published pages last reviewed, or if never then published, longer ago than the site's number
    of months.

    The same as readers are told by `publishing.templatetags.pages.stale`.
    """
    months = SiteSettings.load().stale_after_months
    if not months:
        return pages.none()
    last = months_before(timezone.localdate(), months)
    never = Q(reviewed=None, first_published=None)
    late = (Q(reviewed=None) | Q(reviewed__lte=last)) & (
        Q(first_published=None) | Q(first_published__lte=last)
    )
    return pages.filter(late, state=State.PUBLISHED).exclude(never)


def months_before(day: date, months: int) -> date:
    """The same day that many months earlier, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    if year < 1:
        return date.min
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
