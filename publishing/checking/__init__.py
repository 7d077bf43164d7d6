"""Whether the links to other sites still lead somewhere: `asking` asks one site about one address,
`links` knows which addresses there are and when each is due.

Apps tell here of addresses that stand in no text of a page.
"""

from collections.abc import Callable, Iterable

from ..richtext import sanitise

# `() -> (object, its addresses)`
sources: list[Callable[[], Iterable[tuple[object, Iterable[str]]]]] = []


def register(source):
    """Tells of more addresses than those in the texts of pages."""
    sources.append(source)


def in_html(html: str) -> list[str]:
    """The addresses a text links to."""
    if "href=" not in html:
        return []
    return [node.get("href", "") for node in sanitise.parse(html).iter("a")]
