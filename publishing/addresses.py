"""Addresses of our own pages, each found out once: a page names sixty of them, and Django looks
through all patterns for every one."""

from functools import lru_cache

from django import urls
from django.core.signals import setting_changed
from django.utils.translation import get_language

MOST = 8192


def reverse(name, args=(), current_app=None):
    """As `django.urls.reverse` gives it, in the active language of the menus. The site has a host
    of its own (`SITE_URL`) and one table of addresses."""
    try:
        return _reverse(name, tuple(args), current_app, get_language())
    except TypeError:  # what cannot be looked up in a table
        return urls.reverse(name, args=args, current_app=current_app)


@lru_cache(maxsize=MOST, typed=True)
def _reverse(name, args, current_app, _language):
    return urls.reverse(name, args=args, current_app=current_app)


def forget(**_of_the_signal):
    _reverse.cache_clear()


setting_changed.connect(forget, dispatch_uid="publishing.addresses")
