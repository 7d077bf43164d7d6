"""What the elements of rich text may be, beyond what a list of attributes can say."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from publishing.later import later

from . import videos
from .elements import ELEMENTS, RENAMED

if TYPE_CHECKING:
    from lxml.html import HtmlElement

etree = later("lxml.etree")

RIGHT_TO_LEFT = {"ar", "fa", "he", "ku", "ug"}


def rename(root: HtmlElement) -> None:
    """Elements of other programs become ours."""
    for node in root.iter(*RENAMED):
        if RENAMED[node.tag] == "div":
            node.attrib.clear()
        node.tag = RENAMED[node.tag]


def tidy(root: HtmlElement) -> None:
    """Every citation, credit, picture, link, figure and language is whole, or is no more than its
    words."""
    for node in list(root.iter(*_TIDIED)):
        if node.getparent() is None:
            continue  # stood inside a citation, which holds its key and nothing else
        _TIDIED[node.tag](node)


def _span(node: HtmlElement) -> None:
    key = node.get("data-cite")
    if key:
        _citation(node, key)
        return
    for name in ("class", "data-cite", "data-locator"):
        if name != "class" or node.get("class") != "fn":
            node.attrib.pop(name, None)
    # The editor writes the direction of a language beside it, which says the same twice.
    language = node.get("lang")
    if language and node.get("dir") == ("rtl" if language in RIGHT_TO_LEFT else "ltr"):
        del node.attrib["dir"]
    if not node.attrib:
        node.drop_tag()


def _citation(node: HtmlElement, key: str) -> None:
    node.set("class", "cite")
    for child in list(node):
        node.remove(child)
    node.text = f"[{key}]"
    for name in ("lang", "dir", *(["data-locator"] if not node.get("data-locator") else [])):
        node.attrib.pop(name, None)


def _small(node: HtmlElement) -> None:
    if next(node.iterancestors("figcaption"), None) is None:
        node.drop_tag()
    else:
        node.set("class", "credit")


def _img(node: HtmlElement) -> None:
    if not node.get("src"):
        node.drop_tree()
    elif node.get("alt") is None:
        node.set("alt", "")


def _a(node: HtmlElement) -> None:
    if not node.get("href"):
        node.drop_tag()


def _figure(node: HtmlElement) -> None:
    if node.get("class") not in ("video", "plot"):
        node.set("class", "figure")
        return
    link = _lone_link(node)
    if link is None:
        node.drop_tag()
        return
    words = " ".join(link.text_content().split()) or link.get("href")
    del link[:]
    link.text = words


def _lone_link(figure: HtmlElement) -> HtmlElement | None:
    """The link of a video, with at most a picture before it and a caption after; or of a picture of
    the evidence, to a page of ours. Anything else is text with a link."""
    nodes = list(figure)
    is_video = figure.get("class") == "video"
    if is_video and len(nodes) > 1 and nodes[0].tag == "img":
        nodes = nodes[1:]
    link, *rest = nodes or [None]
    is_lone = (
        link is not None
        and link.tag == "a"
        and (_is_played if is_video else _is_ours)(link.get("href", ""))
        and [node.tag for node in rest] in ([], ["figcaption"])
        and not "".join([figure.text or "", *(node.tail or "" for node in figure)]).strip()
    )
    return link if is_lone else None


def _is_played(href: str) -> bool:
    return urlsplit(href).netloc in videos.hosts()


def _is_ours(href: str) -> bool:
    return href.startswith("/") and not urlsplit(href).netloc


_TIDIED = {"span": _span, "small": _small, "img": _img, "a": _a, "figure": _figure}


def order_attributes(root: HtmlElement) -> None:
    """The class first, then as `ELEMENTS` lists them: the editor sorts them its own way."""
    for node in root.iter(etree.Element):
        if len(node.attrib) < 2:
            continue
        values = dict(node.attrib)
        names = [name for name in ("class", *ELEMENTS[node.tag].attributes) if name in values]
        if names != list(values):
            node.attrib.clear()
            for name in names:
                node.set(name, values[name])
