from django import template
from django.utils import timezone
from django.utils.timesince import timesince

from ..desk import statistics

register = template.Library()
SHOWN = 6


@register.simple_tag
def months_of_answers():
    """What came and was answered in the last months, the present one first; nothing where nothing
    came."""
    months = statistics.chart()[:SHOWN]
    return months if any(month.came or month.answered for month in months) else []


@register.filter
def since(moment):
    """“3 days”"""
    return timesince(moment, depth=1)


@register.filter
def spell(duration):
    """A length of time in words."""
    now = timezone.now()
    return timesince(now - duration, now, depth=1)
