"""Each rule of the same work by an example of it and of what just misses it: the verdict, its
reason and, of two works, what links them."""

import pytest

from references import matching
from references.formats.records import NO_TITLE, Keyword, Name, Record, WorkNotice

TITLE = "Herniation of fascial fat in low back pain"
SUBTITLE = f"{TITLE}: a study of ten cases"
SPANISH = "Hernias de la grasa fascial en el dolor lumbar"
GERMAN = "Hernien des Fettes der Faszie und der Rückenschmerz"
OTHER = "Lipomas of the iliac crest and their removal"
HERZ, OTT, SUTRO = Name("Herz"), Name("Ott"), Name("Sutro")
JAMA = {"container": "JAMA", "volume": "12", "pages": "30-5"}
DIFFERENT, PERHAPS, SAME = matching.DIFFERENT, matching.PERHAPS, matching.SAME


def record(**fields):
    usual = {"type": "article-journal", "title": TITLE, "year": 1952, "names": [HERZ]}
    return Record(**{**usual, **fields})


def judged(mine, theirs):
    """The judgement of two records by Herz, the same whichever was there first."""
    one, other = record(**mine), record(**theirs)
    found = matching.judge(one, other)
    assert found == matching.judge(other, one)
    return found


def code(mine, theirs):
    return judged(mine, theirs).code


# What identifies a work

ISBN, OTHER_ISBN = "0306406152", "080442957X"
BOOK = {"type": "book", "isbn": ISBN}
HANDLE = "hdl.handle.net/2445/12345"


@pytest.mark.parametrize(
    ("mine", "theirs", "verdict", "reason"),
    [
        ({"doi": "10.1/a"}, {"doi": "10.1/a"}, SAME, "doi"),
        ({"pmid": "1"}, {"pmid": "1"}, SAME, "pmid"),
        ({"pmcid": "PMC1"}, {"pmcid": "PMC1"}, SAME, "pmcid"),
        ({"doi": "10.1/a", "pmid": "1"}, {"doi": "10.1/b", "pmid": "1"}, SAME, "pmid"),
        ({"url": f"https://{HANDLE}"}, {"url": f"HTTP://{HANDLE}"}, SAME, "handle"),
        ({"url": f"https://{HANDLE}"}, {"url": "info:hdl/2445/12345"}, SAME, "handle"),
        ({"url": f"https://{HANDLE}"}, {"url": f"https://{HANDLE}6"}, DIFFERENT, "unlike"),
        ({"url": "https://a.example/"}, {"url": "https://a.example/"}, DIFFERENT, "unlike"),
        (BOOK, BOOK, PERHAPS, "isbn_only"),
        (BOOK, {**BOOK, "title": TITLE}, SAME, "isbn"),
        (BOOK, {**BOOK, "title": ""}, SAME, "isbn"),
        (BOOK, {**BOOK, "volume": "2"}, PERHAPS, "isbn_set"),
        ({**BOOK, "volume": "1"}, {**BOOK, "volume": "2"}, DIFFERENT, "part"),
        ({**BOOK, "volume": "2"}, {**BOOK, "volume": "2"}, SAME, "isbn"),
        (BOOK, {**BOOK, "isbn": OTHER_ISBN}, DIFFERENT, "identifiers"),
        (BOOK, {"type": "book"}, DIFFERENT, "unlike"),
        ({"doi": "10.1/a"}, {"doi": "10.1/b"}, DIFFERENT, "identifiers"),
        ({"doi": "10.1/a"}, {"pmid": "1"}, DIFFERENT, "unlike"),
    ],
)
def test_a_number_says_which_work_it_is_whatever_the_title(mine, theirs, verdict, reason):
    found = judged({"title": TITLE, **mine}, {"title": OTHER, **theirs})
    assert (found.verdict, found.code) == (verdict, reason)
    assert str(found.reason) == str(matching.REASONS[reason])


@pytest.mark.parametrize(
    "volume", ["2", "Vol. II", "Volume 2", "Band 2", "Bd. 2", "Tomo 2", "Tome II", "Part two"]
)
def test_the_volume_of_a_set_is_the_same_however_it_is_written(volume):
    assert judged({**BOOK, "volume": volume}, {**BOOK, "volume": "2"}).verdict == SAME
    assert code({**BOOK, "volume": volume}, {**BOOK, "volume": "3"}) == "part"
    assert code({**BOOK, "volume": volume}, {**BOOK, "title": f"{TITLE}. Part 2"}) == "isbn"


# Where numbers contradict each other, the titles still say what links the two

FIRST, SECOND = {"doi": "10.1/a"}, {"doi": "10.1/b"}


@pytest.mark.parametrize(
    ("mine", "theirs", "reason", "relation"),
    [
        ({"type": "article"}, {}, "preprint", "preprint"),
        ({"title": f"Erratum to: {TITLE}"}, {}, "erratum", "erratum"),
        ({"title": f"Comment on: {TITLE}"}, {}, "comment", "comment"),
        ({"title": f"{TITLE}. Part 1"}, {"title": f"{TITLE}. Part 2"}, "part", ""),
        ({"title": OTHER, "type": "article"}, {}, "identifiers", ""),
        (
            {"title": "Hernias de grasa", "translated_title": TITLE, "type": "article"},
            {},
            "preprint",
            "preprint",
        ),
        ({"title": "The herniation of fascial fat in low back pain"}, {}, "identifiers", ""),
        # Titles that begin otherwise are not looked into.
        ({"title": f"The {TITLE}", "type": "article"}, {}, "identifiers", ""),
    ],
)
def test_two_works_are_linked_although_their_numbers_differ(mine, theirs, reason, relation):
    found = judged({**FIRST, **mine}, {**SECOND, **theirs})
    assert (found.verdict, found.code, found.relation) == (DIFFERENT, reason, relation)


def test_two_editions_with_an_isbn_each_are_linked():
    second = {"type": "book", "isbn": OTHER_ISBN, "edition": "2nd", "year": 1960}
    found = judged(BOOK, second)
    assert (found.verdict, found.code, found.relation) == (DIFFERENT, "edition", "edition")


# How titles agree


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (TITLE, f"[{TITLE}.] ", "title"),
        ("Smørrebrød og ryggens fedt hos menn", "Smorrebrod og ryggens fedt hos menn", "title"),
        ("Tumours of the back and of the knee", "Tumors of the back and of the knee", "spelling"),
        ("Low-back pain of grown men in town", "Low backpain of grown men in town", "title"),
        ("The α-fibre of the lumbar nerves", "The alpha fiber of the lumbar nerves", "spelling"),
        (TITLE, "Herniation of fascial fad in low back pain", "typo"),
        # In a short word one letter, in one of eight and more two.
        ("Fat of the back", "Fad of the back", "typo"),
        ("Fat of the back", "Fog of the back", "unlike"),
        ("Low backache", "Low beckacha", "typo"),
        ("Low lumbago", "Low lambaga", "unlike"),
        ("Low backache", "Low beckecha", "unlike"),
        ("Low backache", "Low backachexy", "typo"),
        ("Low backache", "Low backachexyz", "unlike"),
        ("Low back", "Low backx", "typo"),
        ("Low back", "Low backxy", "unlike"),
        # A number is never a slip.
        ("Case 2 of lipoma", "Case 3 of lipoma", "unlike"),
        ("Case 2 of lipoma", "Case x of lipoma", "unlike"),
        # One place of three words at the most, not longer than eighty letters.
        ("Low be cka cha", "Low backache", "typo"),
        ("Low be ck ac ha", "Low backache", "unlike"),
        (f"{'a' * 40} {'b' * 40}", f"{'c' + 'a' * 39} {'b' * 39 + 'c'}", "typo"),
        (f"{'a' * 40} {'b' * 41}", f"{'c' + 'a' * 39} {'b' * 40 + 'c'}", "unlike"),
        ("Low ax bx cx", "Low a b c", "unlike"),
        # The same words in another order, six of them at the least, four in five.
        ("fat pain of low back men", "low back men of fat pain", "typo"),
        ("fat pain of back men", "back men of fat pain", "unlike"),
        (
            "fat pain of low back men ache spine nine",
            "spine low back men of fat pain ache ten",
            "typo",
        ),
        (
            "fat pain of low back men spine nine",
            "spine low back men of fat pain ten",
            "unlike",
        ),
        # Without its subtitle.
        (TITLE, SUBTITLE, "subtitle"),
        ("Lumbago", "Lumbago: its causes", "subtitle"),
        ("Lumbagos", "Lumbago: its causes", "subtitle"),
        ("Lumbago", "Lumbago? Its causes", "subtitle"),
        ("Lumbago", "Lumbago - its causes", "subtitle"),
        ("Lumbago", "Lumbago its causes", "unlike"),
        ("Lumbago", "Pain: lumbago", "unlike"),
        # Its beginning, when that is four words and twenty letters.
        ("Fats in lumbar backs", "Fats in lumbar backs of men", "subtitle"),
        ("Fat in lumbar backs", "Fat in lumbar backs of men", "unlike"),
        ("Fatness lumbar backs", "Fatness lumbar backs of men", "unlike"),
        ("Fats in lumbar backs", "On fats in lumbar backs of men", "unlike"),
        (TITLE, OTHER, "unlike"),
        (TITLE, "", "unlike"),
        ("X", "", "unlike"),
    ],
)
def test_titles_agree_for_a_reason(one, other, reason):
    assert code({"title": one}, {"title": other}) == reason


@pytest.mark.parametrize(
    ("mine", "theirs", "reason"),
    [
        ({"title": "Hernias de grasa", "translated_title": TITLE}, {}, "translated"),
        (
            {"title": "Hernias de grasa", "translated_title": TITLE},
            {"title": "Fettbrüche am Rücken", "translated_title": TITLE},
            "translated",
        ),
        ({"title": "Hernias de grasa", "translated_title": OTHER}, {}, "unlike"),
        ({"title": "Hernias de grasa", "original_title": TITLE}, {}, "title"),
        ({"title": "", "original_title": TITLE}, {}, "title"),
        ({"title": NO_TITLE, "translated_title": f"[{TITLE}]"}, {}, "title"),
    ],
)
def test_a_title_is_known_in_its_other_language(mine, theirs, reason):
    assert code(mine, theirs) == reason


# Versions and works about a work


@pytest.mark.parametrize(
    ("mine", "theirs", "reason", "relation"),
    [
        ({"title": f"Erratum: {TITLE}"}, {}, "erratum", "erratum"),
        ({"title": f"Erratum: {TITLE}"}, {"title": SUBTITLE}, "erratum", "erratum"),
        ({"title": f"Erratum: {TITLE}"}, {"title": OTHER}, "erratum", ""),
        ({"title": f"Erratum: {TITLE}"}, {"title": f"Erratum: {TITLE}"}, "title", ""),
        ({"title": "Erratum: pain"}, {"title": "Pain"}, "erratum", ""),
        ({"title": "Erratum: pain"}, {"title": "Pain of the back in towns at sea"}, "erratum", ""),
        ({"title": f"Erratum: {'x' * 25}"}, {"title": "x" * 25}, "erratum", "erratum"),
        ({"title": f"Erratum: {'x' * 25}"}, {"title": "x" * 25 + "yz"}, "erratum", "erratum"),
        ({"title": f"Erratum: {'x' * 24}"}, {"title": "x" * 24}, "erratum", ""),
        ({"title": f"Comment on: {TITLE}"}, {}, "comment", "comment"),
        ({"title": f"Re: {TITLE}"}, {"title": OTHER}, "comment", ""),
        ({"title": "Comment on pain"}, {"title": TITLE}, "comment", ""),
        ({"title": f"Comment on {TITLE}"}, {"title": "Pain"}, "comment", ""),
        ({"title": "Comment on pain"}, {"title": "Pain"}, "unlike", ""),
        ({"title": "Comment on pain"}, {"title": ""}, "unlike", ""),
        ({"title": f"{TITLE}. Part 1"}, {"title": f"{OTHER}. Part 2"}, "part", ""),
        ({"title": f"{TITLE}. Part I"}, {"title": f"{TITLE}. Part two"}, "part", ""),
        ({"title": f"{TITLE}, second part"}, {"title": f"{TITLE}, third part"}, "part", ""),
        ({"title": f"{TITLE}. Part 2"}, {"title": TITLE}, "subtitle", ""),
        ({"title": f"{TITLE}. Part 2", "original_title": TITLE}, {}, "part", ""),
        ({"title": f"{TITLE}. Part II"}, {"title": f"{TITLE}. Part 2"}, "typo", ""),
        ({"title": f"{TITLE}: protocol of a trial"}, {}, "protocol", ""),
        ({"title": f"{OTHER}: protocol of a trial"}, {}, "unlike", ""),
        ({"title": f"{TITLE} in 12 men"}, {"title": f"{TITLE} in 13 men"}, "numbers", ""),
        ({"title": f"{TITLE} in 12 men"}, {"title": f"{TITLE} in men"}, "typo", ""),
    ],
)
def test_a_work_about_a_work_or_a_part_of_it_is_another(mine, theirs, reason, relation):
    found = judged(mine, theirs)
    assert (found.code, found.relation) == (reason, relation)


VERSIONS = [
    ({"type": "article"}, {}, "preprint"),
    ({"container": "medRxiv"}, {}, "preprint"),
    ({"genre": "Preprint"}, {}, "preprint"),
    ({"doi": "10.1101/2020.01.01"}, {}, "preprint"),
    ({"type": "paper-conference"}, {}, "conference"),
    ({"type": "speech"}, {}, "conference"),
    ({"type": "poster"}, {}, "conference"),
    ({"edition": "2nd", "year": 1953}, {}, "edition"),
    ({"edition": "Second", "year": 1953}, {"edition": "3"}, "edition"),
    ({"edition": "Deluxe", "year": 1953}, {"edition": "Plain"}, "edition"),
    ({"edition": "2nd"}, {"edition": "1st"}, "edition"),  # of one year
    ({"title": f"{TITLE}, 2nd ed."}, {"edition": "1st"}, "edition"),
]


@pytest.mark.parametrize(("mine", "theirs", "reason"), VERSIONS)
def test_a_version_is_linked_to_the_other_if_the_people_are_the_same(mine, theirs, reason):
    found = judged(mine, theirs)
    assert (found.verdict, found.code, found.relation) == (DIFFERENT, reason, reason)
    found = judged(mine, {**theirs, "names": [OTT]})
    assert (found.verdict, found.code, found.relation) == (DIFFERENT, reason, "")


@pytest.mark.parametrize(
    ("mine", "theirs", "relation"),
    [
        ({"type": "article"}, {}, "preprint"),
        ({"type": "speech"}, {}, "conference"),
        ({"edition": "2", "year": 1950}, {"edition": "3", "year": 1960}, "edition"),
        ({"edition": "2"}, {"edition": "10"}, "edition"),
        ({"title": f"Erratum: {TITLE}"}, {}, "erratum"),
        ({"title": f"Comment on: {TITLE}"}, {}, "comment"),
        ({"title": f"Retraction notice: {TITLE}"}, {}, "retraction"),
        ({"title": f"Expression of concern: {TITLE}"}, {}, "concern"),
    ],
)
def test_which_of_two_is_the_version_and_which_the_work(mine, theirs, relation):
    assert judged(mine, theirs).relation == relation
    one, other = (matching.Features(record(**values)) for values in (mine, theirs))
    assert matching.is_said_of(relation, one, other)
    assert not matching.is_said_of(relation, other, one)


@pytest.mark.parametrize(
    ("mine", "theirs", "reason"),
    [
        ({"type": "document"}, {"type": "article"}, "title"),
        ({"type": "article"}, {"type": "article"}, "title"),
        ({"type": "article-journal", "genre": "Thesis"}, {}, "title"),
        ({"type": "paper-conference"}, {"type": "book"}, "title"),
        ({"type": "paper-conference"}, {"type": "speech"}, "title"),
        ({"edition": "2nd"}, {}, "title"),
        ({"type": "book", "edition": "2nd"}, {"type": "book"}, "edition_unsaid"),
        ({"type": "book", "edition": "2nd"}, {"type": "book", "edition": "2"}, "title"),
        ({"edition": "1st", "year": 1953}, {}, "year"),
        ({"edition": "first", "year": 1953}, {"edition": "1"}, "year"),
        ({"edition": "2. Auflage", "year": 1953}, {"edition": "segunda"}, "year"),
        ({"edition": "DELUXE", "year": 1953}, {"edition": "deluxe"}, "year"),
        ({"edition": "—", "year": 1953}, {"edition": "—"}, "year"),
        ({"edition": "\u0301", "year": 1953}, {}, "year"),
    ],
)
def test_what_only_looks_like_a_version_is_none(mine, theirs, reason):
    assert code(mine, theirs) == reason


# Journal, volume and first page


@pytest.mark.parametrize(
    ("mine", "theirs", "verdict", "reason"),
    [
        ({}, {}, SAME, "page"),
        ({"title": OTHER}, {}, SAME, "page"),
        ({"title": "", "names": [OTT]}, {}, SAME, "page"),
        ({"names": [OTT]}, {}, SAME, "page"),
        ({"title": OTHER, "names": [Name("Hertz")]}, {}, SAME, "page"),
        ({"title": OTHER, "names": [OTT, HERZ]}, {}, SAME, "page"),
        ({"title": OTHER, "names": [OTT, HERZ]}, {"names": [HERZ, OTT]}, SAME, "page"),
        ({"title": OTHER, "names": []}, {}, PERHAPS, "page_only"),
        ({"title": OTHER, "names": [OTT]}, {}, PERHAPS, "page_only"),
        # In two languages, by their small words or as the records say.
        ({"title": SPANISH, "names": []}, {}, SAME, "page"),
        ({"title": GERMAN, "names": []}, {"title": SPANISH, "names": []}, SAME, "page"),
        ({"title": SPANISH, "names": []}, {"title": f"{TITLE}. Part 2"}, PERHAPS, "page_only"),
        ({"title": SPANISH, "names": [], "type": "article"}, {}, PERHAPS, "page_only"),
        ({"title": SPANISH, "names": [], "year": 1960}, {}, PERHAPS, "year"),
        ({"title": SPANISH, "names": [OTT]}, {}, PERHAPS, "page_only"),
        (
            {"title": "Lipomata dorsalia musculorum", "language": "la", "names": []},
            {"language": "en"},
            SAME,
            "page",
        ),
        ({"title": OTHER, "language": "es", "names": []}, {"language": "en"}, PERHAPS, "page_only"),
        # Short pieces share their page.
        ({"title": "Lumbalgia del dorso", "names": []}, {}, PERHAPS, "page_only"),
        ({"title": "Reply"}, {"title": "Book review"}, PERHAPS, "page_only"),
        ({"title": "Reply", "names": [OTT]}, {"title": "Reply"}, PERHAPS, "page_only"),
        ({"title": "Reply", "names": []}, {"title": "Reply"}, SAME, "page"),
        ({"title": "Respuesta de los autores"}, {"title": "Fat of the back"}, SAME, "page"),
        ({"year": 1953}, {}, SAME, "page"),
        ({"year": 1954}, {}, PERHAPS, "year"),
        ({"year": None}, {}, SAME, "page"),
        ({"pages": "30"}, {"pages": "30–41"}, SAME, "page"),
        ({"container": "Spine"}, {}, PERHAPS, "journal_differs"),
        ({"container": ""}, {}, SAME, "title"),
        ({"container": "", "title": OTHER}, {}, DIFFERENT, "unlike"),
        ({"volume": ""}, {}, SAME, "title"),
        ({"pages": ""}, {}, SAME, "title"),
        ({"volume": "13"}, {}, PERHAPS, "place_differs"),
        ({"pages": "31"}, {}, PERHAPS, "place_differs"),
        ({"volume": "13", "container": ""}, {}, PERHAPS, "place_differs"),
        ({"volume": "13", "names": [OTT, HERZ]}, {}, PERHAPS, "place_differs"),
        ({"volume": "13", "pages": "31"}, {}, DIFFERENT, "place"),
        ({"volume": "13", "title": OTHER}, {}, DIFFERENT, "place"),
        ({"volume": "13", "title": "Pain"}, {"title": "Pain"}, DIFFERENT, "place"),
        ({"volume": "13", "names": [OTT]}, {}, DIFFERENT, "place"),
        ({"volume": "13", "names": []}, {}, DIFFERENT, "place"),
        ({"volume": "13", "year": 1953}, {}, PERHAPS, "place_differs"),
        ({"volume": "13", "year": 1954}, {}, DIFFERENT, "place"),
        ({"volume": "13", "title": "Lumbago"}, {"title": f"Lumbago: {TITLE}"}, DIFFERENT, "place"),
    ],
)
def test_where_it_appeared_says_what_the_title_does_not(mine, theirs, verdict, reason):
    found = judged({**JAMA, **mine}, {**JAMA, **theirs})
    assert (found.verdict, found.code) == (verdict, reason)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Annals of the Rheumatic Diseases", "Ann Rheum Dis", True),
        ("Ann. Rheum. Dis.", "Annals of the Rheumatic Diseases", True),
        ("Annals of the Rheumatic Diseases", "Ann Rheum", False),
        ("Annals of the Rheumatic Diseases", "Ann Orthop Dis", False),
        ("Journal of Pain", "Pain", False),
        ("The Lancet", "Lancet (London, England)", True),
        ("British Medical Journal", "BMJ", True),
        ("Journal of Pain Medicine", "JPM", True),
        ("Pain Medicine", "PM", True),
        ("British Medical Journal", "BMC", False),
        ("Spine", "S", True),
        ("Spine", "Pain", False),
        ("British Medical Journal", "b m", False),
        ("The", "Of", False),
        ("The", "Spine", False),
    ],
)
def test_a_journal_is_known_by_its_abbreviation(one, other, same):
    there = {**JAMA, "title": OTHER, "names": [OTT]}
    found = code({**JAMA, "container": one}, {**there, "container": other})
    assert (found == "page_only") == same
    short = {**JAMA, "container": "Another name", "container_short": one}
    assert (code(short, {**there, "container": other}) == "page_only") == same


def test_a_journal_is_told_apart_by_its_first_twelve_words():
    long = " ".join(f"word{at}" for at in range(13))
    there = {**JAMA, "title": OTHER, "names": [OTT]}
    found = code({**JAMA, "container": long}, {**there, "container": f"{long} more"})
    assert found == "page_only"
    other = long.replace("word11", "other")
    assert code({**JAMA, "container": long}, {**there, "container": other}) == "unlike"


# People


@pytest.mark.parametrize(
    ("mine", "theirs", "reason"),
    [
        (["Herz"], ["Herz"], "title"),
        (["Herz", "Ott"], ["Herz", "Sutro"], "title"),
        (["Herz", "Ott"], ["Ott", "Herz"], "order"),
        (["Ott", "Herz"], ["Herz", "Sutro"], "order"),
        (["García"], ["García López"], "family"),
        (["López"], ["García López"], "family"),
        (["García"], ["López"], "unlike"),
        (["Müller"], ["Mueller"], "title"),
        (["van der Berg"], ["Berg"], "title"),
        (["de la"], ["de la"], "title"),
        (["Herz"], ["Hertz"], "family"),
        (["Herz"], ["Hertzl"], "unlike"),
        (["Herz"], ["Hirz"], "family"),
        (["Herz"], ["Hirt"], "unlike"),
        (["García López"], ["Garcialopes"], "family"),
        (["Ott"], ["Otto"], "unlike"),
        (["Sutro"], ["Herz"], "unlike"),
        ([], ["Herz"], "nobody"),
        ([], [], "nobody"),
        (["🐭"], ["Herz"], "nobody"),
    ],
)
def test_people_agree_for_a_reason(mine, theirs, reason):
    one, other = ([Name(family) for family in families] for families in (mine, theirs))
    assert code({"names": one}, {"names": other}) == reason


# Title, people and year


@pytest.mark.parametrize(
    ("mine", "theirs", "verdict", "reason"),
    [
        ({}, {}, SAME, "title"),
        ({"year": None}, {}, PERHAPS, "year"),
        ({"year": None}, {"year": None}, PERHAPS, "year"),
        ({"year": 1953}, {}, PERHAPS, "year"),
        ({"year": 1954}, {}, DIFFERENT, "unlike"),
        ({"year": 1953, "names": [OTT, HERZ]}, {"names": [HERZ, OTT]}, PERHAPS, "year"),
        ({"container": "Spine"}, {"container": "JAMA"}, PERHAPS, "journal_differs"),
        ({"container": "Spine"}, {"container": ""}, SAME, "title"),
        ({"title": SUBTITLE, "year": 1953}, {}, PERHAPS, "subtitle"),
        ({"title": SUBTITLE, "names": [OTT]}, {}, DIFFERENT, "unlike"),
    ],
)
def test_title_people_and_year_count_together(mine, theirs, verdict, reason):
    found = judged(mine, theirs)
    assert (found.verdict, found.code) == (verdict, reason)


@pytest.mark.parametrize(
    ("mine", "theirs", "verdict", "reason"),
    [
        ({}, {}, SAME, "title"),
        ({"container": "Spine"}, {"container": "Spine"}, SAME, "title"),
        ({"container": "Spine"}, {}, PERHAPS, "short_title"),
        ({"volume": "3"}, {}, PERHAPS, "short_title"),
        ({"pages": "3"}, {}, PERHAPS, "short_title"),
        ({"year": 1953}, {}, PERHAPS, "short_title"),
        ({"names": [HERZ, OTT]}, {}, PERHAPS, "short_title"),
        ({"year": None}, {"year": None}, PERHAPS, "short_title"),
        ({"year": None, "volume": "3"}, {"year": None, "volume": "3"}, PERHAPS, "year"),
        ({"title": "Pains"}, {}, PERHAPS, "typo"),
        ({"names": []}, {}, DIFFERENT, "unlike"),
        ({"original_title": TITLE}, {"names": []}, DIFFERENT, "unlike"),
        ({"original_title": TITLE, "container": "Spine"}, {}, PERHAPS, "short_title"),
    ],
)
def test_a_short_title_says_something_in_its_own_place_alone(mine, theirs, verdict, reason):
    found = judged({"title": "Pain", **mine}, {"title": "Pain", **theirs})
    assert (found.verdict, found.code) == (verdict, reason)


TWO = {"names": [HERZ, OTT], "volume": "12", "container": "JAMA", "language": "en"}
SPANISH = {**TWO, "title": "Hernias de la grasa lumbar", "language": "es"}


@pytest.mark.parametrize(
    ("mine", "theirs", "reason"),
    [
        ({}, {}, "language"),
        ({"names": [OTT, HERZ]}, {}, "language"),
        ({"names": [OTT, SUTRO]}, {}, "language"),
        ({"names": [SUTRO, Name("Copeman")]}, {}, "unlike"),
        ({"names": [HERZ]}, {}, "unlike"),
        ({"names": [HERZ]}, {"names": [HERZ]}, "unlike"),
        ({"names": []}, {}, "unlike"),
        ({"language": "es-MX"}, {"language": "es-ES"}, "unlike"),
        ({"language": ""}, {}, "unlike"),
        ({"volume": ""}, {}, "unlike"),
        ({"volume": ""}, {"volume": ""}, "unlike"),
        ({"volume": "13"}, {}, "unlike"),
        ({"container": "Spine"}, {}, "unlike"),
        ({"container": ""}, {}, "unlike"),
        ({"year": 1954}, {}, "unlike"),
    ],
)
def test_a_work_in_two_languages_is_asked_about(mine, theirs, reason):
    assert code({**SPANISH, **mine}, {**TWO, **theirs}) == reason


# What two works must share to be compared at all


@pytest.mark.parametrize(
    ("mine", "theirs", "share"),
    [
        ({"volume": "12", "pages": "30-5"}, {"volume": "12.", "pages": "30"}, True),
        ({"volume": "12", "pages": "30"}, {"volume": "12", "pages": "31"}, False),
        ({"title": TITLE}, {"title": SUBTITLE}, True),
        ({"title": "Hernias", "original_title": TITLE}, {"title": TITLE}, True),
        ({"title": "Hernias", "translated_title": TITLE}, {"title": TITLE}, True),
        ({"title": "x" * 20}, {"title": "x" * 20, "year": 1900}, True),
        ({"title": "x" * 19}, {"title": "x" * 19}, False),
        ({"title": "Pain", "names": [HERZ]}, {"title": "Pain", "names": [HERZ]}, True),
        ({"title": "Pain", "names": [HERZ]}, {"title": "Pain", "names": [OTT]}, False),
        ({"year": 1952, "names": [HERZ]}, {"year": 1953, "names": [HERZ]}, True),
        ({"year": 1952, "names": [HERZ]}, {"year": 1954, "names": [HERZ]}, False),
        ({"names": [HERZ]}, {"names": [HERZ]}, False),
        ({"names": [HERZ, OTT]}, {"names": [OTT, HERZ]}, True),
        ({"year": 1952, "names": [HERZ, OTT]}, {"year": 1952, "names": [HERZ]}, False),
        (
            {"year": 1952, "names": [HERZ, OTT, SUTRO]},
            {"year": 1952, "names": [SUTRO, OTT]},
            True,
        ),
        (
            {"year": 1952, "names": [HERZ, Name("Copeman"), Name("Bauer"), OTT]},
            {"year": 1952, "names": [OTT, HERZ]},
            False,
        ),
        ({"url": f"https://{HANDLE}"}, {"url": f"http://{HANDLE}"}, True),
        ({"title": ""}, {"title": ""}, False),
        # Letters count, not the spaces between them.
        ({"title": "Fats in the backs men x"}, {"title": "Fats in the backs men x"}, False),
        ({"title": "Low-back pain of grown men"}, {"title": "Low backpain of grown men"}, True),
    ],
)
def test_what_may_be_one_work_shares_a_key(mine, theirs, share):
    one, other = matching.keys(Record(**mine)), matching.keys(Record(**theirs))
    assert bool(one & other) == share


def test_keys_fit_the_index():
    found = matching.keys(record(**JAMA, url=f"https://{HANDLE}", names=[HERZ, OTT, SUTRO]))
    assert len(found) == 9
    assert matching.Features(record(**JAMA)).keys == matching.keys(record(**JAMA))
    assert all(-(2**63) <= key < 2**63 for key in found)
    many = (key for at in range(20) for key in matching.keys(Record(title=f"{TITLE} {at}")))
    assert min(many) < 0


# In what a record differs from what we have

WORD, MESH = Keyword("Lipoma", "author"), Keyword("LIPOMA", "mesh")
NOTICE = WorkNotice("erratum", doi="10.1/e")


@pytest.mark.parametrize(
    ("name", "ours", "theirs", "told"),
    [
        ("private_note", "", "Theirs", True),
        ("private_note", "Ours", "Theirs", False),
        ("title", TITLE, NO_TITLE, False),
        ("title", NO_TITLE, TITLE, True),
        ("volume", "1", NO_TITLE, True),
        ("keywords", [WORD], [MESH], False),
        ("keywords", [WORD], [MESH, Keyword("Fat")], True),
        ("keywords", [WORD, Keyword("Fat")], [MESH], False),
        ("notices", [NOTICE], [WorkNotice("erratum", doi="10.1/e", text="x")], False),
        ("notices", [NOTICE], [WorkNotice("erratum")], False),
        ("notices", [NOTICE], [WorkNotice("erratum", doi="10.1/f")], True),
        ("notices", [NOTICE], [WorkNotice("erratum", pmid="1")], True),
        ("notices", [NOTICE], [WorkNotice("erratum", of_other=True)], True),
        ("notices", [NOTICE], [WorkNotice("retraction")], True),
        ("notices", [NOTICE], [NOTICE, WorkNotice("retraction")], True),
        ("notices", [], [NOTICE], True),
    ],
)
def test_what_is_known_already_is_no_difference(name, ours, theirs, told):
    found = matching.differences(record(**{name: ours}), record(**{name: theirs}))
    assert [each.field for each in found] == ([name] if told else [])


@pytest.mark.parametrize(
    ("mine", "theirs", "two"),
    [
        ({"title": NO_TITLE}, {}, False),
        ({"title": NO_TITLE, "original_title": OTHER}, {}, True),
        ({"title": "", "original_title": TITLE, "translated_title": OTHER}, {}, False),
    ],
)
def test_a_title_that_is_missing_is_not_unlike(mine, theirs, two):
    assert matching.titled_alike(record(**mine), record(**theirs)) != two
