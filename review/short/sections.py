"""The sections of an In short page, in each language, and what its author may want to look at
again. Its last one, Ask, stands under the text by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from publishing import readability
from publishing.richtext import hints
from publishing.richtext.plain import text_of_tree

if TYPE_CHECKING:
    from lxml.html import HtmlElement

HEADINGS = {
    "en": [
        "What it is",
        "What it feels like",
        "Who looks at it",
        "What studies found",
        "What is not known",
        "See a doctor at once if…",
    ],
    "es": [
        "Qué es",
        "Qué se nota",
        "Quién lo mira",
        "Qué han encontrado los estudios",
        "Qué no se sabe",
        "Acuda enseguida al médico si…",
    ],
    "ca": [
        "Què és",
        "Què s’hi nota",
        "Qui s’ho mira",
        "Què han trobat els estudis",
        "Què no se sap",
        "Aneu de seguida al metge si…",
    ],
}
# Stands under the last heading until the author, who is a doctor, has written it.
UNWRITTEN = {
    "en": "The author has not written this section yet: no record of this library says when.",
    "es": "La autora aún no ha escrito este apartado: ninguna ficha de esta biblioteca lo dice.",
    "ca": "L’autora encara no ha escrit aquest apartat: cap fitxa d’aquesta biblioteca no ho diu.",
}
MOST_ON_A_SHEET = 450  # words; with a dozen works cited it is one page of A4


def skeleton(language: str) -> str:
    """The text a new page begins with."""
    headings = HEADINGS[language]
    written = "".join(f"<h2>{heading}</h2><p></p>" for heading in headings[:-1])
    return f"{written}<h2>{headings[-1]}</h2><p>{UNWRITTEN[language]}</p>"


def in_language(root: HtmlElement, language: str) -> bool:
    """Put the headings of another language, and the words that stand in for a section, into this
    one; whether there were any."""
    if language not in HEADINGS:
        return False
    others = [code for code in HEADINGS if code != language]
    headings = {
        words: HEADINGS[language][place]
        for code in others
        for place, words in enumerate(HEADINGS[code])
    }
    known = {"h2": headings, "p": {UNWRITTEN[code]: UNWRITTEN[language] for code in others}}
    changed = False
    for node in root.iter("h2", "p"):
        words = known[node.tag].get(_words(node))
        if words:
            for child in list(node):
                node.remove(child)
            node.text, changed = words, True
    return changed


def _words(node: HtmlElement) -> str:
    return " ".join(node.text_content().split()).replace("...", "…").replace("'", "’")


def is_unwritten(text: str) -> bool:
    """Whether the words that stand in for “See a doctor at once if…” are still there."""
    return any(words in text for words in UNWRITTEN.values())


def reading_level(root: HtmlElement, language: str) -> str:
    """How easily a text reads, in words."""
    sentences = [hints.without_citations(each) for each in hints.sentences(root)]
    found = readability.level(sentences, language)
    if found is None:
        return ""
    return _("%(formula)s: %(score)s, %(band)s; aim for %(aim)s") % {
        "formula": found.formula,
        "score": found.score,
        "band": found.band,
        "aim": found.aim,
    }


def look_again(root: HtmlElement, language: str) -> Iterator[tuple[str, str, list[str]]]:
    """`(title, help, lines)` of what its author may want to know of a text."""
    there = {_words(node) for node in root.iter("h2")}
    missing = [each for each in HEADINGS.get(language, ()) if each not in there]
    if missing:
        yield _("Sections that are missing"), "", missing
    if is_unwritten(text_of_tree(root)):
        help_text = _("Nobody but a doctor can write it: when to see one at once.")
        yield _("To be written by you"), help_text, list(HEADINGS.get(language, ())[-1:])
    bare = [
        each
        for each in hints.sentences(root)
        if not hints.is_cited(each) and not is_unwritten(each)
    ]
    if bare:
        yield _("Sentences without a source"), "", bare[: hints.MOST]
    words = len(text_of_tree(root).split())
    if words > MOST_ON_A_SHEET:
        most = _("One sheet of paper holds about %(most)s words.") % {"most": MOST_ON_A_SHEET}
        yield _("Longer than one sheet"), most, []
