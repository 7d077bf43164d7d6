"""What the author should look at before a comment is public. A flag says why; nothing happens by
itself.

The words are in `words/<kind>.<language>.txt` until the author has changed a list in the admin. All
languages are looked for in every comment: people mix them.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from publishing.languages import PAGE_LANGUAGES
from publishing.models import SiteSettings
from publishing.search.words import fold_in_place, tokens

from ..models import Comment, Status, WordList

FOLDER = Path(__file__).parent / "words"
CRISIS, EMAIL, PHONE, CLINICIAN, PHOTO = "crisis", "email", "phone", "clinician", "photo"
WHY = {
    CRISIS: _("This may be about self-harm or an emergency. Read it first."),
    EMAIL: _("An e-mail address: strangers and spam programs would find it here."),
    PHONE: _("What looks like a telephone number."),
    CLINICIAN: _(
        "A clinician by name: what is said of one in public may harm somebody, and you answer"
        " for it."
    ),
    PHOTO: _("An offer of pictures: say where to send them, or that you cannot judge from them."),
}
# What stands in its place, in the language of the comment.
REMOVED = {
    EMAIL: {
        "en": "[e-mail removed]",
        "es": "[correo electrónico eliminado]",
        "ca": "[correu electrònic eliminat]",
    },
    PHONE: {"en": "[telephone removed]", "es": "[teléfono eliminado]", "ca": "[telèfon eliminat]"},
    CLINICIAN: {"en": "[name removed]", "es": "[nombre eliminado]", "ca": "[nom eliminat]"},
}

_URL = re.compile(r"https?://\S+")
_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}(?:@|\s*[\[(](?:at|arroba)[\])]\s*|\s+arroba\s+)[\w-]+(?:(?:\.|\s+(?:dot|punto|punt)\s+)[\w-]+)+"
)
_PHONE = re.compile(r"(?<![\w/.@-])(?:\+|\(\+)?\d(?:[ \u00a0().-]{0,3}\d){7,14}(?![\w@]|[-/]\w)")
_YEARS = re.compile(r"\d{4}\s*-\s*\d{4}")
_ACCENTED = {
    "a": "[aàáâä]",
    "e": "[eèéêë]",
    "i": "[iìíîï]",
    "o": "[oòóôö]",
    "u": "[uùúûü]",
    "n": "[nñ]",
}
_NAME = r"(?:[^\W\d_a-zß-öø-ÿ]\.\s*)*[^\W\d_a-zß-öø-ÿ][\w'’-]+"
_SOME_WORDS = r"(?:[^\w.!?;\n]{1,3}\w+(?:['’-]\w+)*){0,4}?[^\w.!?;\n]{1,3}"
_PARTICLES = r"(?:(?:de|del|la|las|los|van|von|di|da|i|y)\s+|d['’]\s*)*"


@dataclass(frozen=True)
class Flag:
    kind: str
    start: int
    end: int
    words: str

    @property
    def why(self):
        return WHY[self.kind]

    @property
    def removable(self):
        return self.kind in REMOVED

    @property
    def place(self):
        """How a form names it; checked against the text before anything is done."""
        return f"{self.kind}:{self.start}:{self.end}"


def find(text):
    """The flags of a text in its order, none overlapping another."""
    folded = fold_in_place(text)
    lists = words()
    # Kinds that weigh more come first and win where two meet.
    found = [
        *_matches(CRISIS, _phrases(lists[CRISIS]), folded, text),
        *_matches(EMAIL, _EMAIL, text),
    ]
    linked = bytearray(len(text))
    for match in _URL.finditer(text):
        _cover(linked, *match.span())
    found += [
        flag
        for flag in _matches(PHONE, _PHONE, text)
        if not linked[flag.start] and _is_phone(flag.words)
    ]
    found += _other_clinicians(
        _matches(CLINICIAN, _titled(lists[CLINICIAN]), text), lists[CLINICIAN]
    )
    found += _matches(PHOTO, _phrases(lists[PHOTO]), folded, text)
    kept, flagged = [], bytearray(len(text))
    for flag in found:
        if not any(flagged[flag.start : flag.end]):
            _cover(flagged, flag.start, flag.end)
            kept.append(flag)
    return sorted(kept, key=lambda flag: flag.start)


def _cover(places, start, end):
    """Note that these places of a text are taken."""
    places[start:end] = b"\1" * (end - start)


def urgent(comments):
    """Those that may be about self-harm or an emergency."""
    pattern = _phrases(words()[CRISIS])
    return [
        comment for comment in comments if _matches(CRISIS, pattern, fold_in_place(comment.text))
    ]


def is_urgent(comment):
    return not comment.by_author and bool(urgent([comment]))


def mark_again():
    """Mark what nobody has decided about by the lists as they are now; the number of those that
    changed."""
    changed = 0
    undecided = Comment.objects.filter(status__in=(Status.PENDING, Status.SPAM), by_author=False)
    for comment in undecided.only("text", "urgent", "by_author").iterator(chunk_size=200):
        if comment.urgent != is_urgent(comment):
            changed += Comment.objects.filter(pk=comment.pk).update(urgent=not comment.urgent)
    return changed


def by_kind(found):
    """`[(kind, why, flags)]`, what is most urgent first."""
    groups = [(kind, WHY[kind], [flag for flag in found if flag.kind == kind]) for kind in WHY]
    return [group for group in groups if group[2]]


def marked(text, found):
    """The text with its flags marked, as safe HTML for the desk; line ends as they are."""
    pieces, end = [], 0
    for flag in found:
        pieces.append(
            (
                text[end : flag.start],
                format_html('<mark class="{}">{}</mark>', flag.kind, flag.words),
            )
        )
        end = flag.end
    return format_html("{}{}", format_html_join("", "{}{}", pieces), text[end:])


def redact(text, found, language):
    """The text with a visible word for each of these flags. A flag that does not fit the text any
    more changes nothing."""
    for flag in sorted(found, key=lambda flag: -flag.start):
        if flag.removable and text[flag.start : flag.end] == flag.words:
            word = REMOVED[flag.kind].get(language, REMOVED[flag.kind]["en"])
            text = text[: flag.start] + word + text[flag.end :]
    return text


def words():
    """`{kind: words of all languages}`: the author's own list where she has one, else the file."""
    own = {(row.kind, row.language): row.words for row in WordList.objects.all()}
    found = {}
    for kind in WordList.Kind.values:
        lists = [
            own[kind, code] if (kind, code) in own else first_words(kind, code)
            for code, _name in PAGE_LANGUAGES
        ]
        found[kind] = tuple(dict.fromkeys(word for each in lists for word in lines(each)))
    return found


def first_words(kind, language):
    """The list as the site brings it."""
    path = FOLDER / f"{kind}.{language}.txt"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def lists_as_brought():
    """A list, not saved, for every kind and language the author has not made her own."""
    own = set(WordList.objects.values_list("kind", "language"))
    return [
        WordList(kind=kind, language=code, words=first_words(kind, code))
        for kind in WordList.Kind.values
        for code, _name in PAGE_LANGUAGES
        if (kind, code) not in own
    ]


def lines(text):
    return [
        line.strip()
        for line in text.splitlines()
        if line.strip(" *") and not line.lstrip().startswith("#")
    ]


@lru_cache(maxsize=8)
def _phrases(phrases):
    """Any of the phrases as whole words, folded; None if there is none. What begins with - is
    harmless and comes first, so that nothing in it is found.
    """
    patterns = [_phrase(phrase) for phrase in phrases if not phrase.startswith("-")]
    harmless = [_phrase(phrase.lstrip("- ")) for phrase in phrases if phrase.startswith("-")]
    if harmless:
        patterns.insert(0, f"(?P<harmless>{'|'.join(harmless)})")
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)") if patterns else None


def _phrase(phrase):
    """One phrase as a pattern: `*` for any ending, `…` for up to four words of the same sentence,
    apostrophes at will."""
    pattern, gap = "", ""
    for part in phrase.replace("’", "'").split():
        if part in ("…", "..."):
            gap = _SOME_WORDS
            continue
        word = re.escape(fold_in_place(part)).replace("\\*", r"\w*").replace("'", "['’]?")
        pattern += (gap or r"\s+") * bool(pattern) + word
        gap = ""
    return pattern


@lru_cache(maxsize=8)
def _titled(titles):
    """A title, then a name. Only a short title may have a point: “a doctor. Then” names nobody."""
    short = [_loose(title.rstrip(".")) for title in titles if len(title.rstrip(".")) <= 4]
    full = [_loose(title) for title in titles if len(title.rstrip(".")) > 4]
    found = [rf"(?:{'|'.join(short)})\.?" if short else "", "|".join(full)]
    found = "|".join(filter(None, found))
    name = rf"{_PARTICLES}{_NAME}(?:\s+{_PARTICLES}{_NAME}){{0,3}}"
    return re.compile(rf"(?<!\w)(?i:{found})\s+{name}") if found else None


def _loose(title):
    """A title as it is typed, with or without its accents."""
    return "".join(_ACCENTED.get(char, re.escape(char)) for char in title)


def _other_clinicians(found, titles):
    """All but the author herself, whom readers address."""
    hers = set(tokens(SiteSettings.load().author_name)) if found else set()
    titles = {word for title in titles for word in tokens(title)}
    return [flag for flag in found if not set(tokens(flag.words)) - titles <= hers]


def _matches(kind, pattern, text, original=None):
    if pattern is None:
        return []
    source = original if original is not None else text
    found = (match for match in pattern.finditer(text) if match.lastgroup != "harmless")
    return [Flag(kind, *match.span(), source[slice(*match.span())]) for match in found]


def _is_phone(words):
    digits = sum(char.isdigit() for char in words)
    enough = digits >= (8 if words.lstrip("(").startswith(("+", "00")) else 9)
    return enough and not _YEARS.fullmatch(words)
