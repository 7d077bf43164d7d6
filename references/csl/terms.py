"""The words of a style in a language, its typography and its options.

Where a word or a date is looked for, in this order: what the style says for the locale, for its
language, for every language; then the file of the locale; then English. Source: the CSL 1.0.2
specification, “Locale fallback”.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from .typography import Typography

# Of each term its forms, of each form one word or the single and the plural.
Words = dict[str, dict[str, str | list[str]]]

NAMESPACE = "{http://purl.org/net/xbiblio/csl}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
FOLDER = Path(__file__).parent
ENGLISH = "en-US"
WORDS: dict[str, Words] = json.loads((FOLDER / "words.json").read_text(encoding="utf-8"))
SHORTER = {
    "verb-short": ("verb", "long"),
    "verb": ("long",),
    "symbol": ("short", "long"),
    "short": ("long",),
    "long": (),
}
QUOTES = ("open-quote", "close-quote", "open-inner-quote", "close-inner-quote")


def _read(path: Path) -> Element:
    """The root of one of our files, without its comments."""
    return ElementTree.parse(path).getroot()  # noqa: S314  our own


def _locales(style: Element, locale: str) -> Iterator[Element]:
    """Where words are looked for, the nearest first."""
    own = {element.get(XML_LANG): element for element in style.iterfind(NAMESPACE + "locale")}
    yield from (own[language] for language in (locale, locale[:2], None) if language in own)
    for language in dict.fromkeys((locale, ENGLISH)):
        yield _read(FOLDER / "locales" / f"locales-{language}.xml")


def attributes(element: Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in element.attrib.items()}


class Terms:
    def __init__(self, name: str, locale: str) -> None:
        root = _read(FOLDER / "styles" / f"{name}.csl")
        self.root, self.locales, self.language = root, list(_locales(root, locale)), locale[:2]
        self.bibliography = bibliography = next(root.iterfind(NAMESPACE + "bibliography"))
        self.name_options = attributes(root) | attributes(bibliography)
        self.page_range = root.get("page-range-format")
        self.terms: dict[tuple[str | None, str], tuple[str, ...]] = {}
        self.genders: dict[str, str] = {}
        self.ordinals: dict[tuple[str, str | None], tuple[str, str | None]] = {}
        for tree in reversed(self.locales):
            self._read_terms(tree)
        self._add_words(WORDS.get(locale, {}))
        self.ordinal_first_day_only = self._style_option("limit-day-ordinals-to-day-1") == "true"
        inside = self._style_option("punctuation-in-quote") == "true"
        self.typography = Typography([self.term(name) or "" for name in QUOTES], inside)
        # What nodes call by name; a sheet fills it.
        self.macros: dict[str, Any] = {}

    def _read_terms(self, tree: Element) -> None:
        groups = tree.iterfind(NAMESPACE + "terms")
        terms = [term for group in groups for term in group.iterfind(NAMESPACE + "term")]
        if any(term.get("name", "").startswith("ordinal") for term in terms):
            self.ordinals = {}
        for term in terms:
            name = term.get("name", "")
            single, multiple = (term.findtext(NAMESPACE + part) for part in ("single", "multiple"))
            words = (term.text or "",) * 2 if single is None else (single, multiple or "")
            if name.startswith("ordinal"):
                self.ordinals[name, term.get("gender-form")] = (words[0], term.get("match"))
            else:
                self.terms[name, term.get("form", "long")] = words
            if gender := term.get("gender"):
                self.genders[name] = gender

    def _add_words(self, words: Words) -> None:
        """Our words for what the locale file leaves in English; the style's own words win."""
        of_style = list(self.root.iterfind(NAMESPACE + "locale"))
        own = {
            (term.get("name"), term.get("form", "long"))
            for tree in self.locales
            if tree in of_style
            for term in tree.iter(NAMESPACE + "term")
        }
        for name, forms in words.items():
            for form, text in forms.items():
                if (name, form) not in own:
                    self.terms[name, form] = (text, text) if isinstance(text, str) else tuple(text)

    def _style_option(self, name: str) -> str:
        for tree in self.locales:
            for options in tree.iterfind(NAMESPACE + "style-options"):
                if options.get(name):
                    return options.get(name, "")
        return "false"

    def term(self, name: str, form: str = "long", *, plural: bool = False) -> str | None:
        for candidate in (form, *SHORTER.get(form, ())):
            words = self.terms.get((name, candidate))
            if words:
                return words[plural]
        return None

    def gender(self, name: str) -> str | None:
        return self.genders.get(name)

    def ordinal(self, number: int, gender: str | None = None) -> str:
        """“2nd”, “2.ª”: the most exact ending the locale has."""
        keys = (
            f"ordinal-{number:02}",
            f"ordinal-{number % 100:02}",
            f"ordinal-{number % 10:02}",
            "ordinal",
        )
        for at, key in enumerate(keys):
            for form in (gender, None) if gender else (None, "masculine", "feminine"):
                ending, match = self.ordinals.get((key, form), (None, None))
                exact = (
                    number < 100
                    if at == 0
                    else match != "whole-number" and (at != 2 or match != "last-two-digits")
                )
                if ending is not None and (at == 3 or exact or number == int(key[-2:])):
                    return f"{number}{ending}"
        return str(number)

    def date_shape(self, form: str) -> Element:
        shapes = (shape for tree in self.locales for shape in tree.iterfind(NAMESPACE + "date"))
        return next(shape for shape in shapes if shape.get("form") == form)
