"""How much alike titles, people and journals of two works are."""

import re

from publishing.search.words import distance, tokens

from ..formats.records import NO_TITLE
from .features import LONG_TITLE
from .spoken import spoken

ALIKE = 0.5
MUCH_ALIKE = 0.8


def titles_agree(mine, theirs):
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


def in_two_languages(mine, theirs):
    one, other = mine.record, theirs.record
    spoken = one.language and other.language and one.language[:2] != other.language[:2]
    return bool(
        spoken
        and mine.volume
        and mine.volume == theirs.volume
        and len(mine.families) > 1 < len(theirs.families)
    )


def titles_in_two_languages(mine, theirs):
    """Whether the titles are in two languages, by their small words or else by what the records
    say."""
    one, other = spoken(mine.title), spoken(theirs.title)
    if not (one and other):
        one, other = (each.record.language[:2] for each in (mine, theirs))
    return bool(one and other) and one != other


def people_agree(mine, theirs):
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


def journals_agree(mine, theirs):
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


def _title(record):
    """“[No title]” stands for none."""
    return ("" if record.title == NO_TITLE else record.title) or record.original_title


def titled_alike(ours, theirs):
    """Whether half of the words of the titles are the same, or one of them is not known."""
    one, other = (
        set(tokens(_title(record) or record.translated_title)) for record in (ours, theirs)
    )
    return not one or not other or len(one & other) >= ALIKE * len(one | other)
