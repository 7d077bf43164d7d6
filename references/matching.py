"""When two records are one work, perhaps one or two, and why; and in what they differ. No ORM here.

`judge()` decides and says its reason; `keys()` are what two works must share one of to be compared
at all, so that a library finds its candidates by an index. Identifiers say it for certain, as do
journal, volume and first page together. What is only much alike is *perhaps* the same: the author
is asked. Versions (a preprint, a part, an edition) are never the same. Rules and figures:
docs/adr/0020-the-same-work.md.
"""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b
from itertools import combinations

from django.utils.translation import gettext_lazy as _

from publishing.search.words import distance, fold, tokens

from . import identifiers
from .formats.records import FIELDS, NO_TITLE

IDENTIFIERS = ("doi", "pmid", "pmcid")
SAME, PERHAPS, DIFFERENT = "same", "perhaps", "different"
# A short title alone (“Editorial”) says nothing.
LONG_TITLE = 25
ALIKE = 0.5
MUCH_ALIKE = 0.8
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
# The citekey is a record's name in its own file; it is never brought over another.
ROWS_OF_THEIR_OWN = ("names", "tags", "keywords", "notices")
COMPARED = [*(name for name in FIELDS if name not in ("citekey", "issn_kinds")), *ROWS_OF_THEIR_OWN]

REASONS = {
    "doi": _("the same DOI"),
    "pmid": _("the same PMID"),
    "pmcid": _("the same PMCID"),
    "isbn": _("the same ISBN"),
    "isbn_set": _("the same ISBN, but only one says which volume it is"),
    "isbn_only": _("the same ISBN, but another title"),
    "handle": _("the same handle"),
    "page": _("the same journal, volume and first page"),
    "title": _("the same title, first author and year"),
    "citekey": _("the same citekey and much the same title"),
    "asked": _("you asked for it from this work"),
    "identifiers": _("identifiers that contradict each other"),
    "place": _("another volume or other pages"),
    "edition": _("another edition"),
    "part": _("another part"),
    "numbers": _("other numbers in the title"),
    "preprint": _("a preprint and the work it became"),
    "conference": _("a paper of a meeting and an article"),
    "erratum": _("an erratum or retraction and its work"),
    "comment": _("a comment and what it is about"),
    "protocol": _("a protocol and its results"),
    "short_title": _("the same short title, author and year; that alone proves little"),
    "page_only": _("the same journal, volume and first page, but another title and other people"),
    "place_differs": _("the same title and people, but another volume or page"),
    "journal_differs": _("the same title, author and year, but another journal"),
    "translated": _("one title is a translation of the other"),
    "language": _("the same people, journal and volume, titles in two languages"),
    "subtitle": _("the same title without its subtitle"),
    "spelling": _("the same title in another spelling"),
    "typo": _("nearly the same title"),
    "year": _("the same title, but another year or none"),
    "family": _("the same title, the author’s name in another form"),
    "order": _("the same title, the people in another order"),
    "nobody": _("the same title, one names no people"),
    "unlike": _("little in common"),
}


@dataclass(frozen=True)
class Judgement:
    """What two records are to each other; `relation` is what links them, where that is clear and
    they are two works."""

    verdict: str
    code: str
    relation: str = ""

    @property
    def reason(self):
        return REASONS[self.code]


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
_ORDINALS = {
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
        self.isbns, self.edition = isbns(record), _edition(record)
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
    return str(_ORDINALS.get(word, word))


# Which works are compared


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


# What two works are to each other


def judge(one, other):
    """The `Judgement` of two records whose identifiers are in their one form."""
    return weigh(Features(one), Features(other))


def weigh(mine, theirs):
    sure = _by_identifiers(mine, theirs)
    if sure:
        return sure
    titles = _titles(mine, theirs)
    return (
        _versions(mine, theirs, titles)
        or _by_place(mine, theirs, titles)
        or _by_words(mine, theirs, titles)
    )


def _by_identifiers(mine, theirs):
    one, other = mine.record, theirs.record
    for name in IDENTIFIERS:
        if getattr(one, name) and getattr(one, name) == getattr(other, name):
            return Judgement(SAME, name)
    if mine.handle and mine.handle == theirs.handle:
        return Judgement(SAME, "handle")
    books = mine.isbns, theirs.isbns
    if all(books) and books[0][0] == books[1][0]:
        return _by_isbn(mine, theirs)
    contradict = any(getattr(one, name) and getattr(other, name) for name in IDENTIFIERS)
    if contradict or all(books):
        if mine.version == theirs.version:
            return Judgement(DIFFERENT, "identifiers")
        speaks = mine.erratum or theirs.erratum or mine.comment or theirs.comment
        alike = speaks or mine.words[:1] == theirs.words[:1] or mine.translated or theirs.translated
        versions = _versions(mine, theirs, _titles(mine, theirs)) if alike else None
        return versions or Judgement(DIFFERENT, "identifiers")
    return None


def _by_isbn(mine, theirs):
    """Books of one ISBN: the volumes of a set often carry that of the whole."""
    volumes = {_volume(mine), _volume(theirs)}
    if len(volumes) == 2:
        return Judgement(PERHAPS, "isbn_set") if "" in volumes else Judgement(DIFFERENT, "part")
    if volumes == {""} and not _titles(mine, theirs) and mine.title and theirs.title:
        return Judgement(PERHAPS, "isbn_only")
    return Judgement(SAME, "isbn")


def _volume(book):
    """Which volume of a set it is, from its field or its title: “Vol. II” → “2”."""
    word = re.sub(r"^(?:volume|vol|band|bd|tomo|tome|part|parte)\.?", "", book.volume)
    word = word or book.part
    return str(_ORDINALS.get(word, word))


def _titles(mine, theirs):
    """How the titles agree: a code of `REASONS`, “title” for the same, “” for not at all."""
    if not mine.title or not theirs.title:
        return ""
    if mine.folded & theirs.folded:
        return "title"
    if mine.spelt.replace(" ", "") == theirs.spelt.replace(" ", ""):
        return "spelling"
    if _translation(mine, theirs) or _translation(theirs, mine):
        return "translated"
    if _nearly(mine.words, theirs.words):
        return "typo"
    if _shortened(mine, theirs) or _shortened(theirs, mine):
        return "subtitle"
    one, other = set(mine.words), set(theirs.words)
    if min(len(one), len(other)) >= 6 and len(one & other) >= MUCH_ALIKE * len(one | other):
        return "typo"
    return ""


def _translation(mine, theirs):
    return bool(mine.spelt_translated) and mine.spelt_translated in (
        theirs.spelt,
        theirs.spelt_translated,
    )


def _shortened(mine, theirs):
    """Whether one is the other without its subtitle, a slip aside."""
    if len(mine.words) >= len(theirs.words):
        return False
    main = theirs.main.split()
    if len(main) < len(theirs.words) and _nearly(mine.words, main, equal=True):
        return True
    return (
        len(mine.words) >= 4
        and len(mine.spelt) >= LONG_TITLE - 5
        and theirs.words[: len(mine.words)] == mine.words
    )


def _nearly(one, other, *, equal=False):
    """Whether two lists of words differ by a letter or two in one place."""
    if one == other:
        return equal
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    one, other = one[start:], other[start:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    left, right = "".join(one), "".join(other)
    if (
        max(len(one), len(other)) > 3
        or max(len(left), len(right)) > 80
        or left.isdigit()
        or right.isdigit()
    ):
        return False
    return abs(len(left) - len(right)) <= 2 and distance(left, right) <= (
        2 if max(len(left), len(right)) >= 8 else 1
    )


def _versions(mine, theirs, titles):
    """What is another version or a work about the other one, however alike they read."""
    one, other = mine.record, theirs.record
    if bool(mine.erratum) != bool(theirs.erratum):
        return _about("erratum", mine, theirs, mine.erratum or theirs.erratum)
    if bool(mine.comment) != bool(theirs.comment) and (mine.long or theirs.long):
        return _about("comment", mine, theirs, mine.comment or theirs.comment)
    if mine.part and theirs.part and mine.part != theirs.part:
        return Judgement(DIFFERENT, "part")
    if not titles:
        return None
    if bool(mine.protocol) != bool(theirs.protocol):
        return Judgement(DIFFERENT, "protocol")
    if mine.part != theirs.part and titles != "subtitle":
        return Judgement(DIFFERENT, "part")
    if mine.preprint != theirs.preprint and UNKNOWN_KIND not in (one.type, other.type):
        return Judgement(DIFFERENT, "preprint", "preprint" if _people(mine, theirs) else "")
    if mine.meeting != theirs.meeting and {one.type, other.type} & {"article-journal"}:
        return Judgement(DIFFERENT, "conference", "conference" if _people(mine, theirs) else "")
    if mine.edition != theirs.edition and one.year != other.year:
        return Judgement(DIFFERENT, "edition", "edition" if _people(mine, theirs) else "")
    if mine.numbers - theirs.numbers and theirs.numbers - mine.numbers:
        return Judgement(DIFFERENT, "numbers")
    return None


def _about(code, mine, theirs, prefix):
    """A notice and, if the rest of its title is the title of the other, what it is about."""
    notice, work = (mine, theirs) if prefix in (mine.erratum, mine.comment) else (theirs, mine)
    rest = folded(fold(notice.title)[prefix.end() :])
    about = rest in work.folded or (
        len(rest) >= LONG_TITLE and any(text.startswith(rest) for text in work.folded)
    )
    return Judgement(DIFFERENT, code, code if about and len(rest) >= LONG_TITLE else "")


def _edition(record):
    if not record.edition:
        return "1"
    text = fold(record.edition[:MOST_FAMILY])
    found = re.search(r"\d+", text)
    word = (
        found[0]
        if found
        else next((str(_ORDINALS[word]) for word in tokens(text) if word in _ORDINALS), text)
    )
    return word or "1"


def _by_place(mine, theirs, titles):
    """What journal, volume and first page say."""
    if (
        not (mine.volume and theirs.volume and mine.page and theirs.page)
        or _journals(mine, theirs) is False
    ):
        return None
    volume, page = mine.volume == theirs.volume, mine.page == theirs.page
    people = _people(mine, theirs)
    if volume and page and _journals(mine, theirs):
        known = people in ("first", "order", "some", "family")
        if titles or known or not (mine.title and theirs.title):
            return Judgement(SAME, "page") if _near(mine, theirs) else Judgement(PERHAPS, "year")
        return Judgement(PERHAPS, "page_only")
    if (
        volume != page
        and titles
        and mine.long
        and theirs.long
        and people in ("first", "some")
        and _near(mine, theirs)
    ):
        return Judgement(PERHAPS, "place_differs")
    return None if volume and page else Judgement(DIFFERENT, "place")


def _near(mine, theirs, years=1):
    one, other = mine.record.year, theirs.record.year
    return one is None or other is None or abs(one - other) <= years


def _by_words(mine, theirs, titles):
    people, journals = _people(mine, theirs), _journals(mine, theirs)
    if not _near(mine, theirs):
        return Judgement(DIFFERENT, "unlike")
    if not titles:
        if _in_two_languages(mine, theirs) and people in ("first", "some", "order") and journals:
            return Judgement(PERHAPS, "language")
        return Judgement(DIFFERENT, "unlike")
    if not people:
        return Judgement(DIFFERENT, "unlike")
    if people == "nobody" and not (mine.long and theirs.long):
        return Judgement(DIFFERENT, "unlike")
    if not (mine.long and theirs.long) and titles == "title" and not _same_place(mine, theirs):
        return Judgement(PERHAPS, "short_title")
    year = mine.record.year == theirs.record.year and mine.record.year is not None
    if titles == "title" and people == "first" and year:
        return (
            Judgement(PERHAPS, "journal_differs") if journals is False else Judgement(SAME, "title")
        )
    if titles != "title":
        return Judgement(PERHAPS, titles)
    return Judgement(PERHAPS, "year" if not year else {"some": "order"}.get(people, people))


def _same_place(mine, theirs):
    """Whether they say the very same of where and when, if only nothing."""
    places = [
        (
            each.record.year,
            each.volume,
            each.page,
            len(each.families),
            {folded(text) for text in each.journals},
        )
        for each in (mine, theirs)
    ]
    return places[0] == places[1] and (mine.record.year is not None or bool(mine.volume))


def _in_two_languages(mine, theirs):
    one, other = mine.record, theirs.record
    spoken = one.language and other.language and one.language[:2] != other.language[:2]
    return bool(
        spoken
        and mine.volume
        and mine.volume == theirs.volume
        and len(mine.families) > 1 < len(theirs.families)
    )


def _people(mine, theirs):
    """How the people agree: “first”, “order”, “some”, “family” (a name in another form), “nobody”,
    or “” for not at all."""
    if not mine.families or not theirs.families:
        return "nobody"
    one, other = mine.families, theirs.families
    if one[0] == other[0]:
        return "first"
    shared = set(one) & set(other)
    if shared:
        return "order" if set(one) == set(other) else "some"
    if _one_family(one[0], other[0]):
        return "family"
    return ""


def _one_family(one, other):
    """García and García López, or a letter amiss."""
    if one[0] == other[0] or one[-1] == other[-1]:
        return True
    left, right = "".join(one), "".join(other)
    return (
        min(len(left), len(right)) >= 4
        and abs(len(left) - len(right)) <= 1
        and distance(left[:40], right[:40]) <= 1
    )


def _journals(mine, theirs):
    """Whether they appeared in one journal; None where one does not say."""
    if not mine.journals or not theirs.journals:
        return None
    return any(_one_journal(one, other) for one in mine.journals for other in theirs.journals)


def _one_journal(one, other):
    """“Ann Rheum Dis” and “Annals of the Rheumatic Diseases”: each word short for the next one that
    counts."""
    one, other = (_journal_words(text) for text in (one, other))
    if one == other:
        return bool(one)
    short, full = sorted((one, other), key=lambda words: sum(map(len, words)))
    if len(short) == 1 and len(full) > 1 and short[0] == "".join(word[0] for word in full):
        return True
    return len(short) == len(full) and all(
        word.startswith(part) for part, word in zip(short, full, strict=True)
    )


_SMALL = frozenset(
    "the of and for in on a an de la el los las y e et des du le les der die das und fur i del d l"
    " series".split()
)


def _journal_words(text):
    plain = re.sub(r"\([^)]*\)", " ", text[:300])
    words = [word for word in tokens(plain) if word not in _SMALL]
    return words[:12]


def contradict(ours, theirs):
    """Whether something that identifies a work is given for both and is not the same."""
    for name in IDENTIFIERS:
        if (
            getattr(ours, name)
            and getattr(theirs, name)
            and getattr(ours, name) != getattr(theirs, name)
        ):
            return True
    one, other = isbns(ours), isbns(theirs)
    if one and other and one[0] != other[0]:
        return True
    return _differ(ours.volume, theirs.volume) and _differ(
        first_page(ours.pages), first_page(theirs.pages)
    )


def _title(record):
    """“[No title]” stands for none."""
    return ("" if record.title == NO_TITLE else record.title) or record.original_title


def titled_alike(ours, theirs):
    """Whether half of the words of the titles are the same, or one of them is not known."""
    one, other = (
        set(tokens(_title(record) or record.translated_title)) for record in (ours, theirs)
    )
    return not one or not other or len(one & other) >= ALIKE * len(one | other)


def _differ(one, other):
    return bool(one and other) and folded(one) != folded(other)


@dataclass(frozen=True)
class Difference:
    """One field in which a record says something else than the library, or something the library
    leaves open."""

    field: str
    ours: object
    theirs: object

    @property
    def fills(self):
        return self.ours in ("", None, False, [], NO_TITLE)


def _is_said(notice, known):
    """Whether it is known already, or that there is one of its kind where it says no more."""
    named = notice.doi or notice.pmid
    return any(
        each.key == notice.key
        or (not named and (each.kind, each.of_other) == (notice.kind, notice.of_other))
        for each in known
    )


def differences(ours, theirs):
    """What `theirs` says and `ours` does not, in the order of the fields. What theirs leaves open
    is no difference."""
    found = []
    for name in COMPARED:
        one, other = getattr(ours, name), getattr(theirs, name)
        if (name == "type" and other == UNKNOWN_KIND) or (name == "title" and other == NO_TITLE):
            continue
        if name == "private_note" and one:
            continue  # hers by now
        if name == "tags":
            known = {fold(tag) for tag in one}
            if all(fold(tag) in known for tag in other):
                continue
        if name == "keywords" and {fold(word.term) for word in other} <= {
            fold(word.term) for word in one
        }:
            continue
        if name == "notices" and all(_is_said(notice, one) for notice in other):
            continue
        if other not in ("", None, False, []) and one != other:
            found.append(Difference(name, one, other))
    return found
