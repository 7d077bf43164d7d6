"""Addresses of our own pages, each found out once: a page names sixty of them, and Django looks
through all patterns for every one."""

from functools import lru_cache

from django import urls
from django.conf import settings
from django.urls import get_script_prefix, get_urlconf
from django.utils.translation import get_language

MOST = 8192


def reverse(name, args=(), current_app=None):
    """As `django.urls.reverse` gives it, in the active language of the menus."""
    try:
        return _reverse(
            name, tuple(args), current_app, get_language(), get_script_prefix(),
            get_urlconf() or settings.ROOT_URLCONF,
        )  # fmt: skip
    except TypeError:  # what cannot be looked up in a table
        return urls.reverse(name, args=args, current_app=current_app)


@lru_cache(maxsize=MOST, typed=True)
def _reverse(name, args, current_app, _language, _prefix, urlconf):
    return urls.reverse(name, urlconf=urlconf, args=args, current_app=current_app)
