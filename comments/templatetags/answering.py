from django import template
from django.utils import timezone
from django.utils.timesince import timesince

register = template.Library()


@register.filter
def since(moment):
    """“3 days”"""
    return timesince(moment, depth=1)


@register.filter
def spell(duration):
    """A length of time in words."""
    now = timezone.now()
    return timesince(now - duration, now, depth=1)
