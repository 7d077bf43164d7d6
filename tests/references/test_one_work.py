"""When two records are one work, and in what they differ: the rules themselves, without a
library."""

import pytest

from references import matching
from references.formats.records import Name, Record


def record(**fields):
    return Record(
        **{
            "citekey": "herz1952",
            "type": "article-journal",
            "title": "Fat herniation",
            "year": 1952,
            **fields,
        }
    )


def key(**fields):
    return matching.key_of(record(**fields))


# One work by its title, year and first author


def test_records_that_read_alike_have_one_key():
    assert key(title="The back-mouse") == key(title="The Back Mouse!")
    assert key(names=[Name("LAGÈZE")]) == key(names=[Name("Lageze", "Pierre")]) != key(names=[])
    assert key(year=1953) != key() != key(title="Fat herniations")


def test_year_and_author_are_not_taken_for_each_other_nor_for_the_title():
    assert matching.match_key(["Pain 1952"], None, "Herz") != matching.match_key(
        ["Pain"], 1952, "Herz"
    )
    assert matching.match_key(["Fat"], 1952, "") != matching.match_key(["Fat"], None, "1952")


def test_a_work_without_a_title_is_known_by_its_translated_one():
    assert key(title="", translated_title="Fat herniation") == key()
    assert key(title="…", original_title="", translated_title="Fat herniation") == key()
    assert key(title="") == ""


def test_editors_stand_for_missing_authors_and_only_the_first_of_them_counts():
    editors = [Name("Herz", role="editor"), Name("Ott", role="editor")]
    assert key(names=editors) == key(names=[Name("Herz")]) == key(names=[Name("Herz"), Name("Ott")])
    assert key(names=[*editors, Name("Ott")]) == key(names=[Name("Ott")])
    assert key(names=[Name("Herz", role="translator")]) == key(names=[])


@pytest.mark.parametrize(("title", "enough"), [("x" * 24, False), ("x" * 25, True)])
def test_a_title_alone_says_enough_from_twenty_five_letters_on(title, enough):
    assert bool(key(title=title, year=None)) == enough
    assert key(title=title, year=1952)
    assert key(title=title, year=None, names=[Name("Herz")])


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
    assert matching.same_volume(record(volume="1"), record(volume="1."))
    assert matching.same_volume(record(volume="1"), record())
    assert not matching.same_volume(record(volume="1"), record(volume="2"))


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
    assert matching.titled_alike(record(title="", translated_title="Fat herniation"), record())


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
