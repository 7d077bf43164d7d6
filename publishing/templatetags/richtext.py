"""What templates need of rich text and of languages."""

import re

from django import template
from django.conf import settings
from django.utils.translation import get_language

from publishing import languages, richtext

register = template.Library()

_OWN_LINK = re.compile(r'(<a [^>]*?href="/)(?!media/|static/|/)')


@register.filter
def rich(html):
    """Stored HTML of ours. Its links to our pages keep the reader's interface language."""
    html = str(html or "")
    prefix = _prefix()
    return richtext.trusted(_OWN_LINK.sub(rf"\g<1>{prefix[1:]}", html) if len(prefix) > 1 else html)


@register.filter
def localised(address):
    """An address of ours as kept, `/review/a/`, in the reader's interface language, `/es/review/a/`."""
    return _prefix() + address[1:] if address and address.startswith("/") else address


@register.filter
def language_name(code):
    return languages.language_name(code)


@register.filter
def country_name(code):
    return languages.country_name(code)


def _prefix():
    language = get_language() or settings.LANGUAGE_CODE
    return "/" if language == settings.LANGUAGE_CODE else f"/{language}/"
