"""What of a record is compared, read once; and in what spelling."""

import re
from functools import cached_property, lru_cache
from hashlib import blake2b
from itertools import combinations

from publishing.search.words import fold, tokens

from .. import identifiers
from ..formats.records import NO_TITLE

IDENTIFIERS = ("doi", "pmid", "pmcid")
# A short title alone (“Editorial”) says nothing.
LONG_TITLE = 25
# Longer titles and lists of people are compared by their beginning.
MOST_LETTERS, MOST_NAMES, MOST_FAMILY = 600, 50, 100
# Parts of a book that carry the ISBN of the whole.
PARTS = {
    "chapter",
    "paper-conference",
    "entry",
    "entry-dictionary",
    "entry-encyclopedia",
    "speech",
    "poster",
}
# What formats give a work of which they do not say the kind.
UNKNOWN_KIND = "document"
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i"}
)


def folded(text):
    """“Lagèze, P.: «Étude»” → “lagezepetude”."""
    return "".join(tokens(fold(text).translate(_LETTERS)))


_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta",
    "κ": "kappa", "λ": "lambda", "μ": "mu", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau",
    "φ": "phi", "χ": "chi",
    "ψ": "psi", "ω": "omega",
}  # fmt: skip
_GREEK_LETTER = re.compile("|".join(_GREEK))
_SPELLINGS = [
    (re.compile(pattern), put)
    for pattern, put in (
        (r"our(?=s?\b|ed\b|ing\b|al\b)", "or"), (r"(?<=[bcdfghjklmnprstvw])ae|(?<=\b)ae", "e"),
        (r"oe", "e"),
        (r"is(?=(?:e|ed|es|ing|ation|ations)\b)", "iz"), (r"ys(?=(?:e|ed|es|ing)\b)", "yz"),
        (r"tre(?=s?\b)", "ter"),
        (r"bre(?=s?\b)", "ber"), (r"ll(?=(?:ed|ing|er)\b)", "l"), (r"ogue(?=s?\b)", "og"),
        (r"ue(?=b)", "u"),
        (r"ph(?=ur)", "f"),
    )
]  # fmt: skip


@lru_cache(maxsize=2048)
def spelt(text):
    """Words in one spelling: “Tumours of the α-fibre” → “tumors of the alpha fiber”."""
    text = _GREEK_LETTER.sub(
        lambda found: _GREEK[found[0]], fold(text[:MOST_LETTERS]).translate(_LETTERS)
    )
    text = " ".join(tokens(text))
    for pattern, put in _SPELLINGS:
        text = pattern.sub(put, text)
    return text


_SUBTITLE = re.compile(r"[:;?!]\s|\.\s(?=\w)|\s[-–—]\s")
_PARTICLES = frozenset("van der den de la le von zu di da do dos del della ter ten el al".split())
ORDINALS = {
    "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "one": 1, "two": 2, "three": 3, "four": 4,
    "five": 5, "first": 1,
    "second": 2, "third": 3, "fourth": 4, "fifth": 5, "primera": 1, "segunda": 2, "tercera": 3,
    "primero": 1, "segundo": 2,
    "premiere": 1, "deuxieme": 2, "erster": 1, "zweiter": 2,
}  # fmt: skip
_PART = re.compile(
    r"\b(?:parts?|parte|partie|teil|pt|volume|vol|section|chapter)\.?\s+(\d+|[ivx]+|one|two|three|four|five|primera|segunda)\b"
    r"|\b(first|second|third|fourth|fifth|primera|segunda|tercera|premiere|deuxieme)\s+(?:part|parte|partie)\b"
    r"|[.:,]\s*([ivx]+)\.?$"
)
_ERRATUM = re.compile(
    r"^\W*(?:errat(?:um|a)|corrigend(?:um|a)|corrections?"
    r"|retraction(?: notice| note)?|retracted(?: article)?"
    r"|expression of concern|fe de errat(?:as|es))\b(?:\s+(?:to|of|a|in|for))?\W+(?=\w)", re.I
)  # fmt: skip
_COMMENT = re.compile(
    r"^\W*(?:comments?(?:ary)?|in reply|reply|response|letter(?: to the editor)?|re"
    r"|respuesta|comentario"
    r"|author'?s? reply)"
    r"(?:(?:\s+(?:on|to|regarding|about|a|concerning)\b\W*)|\s*:\s*)(?=\w)", re.I
)  # fmt: skip
_PROTOCOL = re.compile(r"\bprotocol", re.I)
_PREPRINTS = re.compile(
    r"\b(?:med|bio|chem|psy|soc|arx)?rxiv\b|\barxiv\b|research square|^preprints?\b|\bssrn\b", re.I
)
_PREPRINT_DOI = re.compile(r"10\.(?:1101|48550|21203|20944|2139|31234|26434)/")


class Features:
    """What of a record is compared, read once."""

    def __init__(self, record):
        self.record = record
        known = [
            text for text in (record.title, record.original_title) if text and text != NO_TITLE
        ]
        self.titles = [text[:MOST_LETTERS].strip(" []") for text in known]
        self.translated = record.translated_title[:MOST_LETTERS].strip(" []")
        self.title = [*self.titles, self.translated][0]
        self.folded = {folded(text) for text in self.titles or [self.translated] if text}
        self.spelt, self.spelt_translated = (
            spelt(self.title),
            spelt(self.translated) if self.translated else "",
        )
        self.main = spelt(_SUBTITLE.split(self.title, 1)[0])
        self.words = self.spelt.split()
        people = [name for name in record.names if name.role == "author"] or [
            name for name in record.names if name.role == "editor"
        ]
        families = (_family(name.family[:MOST_FAMILY]) for name in people[:MOST_NAMES])
        self.families = [family for family in families if family]  # not those without a letter
        self.volume, self.page = (
            folded(record.volume[:MOST_FAMILY]),
            folded(first_page(record.pages[:MOST_FAMILY])),
        )
        self.journals = [
            text[:MOST_LETTERS] for text in (record.container, record.container_short) if text
        ]
        plain = fold(self.title)
        self.erratum, self.comment = _ERRATUM.search(plain), _COMMENT.search(plain)
        self.protocol = _PROTOCOL.search(plain)
        self.part = _part(plain)
        self.numbers = set(re.findall(r"\b\d+\b", plain))
        self.preprint = record.type == "article" or bool(
            _PREPRINTS.search(record.container[:MOST_LETTERS])
            or _PREPRINTS.search(record.genre[:MOST_LETTERS])
            or _PREPRINT_DOI.match(record.doi)
        )
        self.isbns = isbns(record)
        self.edition_said = _edition_said(record, plain)
        self.edition = self.edition_said or "1"
        self.meeting = record.type in ("paper-conference", "speech", "poster")
        # Where two works agree in all of these, neither is a version of the other.
        self.version = (
            bool(self.erratum), bool(self.comment), bool(self.protocol), self.part,
            self.preprint, self.meeting, self.edition,
        )  # fmt: skip
        self.handle = (
            identifiers.handle(record.url) if "h" in record.url[:6].lower() and record.url else ""
        )

    @property
    def long(self):
        return max(map(len, self.folded), default=0) >= LONG_TITLE

    @cached_property
    def keys(self):
        """`keys_of()` these."""
        return keys_of(self)


def first_page(pages):
    return re.split(r"[-–,;\s]", pages.strip(), maxsplit=1)[0]


@lru_cache(maxsize=8192)
def _family(family):
    """“Müller-López” → (“muller”, “lopez”), “van der Berg” → (“berg”,); umlauts written out are the
    letter alone."""
    words = [
        word for word in tokens(fold(family).translate(_LETTERS)) if word not in _PARTICLES
    ] or tokens(fold(family))
    return tuple(re.sub(r"([aou])e(?!$)", r"\1", word) for word in words)


def _part(plain):
    found = _PART.search(plain)
    word = next(filter(None, found.groups()), "") if found else ""
    return str(ORDINALS.get(word, word))


def keys(record):
    """Numbers of which two records share one if they may be one work: a handful each, fit for an
    index."""
    return keys_of(Features(record))


def keys_of(mine):
    found = set()
    if mine.volume and mine.page:
        found.add(f"p {mine.volume} {mine.page}")
    for text in [*mine.titles, mine.translated]:
        main = spelt(_SUBTITLE.split(text, 1)[0]).replace(" ", "")
        if len(main) >= LONG_TITLE - 5:
            found.add(f"t {main}")
        elif main and mine.families:
            found.update(
                f"s {main} {mine.families[0][0]} {year}" for year in _years(mine.record.year)
            )
    firsts = sorted({family[0] for family in mine.families[:3]})
    for year in _years(mine.record.year):
        found.update(f"a {one} {other} {year}" for one, other in combinations(firsts, 2))
        if len(mine.families) == 1 and mine.record.year is not None:
            found.add(f"a {firsts[0]} {year}")
    if mine.handle:
        found.add(f"h {mine.handle}")
    return {_number(key) for key in found}


def _years(year):
    """Two neighbouring years share one of the two."""
    return ("",) if year is None else (year, year + 1)


def _number(key):
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big", signed=True)


def isbns(record):
    """The ISBN of a whole book in both its forms, the one of 13 digits first."""
    return identifiers.isbn_forms(record.isbn) if record.isbn and record.type not in PARTS else []


_EDITION = re.compile(
    r"\b(\d+)(?:st|nd|rd|th|[ªºaoe.]*)\s*(?:ed\b|edn\b|edition|edicion|edicio\b|auflage|aufl\b)"
)


def _edition_said(record, plain_title):
    """Its number if there is one: “2nd”, “segunda” → “2”; empty where none is said."""
    text = fold(record.edition[:MOST_FAMILY])
    found = re.search(r"\d+", text) or (not text and _EDITION.search(plain_title))
    if found:
        return re.search(r"\d+", found[0])[0]
    return next((str(ORDINALS[word]) for word in tokens(text) if word in ORDINALS), text)
