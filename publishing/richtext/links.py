"""Links between pages that survive a change of address.

In stored text a link to one of our pages is `page:<app>.<model>/<pk>[#anchor]`. It is written from
an address when a text is saved and becomes an address again when the text is rendered or edited.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from django.apps import apps
from django.conf import settings
from django.db.models import Model
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.translation import override

from . import sanitise

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_lookups: dict[str, Callable[..., Model | None]] = {}
_STORED = re.compile(r"page:([a-z]+\.[a-z]+)/(\d{1,18})(#.*)?$")


def register(url_name: str, lookup: Callable[..., Model | None]) -> None:
    """Tells which page an address belongs to. `lookup(**url kwargs)` gives the object or None."""
    _lookups[url_name] = lookup


def canonical_url(page: Model) -> str:
    """The page's address without a language prefix, whatever language the author works in."""
    with override(settings.LANGUAGE_CODE):
        return page.get_absolute_url()


def address(name: str, *args: object) -> str:
    """An address of ours without a language prefix."""
    with override(settings.LANGUAGE_CODE):
        return reverse(name, args=args)


def page_at(address: str) -> Model | None:
    """The page an address of ours points to, or None."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.netloc and f"{parts.scheme}://{parts.netloc}" != settings.SITE_URL:
        return None
    match = _match(parts.path)
    lookup = _lookups.get(match.view_name) if match else None
    return lookup(**match.kwargs) if match and lookup else None


def _match(path: str) -> ResolverMatch | None:
    """What answers at a path of ours, whatever interface language the address was copied in; None
    if nothing does."""
    others = "|".join(code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE)
    with override(settings.LANGUAGE_CODE):
        try:
            return resolve(re.sub(rf"^/(?:{others})(?=/)", "", unquote(path)))
        except Resolver404:
            return None


def parse(href: str) -> tuple[str, int, str] | None:
    """`(model label, pk, anchor)` of a stored link, or None for any other address."""
    match = _STORED.match(href)
    return (match[1], int(match[2]), match[3] or "") if match else None


def target(href: str) -> Model | None:
    """The page object a stored link names, or None when it is gone."""
    parsed = parse(href)
    return _pages(parsed[0], {parsed[1]}).get(parsed[1]) if parsed else None


def targets(root: HtmlElement) -> dict[tuple[str, int], Model]:
    """The page objects the stored links of a tree name, those that are there, by model label and
    pk."""
    named: dict[str, set[int]] = {}
    for node in root.iter("a"):
        if parsed := parse(node.get("href", "")):
            named.setdefault(parsed[0], set()).add(parsed[1])
    return {
        (label, pk): page for label, pks in named.items() for pk, page in _pages(label, pks).items()
    }


def _pages(label: str, pks: set[int]) -> dict[int, Model]:
    try:
        model = apps.get_model(label)
    except LookupError:
        return {}
    return model._default_manager.in_bulk(pks)


def broken(html: str) -> list[tuple[str, str]]:
    """`(words, address)` of links to pages of ours that are gone."""
    if "href=" not in html:
        return []
    anchors = ((node, node.get("href", "")) for node in sanitise.parse(html).iter("a"))
    return [(node.text_content().strip(), href) for node, href in anchors if _is_broken(href)]


def _is_broken(href: str) -> bool:
    if parse(href):
        return target(href) is None
    parts = urlsplit(href)
    if parts.netloc or not parts.path.startswith("/"):
        return False
    match = _match(parts.path)
    return match is None or (match.view_name in _lookups and page_at(href) is None)


def to_stored(html: str) -> str:
    """Clean HTML with addresses of our pages turned into stored links."""
    return _map_links(html, store) if "href=" in html else html


def store(root: HtmlElement) -> bool:
    """Turns addresses of our pages in a tree into stored links; whether there was one."""
    return _change_links(root, _stored)


def _stored(href: str) -> str:
    page = None if parse(href) else page_at(href)
    if page is None:
        return href
    fragment = urlsplit(href).fragment
    return f"page:{page._meta.label_lower}/{page.pk}" + (f"#{fragment}" if fragment else "")


def to_addresses(html: str) -> str:
    """Clean HTML with stored links turned into addresses, for the editor and for plain exports."""
    return _map_links(html, _with_addresses) if "page:" in html else html


def _with_addresses(root: HtmlElement) -> bool:
    pages = targets(root)

    def address_of(href: str) -> str:
        parsed = parse(href)
        page = pages.get(parsed[:2]) if parsed else None
        return canonical_url(page) + parsed[2] if parsed and page else href

    return _change_links(root, address_of)


def _map_links(html: str, change: Callable[[HtmlElement], bool]) -> str:
    root = sanitise.parse(html)
    return sanitise.clean(sanitise.serialise(root)) if change(root) else html


def _change_links(root: HtmlElement, convert: Callable[[str], str]) -> bool:
    changed = False
    for node in root.iter("a"):
        href = node.get("href", "")
        new = convert(href)
        if new != href:
            node.set("href", new)
            changed = True
    return changed
