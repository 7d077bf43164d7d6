"""What two works are to each other, and why."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from publishing.search.words import fold

from .features import IDENTIFIERS, LONG_TITLE, ORDINALS, UNKNOWN_KIND, Features, folded
from .likeness import (
    in_two_languages,
    journals_agree,
    people_agree,
    titles_agree,
    titles_in_two_languages,
)

# What a notice is of its work, where it is no erratum.
NOTICES = {"retract": "retraction", "concern": "concern"}
SAME, PERHAPS, DIFFERENT = "same", "perhaps", "different"
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
    "edition_unsaid": _("much the same book, but only one says which edition it is"),
    "part": _("another part"),
    "numbers": _("other numbers in the title"),
    "preprint": _("a preprint and the work it became"),
    "conference": _("a paper of a meeting and an article"),
    "erratum": _("an erratum or retraction and its work"),
    "comment": _("a comment and what it is about"),
    "protocol": _("a protocol and its results"),
    "short_title": _("the same short title, author and year; that alone proves little"),
    "page_only": _("the same journal, volume and first page, but title or people differ"),
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


def judge(one, other):
    """The `Judgement` of two records whose identifiers are in their one form."""
    return weigh(Features(one), Features(other))


def weigh(mine, theirs):
    sure = _by_identifiers(mine, theirs)
    if sure:
        return sure
    titles = titles_agree(mine, theirs)
    return (
        _versions(mine, theirs, titles)
        or _by_place(mine, theirs, titles)
        or _by_words(mine, theirs, titles)
    )


def is_said_of(relation, mine, theirs):
    """Whether `mine` is the preprint, the erratum or the earlier edition, not the other one."""
    if relation == "preprint":
        return mine.preprint
    if relation == "conference":
        return mine.meeting
    if relation == "edition":
        return _age(mine) <= _age(theirs)
    return bool(mine.comment if relation == "comment" else mine.erratum)


def _age(book):
    number = int(book.edition) if book.edition.isdecimal() and len(book.edition) < 5 else 0
    return book.record.year or 0, number


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
        versions = _versions(mine, theirs, titles_agree(mine, theirs)) if alike else None
        return versions or Judgement(DIFFERENT, "identifiers")
    return None


def _by_isbn(mine, theirs):
    """Books of one ISBN: the volumes of a set often carry that of the whole."""
    volumes = {_volume(mine), _volume(theirs)}
    if len(volumes) == 2:
        return Judgement(PERHAPS, "isbn_set") if "" in volumes else Judgement(DIFFERENT, "part")
    if volumes == {""} and not titles_agree(mine, theirs) and mine.title and theirs.title:
        return Judgement(PERHAPS, "isbn_only")
    return Judgement(SAME, "isbn")


def _volume(book):
    """Which volume of a set it is, from its field or its title: “Vol. II” → “2”."""
    word = re.sub(r"^(?:volume|vol|band|bd|tomo|tome|part|parte)\.?", "", book.volume)
    word = word or book.part
    return str(ORDINALS.get(word, word))


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
        return Judgement(DIFFERENT, "preprint", "preprint" if people_agree(mine, theirs) else "")
    if mine.meeting != theirs.meeting and {one.type, other.type} & {"article-journal"}:
        return Judgement(
            DIFFERENT, "conference", "conference" if people_agree(mine, theirs) else ""
        )
    if mine.edition != theirs.edition and (
        one.year != other.year or (mine.edition_said and theirs.edition_said)
    ):
        return Judgement(DIFFERENT, "edition", "edition" if people_agree(mine, theirs) else "")
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
    relation = next((kind for word, kind in NOTICES.items() if word in prefix[0]), code)
    return Judgement(DIFFERENT, code, relation if about and len(rest) >= LONG_TITLE else "")


def _by_place(mine, theirs, titles):
    """What journal, volume and first page say."""
    if (
        not (mine.volume and theirs.volume and mine.page and theirs.page)
        or journals_agree(mine, theirs) is False
    ):
        return None
    volume, page = mine.volume == theirs.volume, mine.page == theirs.page
    people = people_agree(mine, theirs)
    if volume and page and journals_agree(mine, theirs):
        if not _one_piece(mine, theirs, titles, people):
            return Judgement(PERHAPS, "page_only")
        return Judgement(SAME, "page") if _near(mine, theirs) else Judgement(PERHAPS, "year")
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


def _one_piece(mine, theirs, titles, people):
    """Whether what begins on one page is one work: letters and short notices share theirs."""
    if not (mine.title and theirs.title):
        return True
    both_long = mine.long and theirs.long
    if titles:
        return both_long or people != ""
    translated = titles_in_two_languages(mine, theirs)
    if people == "nobody":
        return both_long and translated and mine.version == theirs.version
    return people != "" and (both_long or translated)


def _near(mine, theirs, years=1):
    one, other = mine.record.year, theirs.record.year
    return one is None or other is None or abs(one - other) <= years


def _by_words(mine, theirs, titles):
    one, other = mine.record, theirs.record
    people, journals = people_agree(mine, theirs), journals_agree(mine, theirs)
    if not _near(mine, theirs):
        return Judgement(DIFFERENT, "unlike")
    if not titles:
        if in_two_languages(mine, theirs) and people in ("first", "some", "order") and journals:
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
        if mine.edition != theirs.edition and "book" in (one.type, other.type):
            return Judgement(PERHAPS, "edition_unsaid")
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
