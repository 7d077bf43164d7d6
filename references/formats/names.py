"""Names as files write them: “van der Berg, Maria”, “Smith, John, Jr.”, “Ludwig van Beethoven”, “Copeman WSC”."""

import re

from bibtexparser.middlewares.names import parse_single_name_into_parts

from .records import Name

_SUFFIX = re.compile(r"(?:jr|sr|jun|sen)\.?|i{2,3}|iv|2nd|3rd|4th|5th", re.I)
OTHERS = re.compile(r"\W*(?:and\s+)?(?:others|et\s+al)\W*", re.I)
_ORGANISATION = re.compile(
    r"\b(?:academy|agency|association|board|bureau|cent(?:er|re)|clinic|college|collaborat\w*|commission|committee|"
    r"company|consortium|corporation|council|department|foundation|federation|group|hospital|inc|institut\w*|"
    r"investigators|laborator\w*|league|ltd|ministry|network|office|organi[sz]ation|panel|project|registry|school|"
    r"service|society|study|task|team|trial\w*|union|universit\w*|asociación|associació|departamento|fundación|"
    r"fundació|grupo|grup|hôpital|ministerio|organización|organització|sociedad|societat|société|gesellschaft|"
    r"universidad|universitat|université|università|of|for|the|on)\b",
    re.I,
)


def is_suffix(text):
    return bool(_SUFFIX.fullmatch(text))


def person(text, role="author"):
    """One name in the form “Family, Given, Suffix”, or what stands in its place; None if there is no name.

    A comma at the very end marks an organisation, as EndNote has it.
    """
    text = " ".join(text.split())
    if not text.strip(" ,;.") or OTHERS.fullmatch(text):
        return None
    if text.endswith(","):
        return Name(text.removesuffix(",").rstrip(), literal=True, role=role)
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 1:
        return _without_comma(text, role)
    if len(parts) > 3 or not parts[0]:
        return Name(text.strip(", "), literal=True, role=role)
    family, given, suffix = (*parts, "")[:3]
    if is_suffix(given) and (not suffix or not is_suffix(suffix)):
        given, suffix = suffix, given
    return Name(family, given, suffix, role=role)


def _without_comma(text, role):
    if " " not in text:
        return Name(text, role=role)
    if len(text.split()) > 5 or _ORGANISATION.search(text):
        return Name(text, literal=True, role=role)
    return natural(text, role)


def natural(text, role="author"):
    """“Ludwig van Beethoven” → van Beethoven, Ludwig."""
    first, *rest = text.split()
    ending = ""
    if len(rest) > 1 and is_suffix(rest[-1]):
        ending = rest.pop()
    if first[:1].islower():
        return Name(" ".join([first, *rest]), suffix=ending, role=role)
    parts = parse_single_name_into_parts(" ".join([first, *rest]).replace("{", "").replace("}", ""), strict=False)
    return Name(" ".join(parts.von + parts.last), " ".join(parts.first), ending, role=role)


def with_initials(text, role="author"):
    """“Gómez Carpio MT Jr”, as MEDLINE shortens a name → Gómez Carpio, M. T., Jr."""
    words = text.split()
    if not words or OTHERS.fullmatch(text):
        return None
    suffix = words.pop() if len(words) > 2 and is_suffix(words[-1]) else ""
    initials = words.pop() if len(words) > 1 and re.fullmatch(r"[^\W\d_a-zß-ÿ]{1,5}", words[-1]) else ""
    return Name(" ".join(words), " ".join(f"{letter}." for letter in initials), suffix, role=role)


def initials(given):
    """“William S. C.” → “WSC”; “Jean-Paul” → “JP”."""
    return "".join(word[0].upper() for word in re.split(r"[\s.‐-]+", given) if word and word[0].isalpha())


def comma_form(name):
    """“Family, Given, Suffix”; an organisation ends in a comma."""
    if name.literal:
        return name.family + ","
    if name.suffix:
        return f"{name.family}, {name.given}, {name.suffix}"
    return f"{name.family}, {name.given}" if name.given else name.family
