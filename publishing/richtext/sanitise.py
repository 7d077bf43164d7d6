"""The one place where rich text is made safe.

`clean()` keeps what `elements.ELEMENTS` declares and nothing else: nh3 judges first, and judges
last. `clean(clean(x)) == clean(x)`, and what CKEditor writes back for a text it was given cleans to
the same text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from publishing.later import later

from ..text import bounded
from . import finishing, tidy
from .elements import ELEMENTS, RENAMED, SCHEMES
from .plain import text_of
from .shape import shape
from .tree import make, parse, serialise

if TYPE_CHECKING:
    from lxml.html import HtmlElement

nh3 = later("nh3")

__all__ = [
    "Clean", "clean", "clean_tree", "date_notes", "is_own_media", "parse", "serialise",
    "strip_control", "text_of", "trusted",
]  # fmt: skip

CITEKEY = re.compile(r"[^\s\"'<>\[\]]{1,120}")
ROUNDS = 4

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")


class Clean(str):
    """HTML that `clean()` has judged, which it gives back as it is. Made in this module alone;
    whatever is done to it gives a plain `str`."""

    __slots__ = ()


def strip_control(text: str) -> str:
    """Text without the characters no database and no XML parser takes: NUL, other controls, lone
    surrogates. Every text from outside goes through this first, so marks are bounded here too."""
    return bounded(_CONTROL.sub("", text))


def is_own_media(src: str) -> bool:
    """Whether an image address is one of ours; anything else would be a request to a third
    party."""
    parts = urlsplit(src)
    return parts.path.startswith(settings.MEDIA_URL) and (
        not parts.netloc or f"{parts.scheme}://{parts.netloc}" == settings.SITE_URL
    )


def clean(html: str | None) -> Clean:
    """Canonical, safe HTML for any input. Unknown elements go, their text stays; scripts go with
    their text."""
    return html if isinstance(html, Clean) else clean_tree(html)[0]


def clean_tree(html: str | None) -> tuple[Clean, HtmlElement]:
    """`clean()`, with the tree of what it gives."""
    if isinstance(html, Clean):
        return html, parse(html)
    html = strip_control(html or "")
    if not html.strip():
        return Clean(), make("div")
    for _ in range(ROUNDS):
        tame = _nh3(html, extra=RENAMED)
        root = _canonical(parse(strip_control(tame)))
        written = serialise(root).replace("\xa0", "&nbsp;")
        if written == html == tame:
            return Clean(html), root  # nh3 has judged these very bytes
        before, html = html, _nh3(written).strip("\n")
        if html == before:
            break
    return Clean(html), parse(html)


def _canonical(root: HtmlElement) -> HtmlElement:
    tidy.rename(root)
    tidy.tidy(root)
    finishing.fold_spaces(root)
    root = shape(root)
    tidy.order_attributes(root)
    for child in root[:-1]:
        child.tail = "\n"
    return root


def _nh3(html: str, extra: Iterable[str] = ()) -> str:
    tags = set(ELEMENTS) | set(extra)
    return nh3.clean(
        html,
        tags=tags,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes=SCHEMES,
        link_rel=None,
        attribute_filter=_attribute,
        clean_content_tags=_WITH_CONTENT - tags,
    )


_ATTRIBUTES = {"*": set[str]()} | {
    name: set(element.attributes) for name, element in ELEMENTS.items() if element.attributes
}
_CLASSES = {name: set(element.classes) for name, element in ELEMENTS.items() if element.classes}
_WITH_CONTENT = {"script", "style", "title", "noscript", "template", "textarea", "select"}


def _attribute(element: str, name: str, value: str) -> str | None:
    value = " ".join(strip_control(value).split())
    if name in ("src", "href"):
        return _address(name, value)
    if name == "data-consent":
        return value[:300] or None
    if name in ("colspan", "rowspan", "start"):
        return value if value.isdecimal() and 0 < int(value) < 1000 else None
    form = _FORMS.get(name)
    return value if form is None or form.fullmatch(value) else None


_FORMS = {
    "data-cite": CITEKEY,
    "lang": re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*"),
    "scope": re.compile("row|col"),
    "data-date": re.compile(r"[12]\d{3}-\d\d-\d\d"),
    "dir": re.compile("ltr|rtl|auto"),
}


def _address(name: str, value: str) -> str | None:
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    if name == "src":
        return parts.path if is_own_media(value) else None
    return value or None


def date_notes(root: HtmlElement, day: date) -> bool:
    """Dates every personal note of the author that has no date; whether there was one."""
    notes = [
        node
        for node in root.iter("div")
        if node.get("class") == "own" and not node.get("data-date")
    ]
    for node in notes:
        node.set("data-date", day.isoformat())
    return bool(notes)


def trusted(html: str | None) -> SafeString:
    """Marks HTML that `clean()` or a renderer of ours made; the only way such HTML reaches a
    template."""
    # What `mark_safe` does with a string, without looking first whether it is a promise of one.
    return SafeString(html) if type(html) is str else mark_safe(html or "")
