"""Letters and the consent to publish them: a letter names its consent, a page shows one public line
of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Model
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext, ngettext

from .. import cldr
from . import records, sanitise

if TYPE_CHECKING:
    from lxml.html import HtmlElement


def _names_record(value: str) -> bool:
    return value.isdecimal() and len(value) < 10


def consent_named(value: str) -> Model | None:
    """The Consent a letter's `data-consent` names, or None."""
    return records.of("consent").filter(pk=value).first() if _names_record(value) else None


def public_line(value: str) -> str:
    """What readers are told: from the record, or the author's own words where she wrote words."""
    consent = consent_named(value)
    if consent is None:
        return "" if _names_record(value) else value
    language = get_language() or "en"
    day = cldr.day_in_words(consent.given, {"en": "en_GB"}.get(language, language))
    words = gettext("Published with the consent of %(who)s, given on %(date)s.")
    return words % {"who": consent.shown_as, "date": day}


def drop_withdrawn(root: HtmlElement) -> bool:
    """Takes the letters whose consent was taken back out of a tree; whether there was one."""
    gone = [node for node in root.iter("div") if _is_withdrawn(node)]
    for node in gone:
        node.drop_tree()
    return bool(gone)


def _is_withdrawn(node: HtmlElement) -> bool:
    consent = consent_named(node.get("data-consent", ""))
    return consent is not None and bool(consent.withdrawn)


def without_withdrawn(body: str) -> str:
    """The text without those letters."""
    if "data-consent" not in body:
        return body
    root = sanitise.parse(body)
    return sanitise.serialise(root) if drop_withdrawn(root) else body


def letters_without(body: str) -> list[tuple[int, str]]:
    """`(place among the letters from 0, its first words)` of the private letters in a text that
    name no consent on record."""
    if 'class="letter"' not in body:
        return []
    letters = [node for node in sanitise.parse(body).iter("div") if node.get("class") == "letter"]
    return [
        (place, Truncator(" ".join(node.text_content().split())).words(8).rstrip(" .,;:"))
        for place, node in enumerate(letters)
        if not public_line(node.get("data-consent", ""))
    ]


def words_for(letters: list[tuple[int, str]]) -> str:
    """What the author is told of letters without consent."""
    text = ngettext(
        "%(count)s private letter here names no consent on record: %(letters)s."
        " Put the cursor into it and choose “Consent”.",
        "%(count)s private letters here name no consent on record: %(letters)s."
        " Put the cursor into each and choose “Consent”.",
        len(letters),
    )
    said = ", ".join(f"“{words}”" for _place, words in letters[:10])
    return text % {"count": len(letters), "letters": said}
