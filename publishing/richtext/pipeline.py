"""One pass over a text that is saved: clean, links, dates. What comes out is handed on to
`render`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from . import links, sanitise

if TYPE_CHECKING:
    from lxml.html import HtmlElement


def prepare(html: str, day: date) -> tuple[sanitise.Clean, HtmlElement]:
    """The text as a page keeps it, and its tree: clean, addresses of our pages as lasting links,
    personal notes dated (`day` where there was no date)."""
    text, root = sanitise.clean_tree(html)
    linked, dated = links.store(root), sanitise.date_notes(root, day)
    if linked or dated:
        return sanitise.clean_tree(sanitise.serialise(root))
    return text, root
