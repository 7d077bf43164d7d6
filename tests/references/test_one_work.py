"""When two records are one work, and in what they differ: the rules themselves, without a
library."""

import pytest

from references import matching
from references.formats.records import NO_TITLE, Name, Record

TITLE = "Herniation of fascial fat in low back pain"
HERZ = [Name("Herz", "R.")]


def record(**fields):
    return Record(
        **{"citekey": "herz1952", "type": "article-journal", "title": TITLE, "year": 1952, **fields}
    )


def verdict(mine, theirs):
    """Of two records by Herz; those that are or may be one share a key, or no library would compare
    them."""
    one, other = (record(**{"names": HERZ, **fields}) for fields in (mine, theirs))
    found = matching.judge(one, other).verdict
    assert found == "different" or not matching.keys(one).isdisjoint(matching.keys(other))
    return found


# One work by its title, year and first author


@pytest.mark.parametrize(
    ("mine", "theirs", "found"),
    [
        ({"title": "Herniation of Fascial-Fat in low back pain!"}, {}, "same"),
        ({"names": [Name("LAGÈZE")]}, {"names": [Name("Lageze", "Pierre")]}, "same"),
        ({"names": []}, {}, "perhaps"),
        ({"year": 1953}, {}, "perhaps"),
        ({"year": None}, {}, "perhaps"),
        ({"title": f"{TITLE}s"}, {}, "perhaps"),
        ({"year": 1954}, {}, "different"),
        ({"names": [Name("Ott")]}, {}, "different"),
        ({"title": "Lipomas of the iliac crest and their removal"}, {}, "different"),
    ],
)
def test_records_that_read_alike_are_one_work_or_perhaps_one(mine, theirs, found):
    assert verdict(mine, theirs) == verdict(theirs, mine) == found


# One work by its journal, volume and first page


@pytest.mark.parametrize(
    ("volume", "pages", "found", "of_others"),
    [
        ("12", "30-5", "same", "perhaps"),
        ("12", "41-9", "perhaps", "different"),
        ("11", "30-5", "perhaps", "different"),
        ("11", "41-9", "different", "different"),
    ],
)
def test_volume_and_page_count_together(volume, pages, found, of_others):
    here = {"container": "JAMA", "volume": "12", "pages": "30-5"}
    there = {**here, "volume": volume, "pages": pages}
    others = {"title": "Lipomas of the iliac crest and their removal", "names": [Name("Ott")]}
    assert verdict(here, there) == verdict(there, here) == found
    assert verdict(here, {**there, **others}) == of_others


@pytest.mark.parametrize("fields", [{"volume": "12"}, {"pages": "30-5"}])
def test_a_volume_alone_or_a_page_alone_brings_no_two_works_together(fields):
    assert not matching.keys(Record(**fields))


def test_a_year_in_the_title_is_not_taken_for_that_of_the_work():
    assert verdict({"title": "Pain 1952", "year": None}, {"title": "Pain"}) == "different"


def test_a_work_without_a_title_is_known_by_its_translated_one():
    assert verdict({"title": "", "translated_title": TITLE}, {}) == "same"
    assert verdict({"title": NO_TITLE, "translated_title": TITLE}, {}) == "same"
    assert (
        verdict({"title": NO_TITLE}, {"title": NO_TITLE})
        == verdict({"title": ""}, {"title": ""})
        == "different"
    )


def test_editors_stand_for_missing_authors_and_only_the_first_of_them_counts():
    editors = [Name("Herz", role="editor"), Name("Ott", role="editor")]
    assert verdict({"names": editors}, {}) == verdict({"names": [*HERZ, Name("Ott")]}, {}) == "same"
    assert verdict({"names": [*editors, Name("Ott")]}, {"names": [Name("Ott")]}) == "same"
    assert verdict({"names": [*editors, Name("Ott")]}, {}) == "different"
    translated = {"names": [Name("Herz", role="translator")]}
    assert verdict(translated, {}) == verdict({"names": []}, {}) == "perhaps"


@pytest.mark.parametrize(("title", "enough"), [("x" * 24, False), ("x" * 25, True)])
def test_a_title_alone_says_something_from_twenty_five_letters_on(title, enough):
    alone = {"title": title, "year": None, "names": []}
    assert verdict(alone, alone) == ("perhaps" if enough else "different")
    assert verdict({"title": title}, {"title": title}) == "same"
    assert verdict({"title": title, "year": None}, {"title": title, "year": None}) == "perhaps"


# Books by their ISBN


@pytest.mark.parametrize(
    ("isbn", "both"),
    [
        ("0306406152", ["9780306406157", "0306406152"]),
        ("9780306406157", ["9780306406157", "0306406152"]),
        ("0262033844", ["9780262033848", "0262033844"]),
        ("080442957X", ["9780804429573", "080442957X"]),
        ("9780804429573", ["9780804429573", "080442957X"]),
        ("0000000000", ["9780000000002", "0000000000"]),
        ("9791234567896", ["9791234567896"]),
        ("", []),
    ],
)
def test_a_book_is_known_by_both_forms_of_its_isbn(isbn, both):
    assert matching.isbns(record(type="book", isbn=isbn)) == both


def test_the_isbn_of_a_whole_book_is_not_that_of_a_chapter():
    assert matching.isbns(record(type="chapter", isbn="0306406152")) == []


# Two works, however alike they read

CONTRADICTIONS = [
    ({"doi": "10.1/a"}, {"doi": "10.1/b"}, True),
    ({"doi": "10.1/a"}, {"doi": "10.1/a"}, False),
    ({"doi": "10.1/a"}, {}, False),
    ({"pmid": "1"}, {"pmid": "2"}, True),
    ({"pmcid": "PMC1"}, {"pmcid": "PMC2"}, True),
    ({"type": "book", "isbn": "0306406152"}, {"type": "book", "isbn": "080442957X"}, True),
    ({"type": "book", "isbn": "0306406152"}, {"type": "book", "isbn": "9780306406157"}, False),
    ({"type": "book", "isbn": "0306406152"}, {"type": "book"}, False),
    # A new volume alone may be a slip, a new page alone a reprint's; both are another work.
    ({"volume": "11", "pages": "30-35"}, {"volume": "12", "pages": "1-3"}, True),
    ({"volume": "11", "pages": "30-35"}, {"volume": "12", "pages": "30-35"}, False),
    ({"volume": "11", "pages": "30-35"}, {"volume": "11", "pages": "1-3"}, False),
    ({"volume": "11", "pages": "30-35"}, {"volume": "12"}, False),
    ({"volume": "11", "pages": "30-35"}, {"pages": "1-3"}, False),
    ({"volume": "11", "pages": "30-35"}, {"volume": "12", "pages": "30"}, False),
    ({"volume": "XI", "pages": "30-35"}, {"volume": "xi.", "pages": "1-3"}, False),
]


@pytest.mark.parametrize(("mine", "theirs", "two"), CONTRADICTIONS)
def test_works_whose_marks_contradict_each_other_are_two(mine, theirs, two):
    assert matching.contradict(record(**mine), record(**theirs)) == two
    assert matching.contradict(record(**theirs), record(**mine)) == two


def test_an_isbn_for_all_volumes_leaves_them_apart():
    first = {"type": "book", "isbn": "0306406152", "title": "Of the back", "volume": "1"}
    assert verdict(first, {**first, "volume": "1.", "title": "Back, of the"}) == "same"
    assert verdict(first, {**first, "volume": "", "title": "Back, of the"}) == "perhaps"
    assert verdict(first, {**first, "volume": "2", "title": "Back, of the"}) == "different"


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Lipomas of back", "Lipomas of knees", True),
        ("Lipomas of the back", "Lipomas in knees and hips", False),
        ("Lipomas", "", True),
        ("", "Lipomas", True),
        ("back pain", "back ache", False),
    ],
)
def test_titles_are_alike_when_half_of_their_words_are_shared(one, other, alike):
    assert matching.titled_alike(record(title=one), record(title=other)) == alike


def test_titles_are_compared_in_whatever_language_there_is():
    assert not matching.titled_alike(record(title="", original_title="Zwei Wege"), record())
    assert not matching.titled_alike(record(title="", translated_title="Two ways"), record())
    assert matching.titled_alike(record(title="", translated_title=TITLE), record())


# In what they differ


def told(mine, theirs):
    return [
        (each.field, each.fills) for each in matching.differences(record(**mine), record(**theirs))
    ]


def test_what_a_record_leaves_open_is_no_difference():
    full = {
        "volume": "11",
        "abstract": "Words",
        "tags": ["fat"],
        "names": [Name("Herz")],
        "authors_incomplete": True,
    }
    assert told(full, {}) == []
    assert told({}, full) == [(name, True) for name in matching.COMPARED if name in full]
    assert told(full, full) == []


def test_a_difference_says_whether_it_only_fills_what_was_open():
    assert told({"volume": "11"}, {"volume": "12"}) == [("volume", False)]
    assert told({"volume": ""}, {"volume": "12"}) == [("volume", True)]
    assert told({}, {"year_approximate": True}) == [("year_approximate", True)]
    assert told({"year_approximate": True}, {}) == []


def test_a_file_that_does_not_know_the_kind_of_a_work_says_nothing_of_it():
    assert told({"type": "book"}, {"type": "document"}) == []
    assert told({"type": "document"}, {"type": "book"}) == [("type", False)]
    assert told({"volume": "11"}, {"volume": "document"}) == [("volume", False)]


def test_the_citekey_of_a_file_is_never_brought_over():
    assert told({"citekey": "mine"}, {"citekey": "theirs"}) == []


def test_tags_differ_only_by_those_we_do_not_have():
    assert told({"tags": ["Fat", "Bäck"]}, {"tags": ["back", "FAT"]}) == []
    assert told({"tags": ["fat"]}, {"tags": ["fat", "pain"]}) == [("tags", False)]


def test_names_differ_by_their_roles_and_by_their_order():
    herz, editor = Name("Herz", "R."), Name("Herz", "R.", role="editor")
    assert told({"names": [herz]}, {"names": [herz, editor]}) == [("names", False)]
    assert told({"names": [herz, Name("Ott")]}, {"names": [Name("Ott"), herz]}) == [
        ("names", False)
    ]
