"""Links between pages that survive a change of address.

In stored text a link to one of our pages is `page:<app>.<model>/<pk>[#anchor]`. It is written from an address when a
text is saved and becomes an address again when the text is rendered or edited.
"""

import re
from urllib.parse import unquote, urlsplit

from django.apps import apps
from django.conf import settings
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import override

from . import sanitise

_lookups = {}
_STORED = re.compile(r"page:([a-z]+\.[a-z]+)/(\d+)(#.*)?$")


def register(url_name, lookup):
    """Tells which page an address belongs to. `lookup(**url kwargs)` gives the object or None."""
    _lookups[url_name] = lookup


def canonical_url(page):
    """The page's address without a language prefix, whatever language the author works in."""
    with override(settings.LANGUAGE_CODE):
        return page.get_absolute_url()


def address(name, *args):
    """An address of ours without a language prefix."""
    with override(settings.LANGUAGE_CODE):
        return reverse(name, args=args)


def page_at(address):
    """The page an address of ours points to, or None."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.netloc and f"{parts.scheme}://{parts.netloc}" != settings.SITE_URL:
        return None
    match = _match(parts.path)
    lookup = _lookups.get(match.view_name) if match else None
    return lookup(**match.kwargs) if lookup else None


def _match(path):
    """What answers at a path of ours, whatever interface language the address was copied in; None if nothing does."""
    others = "|".join(code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE)
    with override(settings.LANGUAGE_CODE):
        try:
            return resolve(re.sub(rf"^/(?:{others})(?=/)", "", unquote(path)))
        except Resolver404:
            return None


def parse(href):
    """`(model label, pk, anchor)` of a stored link, or None for any other address."""
    match = _STORED.match(href)
    return (match[1], int(match[2]), match[3] or "") if match else None


def target(href):
    """The page object a stored link names, or None when it is gone."""
    parsed = parse(href)
    if not parsed:
        return None
    try:
        model = apps.get_model(parsed[0])
    except LookupError:
        return None
    return model._default_manager.filter(pk=parsed[1]).first()


def broken(html):
    """`(words, address)` of links to pages of ours that are gone."""
    if "href=" not in html:
        return []
    anchors = ((node, node.get("href", "")) for node in sanitise.parse(html).iter("a"))
    return [(node.text_content().strip(), href) for node, href in anchors if _is_broken(href)]


def _is_broken(href):
    if parse(href):
        return target(href) is None
    parts = urlsplit(href)
    if parts.netloc or not parts.path.startswith("/"):
        return False
    match = _match(parts.path)
    return match is None or (match.view_name in _lookups and page_at(href) is None)


def to_stored(html):
    """Clean HTML with addresses of our pages turned into stored links."""
    if "href=" not in html:
        return html

    def convert(href):
        page = page_at(href)
        if page is None:
            return href
        fragment = urlsplit(href).fragment
        return f"page:{page._meta.label_lower}/{page.pk}" + (f"#{fragment}" if fragment else "")

    return _map_links(html, convert)


def to_addresses(html):
    """Clean HTML with stored links turned into addresses, for the editor and for plain exports."""
    if "page:" not in html:
        return html

    def convert(href):
        page = target(href)
        return canonical_url(page) + (parse(href)[2]) if page else href

    return _map_links(html, convert)


def _map_links(html, convert):
    root = sanitise.parse(html)
    changed = False
    for node in root.iter("a"):
        href = node.get("href", "")
        new = convert(href)
        if new != href:
            node.set("href", new)
            changed = True
    return sanitise.clean(sanitise.serialise(root)) if changed else html
