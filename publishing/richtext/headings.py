"""Headings with an address of their own, and the contents list they make."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING

from django.utils.text import slugify
from django.utils.translation import gettext

from .tree import make

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Addresses that something else on the page has.
_TAKEN = re.compile(r"(ref|cite|comment|fig|n)-\d+|fn(ote|ref)?-[a-z]+")


def anchor(root: HtmlElement, numbered_parts: bool) -> list[dict]:
    """Gives every heading an id and a link to it; `{level, id, text, number}` of each."""
    headings = list(root.iter("h2", "h3", "h4"))
    numbered = numbered_parts and sum(node.tag == "h2" for node in headings) > 1
    contents: list[dict] = []
    used: set[str] = set()
    parts = 0
    for node in headings:
        text = _text(node)
        address = _free(text, used)
        used.add(address)
        node.set("id", address)
        number = None
        if numbered and node.tag == "h2":
            parts += 1
        if numbered and node.tag == "h2" and not _says_its_part(text):
            number = parts
            _label(node, gettext("Part %(number)s") % {"number": number})
        _link_to_itself(node, address)
        contents.append({"level": int(node.tag[1]), "id": address, "text": text, "number": number})
    return contents


def _says_its_part(text: str) -> bool:
    """Whether the author wrote “Part 1” or “Part II” herself, which then is not said twice."""
    word = re.escape((gettext("Part %(number)s") % {"number": ""}).strip())
    return re.match(rf"{word}\s+(\d+|[IVXLC]+)\b", text, re.IGNORECASE) is not None


def _text(node: HtmlElement) -> str:
    """The words of a heading without its citations and notes."""
    copy = deepcopy(node)
    copy.tail = None
    for span in list(copy.iter("span", "a")):
        if "note" in span.get("class", "") or "cite" in span.get("class", ""):
            span.drop_tree()
    return re.sub(r"\s+", " ", copy.text_content()).strip()


def _free(text: str, used: set[str]) -> str:
    address = base = slugify(text, allow_unicode=True)[:60].strip("-") or "part"
    suffix = 2
    while address in used or _TAKEN.fullmatch(address):
        address, suffix = f"{base}-{suffix}", suffix + 1
    return address


def _label(node: HtmlElement, words: str) -> None:
    label = make("span", words, {"class": "part"})
    label.tail = " " + (node.text or "")
    node.text = None
    node.insert(0, label)


def _link_to_itself(node: HtmlElement, address: str) -> None:
    """A heading is the link to its own address; one that holds another link gets a sign for it at
    its end."""
    words = {"class": "here", "href": f"#{address}", "data-done": gettext("Address copied")}
    if node.find(".//a") is not None:
        sign = make(
            "a", "¶", {**words, "class": "here sign", "aria-label": gettext("Link to this place")}
        )
        last = node[-1]
        last.tail = (last.tail or "") + "\xa0"
        node.append(sign)
        return
    link = make("a", attributes=words)
    part = node[0] if len(node) and node[0].get("class") == "part" else None
    if part is not None:
        link.text, part.tail = (part.tail or "").lstrip(), " "
    else:
        link.text, node.text = node.text, None
    for child in [child for child in node if child is not part]:
        link.append(child)
    node.append(link)
