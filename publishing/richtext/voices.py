"""Who is speaking: what a source says, its own words, the author's personal note, a private letter,
a transcript.

Every voice says in words what it is, so that it can be told apart on paper, in a feed and by ear as
well.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import get_language, gettext

from .. import cldr
from ..languages import language_name
from . import consents
from .tree import make

if TYPE_CHECKING:
    from lxml.html import HtmlElement


def mark(root: HtmlElement) -> None:
    """Labels every voice of a tree."""
    for quote in root.iter("blockquote"):
        _quote(quote)
    for block in list(root.iter("div")):
        voice = _VOICES.get(block.get("class"))
        if voice:
            voice(block)


def _line(block: HtmlElement, words: str, kind: str) -> HtmlElement:
    """A line in the language of the page, whatever the language of the block it stands in."""
    return make("p", words, {"class": kind, **_language(block)})


def _language(block: HtmlElement) -> dict[str, str]:
    return {"lang": get_language() or "en"} if block.get("lang") else {}


def _source(block: HtmlElement, tag: str) -> HtmlElement | None:
    """The line that says where it is from, as `tag`; the last where there are several."""
    found = None
    for line in block.findall("p"):
        if line.get("class") == "source":
            line.tag, found = tag, line
    return found


def _quote(quote: HtmlElement) -> None:
    quote.set("class", "quote")
    _source(quote, "footer")
    lines = [quote, *quote.findall("p")]
    language = next((node.get("lang") for node in lines if node.get("lang")), "").split("-")[0]
    words = gettext("Word for word")
    if language and language != get_language():
        words = gettext("Word for word, in %(language)s") % {"language": language_name(language)}
    quote.insert(0, _line(quote, words, "kind"))


def _claim(block: HtmlElement) -> None:
    block.set("role", "group")
    block.set("aria-label", gettext("What the source says"))
    _source(block, "footer")
    block.insert(0, _line(block, gettext("What the source says"), "kind"))


def _own(block: HtmlElement) -> None:
    block.tag = "aside"
    block.set("aria-label", gettext("Personal note of the author"))
    day = _day(block.attrib.pop("data-date", ""))
    words = gettext("The author’s personal note.")
    if day:
        words = gettext("The author’s personal note, %(date)s.") % {"date": day}
    first = block.find("p")
    if first is None or block.index(first):
        first = make("p")
        block.insert(0, first)
    label = make("span", words, {"class": "by"})
    label.tail = " " + (first.text or "")
    first.text = None
    first.insert(0, label)


def _letter(block: HtmlElement) -> None:
    block.tag = "aside"
    block.set("aria-label", gettext("Private correspondence"))
    head = make("header")
    head.append(_line(block, gettext("From private correspondence"), "kind"))
    for line in block.findall("p"):
        if line.get("class") == "source":
            line.attrib.pop("class")
            head.append(line)
    block.insert(0, head)
    consent = consents.public_line(block.attrib.pop("data-consent", ""))
    if consent:
        block.append(_line(block, consent, "consent"))


def _transcript(block: HtmlElement) -> None:
    block.tag = "details"
    block.insert(0, make("summary", gettext("Transcript of the video"), _language(block)))


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return ""
    language = get_language() or "en"
    return cldr.day_in_words(day, {"en": "en_GB"}.get(language, language))


_VOICES = {"own": _own, "letter": _letter, "claim": _claim, "transcript": _transcript}
