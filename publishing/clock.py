"""Leases that survive a clock: one that ran ahead leaves moments behind that are years away."""

from datetime import timedelta

from django.db.models import Q

LEASE = timedelta(minutes=1)  # of a task worker, which renews it every few seconds


def between(field, now, longest):
    """That a lease holds: it ends after `now`, and not later than one taken this moment."""
    return Q(**{f"{field}__gt": now, f"{field}__lte": now + longest})


def over(field, now, longest):
    """That it does not hold: it has ended, or it was taken by a clock that ran ahead."""
    return Q(**{f"{field}__lte": now}) | Q(**{f"{field}__gt": now + longest})
