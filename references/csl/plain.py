"""The entry where no style can write a work: who, what, where and when, in one form and by the simplest means."""

import logging
from html import escape

logger = logging.getLogger(__name__)

# How such an entry begins, by which the desk finds it.
MARK = '<span class="plain-entry">'
LONGEST = 2000  # of one part: what is too much for a style is too much for a line
MOST = 6


def is_plain(html):
    """Whether no style could write this entry."""
    return html.startswith(MARK)


def entry(item, title=("", "")):
    """“Copeman W, Ackerman W. <title>. <journal>. 1944.”, safe HTML, whatever is in the item."""
    people = item.get("author") or item.get("editor")
    names = [_name(each) for each in people[:MOST]] if isinstance(people, list) else []
    who = ", ".join([*filter(None, names), *(["et al"] if len(names) == MOST < len(people) else [])])
    what = _words(item.get("title")) or _words(item.get("id"))
    parts = [who, title[0] + what + title[1], _words(item.get("container-title")), _year(item.get("issued"))]
    return MARK + " ".join(f"{part}." for part in parts if part) + "</span>"


def _words(value):
    return escape(" ".join(value[:LONGEST].split())) if isinstance(value, str) else ""


def _name(person):
    if not isinstance(person, dict):
        return ""
    family, given = _words(person.get("family")), _words(person.get("given"))
    return f"{family} {given}".strip() or _words(person.get("literal"))


def _year(issued):
    try:
        year = issued["date-parts"][0][0]
    except (LookupError, TypeError):
        return _words(issued.get("literal")) if isinstance(issued, dict) else ""
    return str(year) if isinstance(year, int) and abs(year) < 10_000 else ""
