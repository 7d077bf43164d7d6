"""When pages change by themselves: a time that was set is reached, or a day begins."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db.models import Max, Min, Q
from django.utils import timezone
from django.utils.module_loading import import_string


def around(now):
    """`(last, next)`: the moments before and after `now` at which readers see something else by
    themselves."""
    today = timezone.localdate(now)
    midnights = [
        timezone.make_aware(datetime.combine(day, time()))
        for day in (today, today + timedelta(days=1))
    ]
    pairs = [import_string(path)(now) for path in settings.READERS_MOMENTS]
    before, after = zip(midnights, *pairs, strict=True)
    return max(filter(None, before)), min(filter(None, after))


def of_fields(queryset, now, *names):
    """`(last, next)` of the moments that these fields of the rows hold; None where there is
    none."""
    found = queryset.aggregate(
        **{f"last_{name}": Max(name, filter=Q(**{f"{name}__lte": now})) for name in names},
        **{f"next_{name}": Min(name, filter=Q(**{f"{name}__gt": now})) for name in names},
    )
    before = [found[f"last_{name}"] for name in names]
    after = [found[f"next_{name}"] for name in names]
    return max(filter(None, before), default=None), min(filter(None, after), default=None)


def nearest(pairs):
    """The last and the next of several `(last, next)`."""
    before, after = zip(*pairs, strict=True)
    return max(filter(None, before), default=None), min(filter(None, after), default=None)
