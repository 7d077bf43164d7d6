"""The entry where no style can write a work: who, what, where and when, in one form and by the
simplest means."""

from html import escape
from typing import Any

from .items import Record
from .typography import NO_TAGS, Tags

# How such an entry begins, by which the desk finds it.
MARK = '<span class="plain-entry">'
LONGEST = 2000  # of one part: what is too much for a style is too much for a line
MOST = 6


def is_plain(html: str) -> bool:
    """Whether no style could write this entry."""
    return html.startswith(MARK)


def entry(item: Record, title: Tags = NO_TAGS) -> str:
    """“Copeman W, Ackerman W. <title>. <journal>. 1944.”, safe HTML, whatever is in the item."""
    given = item.get("author") or item.get("editor")
    people = given if isinstance(given, list) else []
    names = [_name(each) for each in people[:MOST]]
    who = ", ".join(
        [*filter(None, names), *(["et al"] if len(names) == MOST < len(people) else [])]
    )
    what = _words(item.get("title")) or _words(item.get("id"))
    parts = [
        who,
        title[0] + what + title[1],
        _words(item.get("container-title")),
        _year(item.get("issued")),
    ]
    return MARK + " ".join(f"{part}." for part in parts if part) + "</span>"


def _words(value: object) -> str:
    return escape(" ".join(value[:LONGEST].split())) if isinstance(value, str) else ""


def _name(person: object) -> str:
    if not isinstance(person, dict):
        return ""
    family, given = _words(person.get("family")), _words(person.get("given"))
    return f"{family} {given}".strip() or _words(person.get("literal"))


def _year(issued: Any) -> str:
    try:
        year = issued["date-parts"][0][0]
    except (LookupError, TypeError):
        return _words(issued.get("literal")) if isinstance(issued, dict) else ""
    return str(year) if isinstance(year, int) and abs(year) < 10_000 else ""
