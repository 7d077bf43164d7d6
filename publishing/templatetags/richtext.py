"""What templates need of rich text and of languages."""

import re
from datetime import date, datetime
from functools import lru_cache

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language

from publishing import cldr, images, languages, tags
from publishing.later import later
from publishing.richtext import sanitise

babel_dates = later("babel.dates")
register = template.Library()

_OWN_LINK = re.compile(r'(<a [^>]*?href="/)(?!media/|static/|/)')


@register.filter
def rich(html):
    """Stored HTML of ours. Its links to our pages keep the reader's interface language."""
    html = str(html or "")
    prefix = _prefix()
    return sanitise.trusted(_OWN_LINK.sub(rf"\g<1>{prefix[1:]}", html) if len(prefix) > 1 else html)


@register.filter
def localised(address):
    """An address of ours as kept, `/review/a/`, in the reader's interface language,
    `/es/review/a/`."""
    return _prefix() + address[1:] if address and address.startswith("/") else address


@register.filter
def language_name(code):
    return languages.language_name(code)


@register.filter
def begins(text, length):
    """At most so many characters of a text, ending with a whole word."""
    text = str(text)
    if len(text) <= length:
        return text
    head = text[:length]
    return head[: max(head.rfind(" "), head.rfind("\n"), length // 2)].rstrip(" \n,;:.") + "…"


@register.filter
def spoken(page):
    """What a page or a work is called, marked with the language of its title where that is not
    the reader's."""
    language = getattr(page, "title_language", "") or getattr(page, "language", "")
    if not language or language == get_language():
        return page
    return format_html('<span lang="{}">{}</span>', language, page)


@register.filter
def subject(tag):
    """What a subject is called in the language of the page."""
    return tags.shown(tag)


@register.filter
def country_name(code):
    return languages.country_name(code)


@register.filter(expects_localtime=True)
def moment_iso(moment):
    """“2026-05-03T09:30:00+02:00”: a moment for machines, by the author's clock."""
    return moment.isoformat() if moment else ""


@register.filter(expects_localtime=True)
def date_iso(moment):
    """“2026-05-03”: the same of a date, or of a moment's."""
    return moment.isoformat()[:10] if moment else ""


@register.filter
def day(moment):
    """“3 May 2026”, “3 de mayo de 2026”; of a date or of a moment, as the author's clock has it."""
    if not moment:
        return ""
    if isinstance(moment, datetime):
        moment = timezone.localtime(moment).date()
    return day_in(moment, get_language() or settings.LANGUAGE_CODE)


@lru_cache(maxsize=4096)
def day_in(date, language):
    """The same of a date, in a language."""
    return cldr.day_in_words(date, {"en": "en_GB"}.get(language, language))


@register.filter
def dated(when):
    """The same as an element, for whole sentences: “reviewed on %(date)s”."""
    if not when:
        return ""
    local = timezone.localtime(when).date() if isinstance(when, datetime) else when
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), day(when))


@register.filter
def zone(when):
    """“Central European Standard Time”: by which clock a moment is meant."""
    language = get_language() or settings.LANGUAGE_CODE
    return babel_dates.get_timezone_name(timezone.localtime(when), locale=language)


@register.filter
def moment(when):
    """“3 December, 09:00” by the author's clock; with the year where it is not this one."""
    when = timezone.localtime(when)
    language = get_language() or settings.LANGUAGE_CODE
    locale = {"en": "en_GB"}.get(language, language)
    this_year = when.year == timezone.localdate().year
    said = cldr.day_in_words(when, locale, "MMMMd" if this_year else "long")
    return f"{said}, {when:%H:%M}"


@register.filter
def iso_day(text):
    """A kept “2026-05-03” as `day` writes it; anything else as it is."""
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text


@register.filter
def modern_sources(image):
    """`[(media type, srcset)]` of the modern formats of a picture of ours."""
    return images.modern_sources(image)


@register.filter
def focus_classes(image):
    """What keeps the point that matters in sight where a picture is cropped: no style may stand in
    a page. Steps of five per cent."""
    if image.focus is None:
        return ""
    x, y = (5 * round(each / 5) for each in image.focus)
    return f"cropped fx{x} fy{y}"


@register.filter
def srcset(image):
    """The widths of a picture of ours, for `srcset`."""
    return images.srcset(image)


def _prefix():
    language = get_language() or settings.LANGUAGE_CODE
    return "/" if language == settings.LANGUAGE_CODE else f"/{language}/"
