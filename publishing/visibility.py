"""Who sees which page: the one rule, and what queries, search rows, links, chores and SQL derive
from it.

A page is public when every clause of `RULE` holds and its time has come and is not over. A clause
says the same twice: as a Q for the database, and of a page in hand. A clause added here is followed
by every door. Rows of the search are written ahead of the time, so they ask for the clauses alone
and keep both moments; they follow a new clause after `rebuild_search`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

# The fields of a page that the rule looks at, beside what stands above it.
FIELDS = ("state", "publish_at", "unpublish_at")


_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Queries that are written within ask for what is public at this moment instead of now."""
    before = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(before)


def now() -> datetime:
    return _moment.get() or timezone.now()


@dataclass(frozen=True)
class Clause:
    """`as_q(model, prefix)`: the pages it holds for, `prefix` reaching them through a relation."""

    as_q: Callable[[type[models.Model], str], Q]
    holds: Callable[[models.Model], bool]


RULE = [
    Clause(
        as_q=lambda model, prefix: Q(**{f"{prefix}state__in": model.PUBLIC_STATES}),
        holds=lambda page: page.state in page.PUBLIC_STATES,
    )
]


def allowed_q(model: type[models.Model], prefix: str = "") -> Q:
    """Pages that are public, now or by themselves once their time comes."""
    condition = Q()
    for clause in RULE:
        condition &= clause.as_q(model, prefix)
    return condition


def is_allowed(page: models.Model) -> bool:
    """`allowed_q` of one page in hand, apart from what stands above it."""
    return all(clause.holds(page) for clause in RULE)


def public_q(model: type[models.Model], prefix: str = "") -> Q:
    """Pages the public sees at this moment."""
    return allowed_q(model, prefix) & open_q(f"{prefix}publish_at", f"{prefix}unpublish_at")


def reached_q(field: str) -> Q:
    """Rows whose moment has come; no moment means always."""
    return Q(**{field: None}) | Q(**{f"{field}__lte": now()})


def is_reached(moment: datetime | None) -> bool:
    return moment is None or moment <= timezone.now()


def over_q(field: str) -> Q:
    """Rows whose last moment has passed; no moment means never."""
    return Q(**{f"{field}__isnull": False, f"{field}__lte": now()})


def is_over(moment: datetime | None) -> bool:
    return moment is not None and moment <= timezone.now()


def open_q(begins: str, ends: str) -> Q:
    """Rows whose time has come and is not over."""
    return reached_q(begins) & ~over_q(ends)


def open_sql(begins: str, ends: str) -> str:
    """`open_q` in the words of PostgreSQL, for queries written by hand."""
    return f"({begins} IS NULL OR {begins} <= now()) AND ({ends} IS NULL OR {ends} > now())"


def falling_due_q(model: type[models.Model], since: datetime, until: datetime) -> Q:
    """Pages that became public, or stopped being so, by themselves after `since` and up to
    `until`."""
    came = Q(publish_at__gt=since, publish_at__lte=until)
    went = Q(unpublish_at__gt=since, unpublish_at__lte=until)
    return allowed_q(model) & (came | went)
