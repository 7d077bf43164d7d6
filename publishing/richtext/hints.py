"""What a writer may want to look at again: claims without a citation, identifiers that cannot be
right. Said quietly; nothing follows from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from .plain import text_of_tree
from .tree import is_cite, single_spaces

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MOST = 50
LONGEST = 240
# Who speaks there is not the text: a quotation has its attribution, a note is the author's view.
_NOT_THE_TEXT = {"blockquote", "figure", "figcaption", "caption"}
_OTHER_VOICES = {"own", "letter", "transcript"}
_CITED = "\ufdd0"  # stands where a citation stood; no text holds it
_END = re.compile(r"(?<=[.!?…])(?=[ \ufdd0])|(?<=[.!?…][”’»\")])(?=[ \ufdd0])")
_SHORT = re.compile(
    r"\b(?:e\.g|i\.e|cf|vs|al|fig|no|nº|núm|dra?|mrs?|ms|prof|sra?|p\. ?ej|pp?|ca|approx"
    r"|[A-Z])\.$",
    re.IGNORECASE,
)
_COUNTED = (
    "of|out of|de|in|patients|people|women|men|cases|years|participants"
    "|pacientes|personas|mujeres|hombres|casos|años|pacients|persones|dones|homes|casos|anys"
)
_PARTS = "half|two-thirds|one in \\w+|la mitad|dos tercios|la meitat|dos terços"
_AMOUNT = re.compile(
    r"\d\s?(?:%|‰|per\s?cent|por\s?ciento)"  # 12 %
    r"|\b[np]\s?[=<>≤≥]\s?[\d.,]"  # n = 12, p < 0.05
    rf"|\b(?!(?:1[4-9]|20)\d\d\b)\d[\d.,]*\s+(?:{_COUNTED})\b"  # no years
    rf"|\b(?:{_PARTS})\s(?:of|de|dels?|the)\b",
    re.IGNORECASE,
)
# Who found, and what it is called that they did; then what is said without anybody.
_SAID = re.compile(
    "|".join(
        (
            r"\b(?:stud(?:y|ies)|trials?|reviews?|meta-analys[ie]s|authors?|researchers)"
            r"\s(?:(?:has|have)\s)?(?:found|shows?|showed|shown|reports?|reported|suggests?"
            r"|suggested|concluded?)\b",
            r"\b(?:it\s(?:has\sbeen|was)\s(?:shown|reported|found)|there\sis\s(?:\w+\s)?evidence"
            r"|statistically\ssignificant)\b",
            r"\b(?:estudios?|ensayos?|revisi(?:ón|ones)|metaanálisis|autores|investigadores)"
            r"\s(?:ha(?:n)?\s)?(?:halló|hallaron|encontr(?:ó|aron|ado)|muestran?"
            r"|mostr(?:ó|aron|ado)|demostr\w+|indican?|sugieren?|concluy\w+)\b",
            r"\b(?:se\sha\s(?:demostrado|visto|observado|descrito)|hay\s(?:pruebas|evidencia)"
            r"|estadísticamente\ssignificativ\w)\b",
            r"\b(?:estudis?|assa(?:ig|jos)|revisi(?:ó|ons)|metaanàlisis?|autors|investigadors)"
            r"\s(?:ha(?:n)?\s)?(?:trob(?:a|à|en|aren|at)|mostr(?:a|en|at|à|aren)|demostr\w+"
            r"|indiquen?|suggereix(?:en)?|conclo\w+|va(?:n)?\s\w+)\b",
            r"\b(?:s['’]ha\s(?:demostrat|vist|observat|descrit)|hi\sha\s(?:proves|evidència)"
            r"|estadísticament\ssignificati\w+)\b",
        )
    ),
    re.IGNORECASE,
)
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_DOI_IN_WORDS = re.compile(r"\bdoi:?\s*(?=\d)(\S+)", re.IGNORECASE)


@dataclass(frozen=True)
class Hints:
    """`claims`: sentences. `identifiers`: what was written. `cut`: whether there are more."""

    words: int
    claims: list[str]
    identifiers: list[str]
    cut: bool


def of_tree(root: HtmlElement) -> Hints:
    """What there is to say of a text; its tree stays as it is."""
    claims: list[str] = []
    for sentence in sentences(root):
        if len(claims) > MOST:
            break
        if is_claim(sentence):
            claims.append(_shown(sentence))
    identifiers = list(dict.fromkeys(_malformed(root)))
    cut = len(claims) > MOST or len(identifiers) > MOST
    words = len(text_of_tree(root).split())
    return Hints(words, claims[:MOST], identifiers[:MOST], cut)


def is_claim(sentence: str) -> bool:
    """Whether it says a number or what somebody found, and cites nothing. `\\ufdd0` is a
    citation."""
    return not is_cited(sentence) and bool(_AMOUNT.search(sentence) or _SAID.search(sentence))


def is_cited(sentence: str) -> bool:
    """Whether one of `sentences()` has a citation."""
    return _CITED in sentence


def without_citations(sentence: str) -> str:
    return sentence.replace(_CITED, "")


def _shown(sentence: str) -> str:
    return sentence if len(sentence) <= LONGEST else f"{sentence[:LONGEST].rsplit(' ', 1)[0]} …"


def sentences(root: HtmlElement) -> Iterator[str]:
    """The sentences of the text itself, with what stands for a citation behind the sentence it
    belongs to."""
    for block in root.iter("p", "li", "td"):
        if next(block.iterdescendants("p", "li", "td"), None) is None and _is_the_text(block):
            yield from split(_text(block))


def _is_the_text(block: HtmlElement) -> bool:
    return block.get("class") != "source" and not any(
        each.tag in _NOT_THE_TEXT
        or each.get("class") in _OTHER_VOICES
        or (each.get("class") == "claim" and _names_its_source(each))
        for each in block.iterancestors()
    )


def _names_its_source(claim: HtmlElement) -> bool:
    """What a source says, told by the author, with a citation or a line of attribution."""
    return _cites(claim) or any(line.get("class") == "source" for line in claim.iter("p"))


def _text(block: HtmlElement) -> str:
    """Its words without footnotes; a citation is one character."""
    return single_spaces("".join(_walk(block)))


def _walk(block: HtmlElement) -> Iterator[str]:
    yield block.text or ""
    waiting = [block.iterchildren()]
    open_: list[HtmlElement] = []
    while waiting:
        node = next(waiting[-1], None)
        if node is None:
            waiting.pop()
            if open_:
                yield open_.pop().tail or ""
        elif is_cite(node) or node.get("class") == "fn":
            yield _CITED if is_cite(node) or _cites(node) else ""
            yield node.tail or ""
        else:
            yield node.text or ""
            open_.append(node)
            waiting.append(node.iterchildren())


def _cites(node: HtmlElement) -> bool:
    return any(is_cite(each) for each in node.iter("span"))


def split(text: str) -> list[str]:
    """Text in sentences, roughly: not at “e.g.” or initials; a citation behind the full stop stays
    with it."""
    found, start = [], 0
    for match in _END.finditer(text):
        end = match.end()
        while end < len(text) and text[end] == _CITED:
            end += 1
        if end < start or _SHORT.search(text[max(start, match.start() - 12) : match.start()]):
            continue
        found.append(text[start:end].strip())
        start = end
    found.append(text[start:].strip())
    return [each for each in found if each]


def _malformed(root: HtmlElement) -> Iterator[str]:
    """DOIs that cannot be ones, in links and in words."""
    for node in root.iter("a"):
        try:
            parts = urlsplit(node.get("href", ""))
        except ValueError:
            continue
        if (parts.hostname or "").removeprefix("dx.").removeprefix("www.") == "doi.org":
            rest = unquote(parts.path.strip("/"))
            if not _DOI.fullmatch(rest):
                yield rest or node.get("href", "")
    for match in _DOI_IN_WORDS.finditer(text_of_tree(root)):
        if not _DOI.match(match[1]):
            yield match[1].rstrip(".,;)")
