"""A page of the site as a page of its copy: relative links, no scripts, no forms."""

import re

from django.utils.translation import gettext as _
from lxml import html
from lxml.html import builder as make

# What a page fetches and leads to; `srcset` is a list of its own.
ADDRESSES = ("href", "src", "action", "poster", "data", "{http://www.w3.org/1999/xlink}href")
LISTS = ("srcset", "imagesrcset")
_IN_CSS = re.compile(r"""(url\(\s*["']?|@import\s+["'])([^"')]+)""")


def read(content):
    return html.document_fromstring(content, parser=html.HTMLParser(encoding="utf-8"))


def written(root):
    return html.tostring(root, encoding="utf-8", doctype="<!doctype html>")


def page(root, link, *, note, contact):
    """Change a page. `link(address)` gives the relative one, or None for what is not in the copy;
    `note` stands at the foot; `contact`: the author's e-mail address or ""."""
    for node in list(root.iter("script")):
        if node.get("type") != "application/ld+json":
            _drop(node)
    for node in list(root.iter("form")):
        _replace_form(node, contact)
    for node in list(root.iter()):
        if isinstance(node.tag, str):
            _rewrite(node, link)
    for node in list(root.iter("p")):
        if node.get("class") == "paper meta" and node.find(".//a[@href]") is None:
            _drop(node)
    foot = next(root.iter("footer"), root.find("body"))
    foot.append(make.P(note))


def _rewrite(node, link):
    if node.tag == "link" and (node.get("rel") == "canonical" or node.get("hreflang")):
        return  # where the site itself is, or was
    for name in ADDRESSES:
        address = node.get(name)
        if not address or address.startswith(("#", "data:")):
            continue
        here = link(address)
        if here is not None:
            node.set(name, here)
        elif node.tag == "a":
            _unlink(node)
        elif node.tag in ("link", "iframe", "source"):
            _drop(node)
    for name in LISTS:
        if node.get(name):
            node.set(name, _listed(node.get(name), link))


def _listed(text, link):
    """“a.webp 1x, b.webp 2x”"""
    found = []
    for each in text.split(", "):
        address, _space, size = each.strip().partition(" ")
        if (here := link(address)) is not None:
            found.append(f"{here} {size}".strip())
    return ", ".join(found)


def _unlink(node):
    """Its words stay where they are part of a sentence; an entry of a menu goes."""
    above = node.getparent()
    if above is None or above.tag not in ("li", "nav"):
        for name in ("href", "rel", "hreflang", "type", "download"):
            node.attrib.pop(name, None)
        return
    is_alone = len(above) == 1 and not (above.text or "").strip() and not (node.tail or "").strip()
    _drop(above if above.tag == "li" and is_alone else node)


def _drop(node):
    """Without it, but with what follows it."""
    if node.getparent() is not None:
        node.drop_tree()


def _replace_form(node, contact):
    if node.get("role") == "search" and node.get("action", "").endswith("/search/"):
        return  # the copy has a page that searches
    if node.get("method", "get").lower() == "post" and node.getparent() is not None:
        if contact:
            said = _("This is a copy of the site: nothing can be sent from it. Write to")
            words = make.P(f"{said} ", make.A(contact, href=f"mailto:{contact}"), ".")
        else:
            words = make.P(_("This is a copy of the site: nothing can be sent from it."))
        node.addprevious(words)
    _drop(node)


def sheet(text, link):
    """A style sheet, likewise."""
    return _IN_CSS.sub(lambda found: found[1] + (link(found[2]) or found[2]), text)
