"""One pass over a text that is saved: clean, links, dates. What comes out is handed on to
`render`."""

from datetime import date

from lxml.html import HtmlElement

from . import links, sanitise


def prepare(html: str, day: date) -> tuple[sanitise.Clean, HtmlElement]:
    """The text as a page keeps it, and its tree: clean, addresses of our pages as lasting links,
    personal notes dated (`day` where there was no date)."""
    text, root = sanitise.clean_tree(html)
    linked, dated = links.store(root), sanitise.date_notes(root, day)
    if linked or dated:
        return sanitise.clean_tree(sanitise.serialise(root))
    return text, root
