"""Numbers, places and labels in the text."""

import pytest

from references.citing.labels import Work, author_date, collapse, labels, letter, locator, places


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ([2, 3, 4, 7], "2–4, 7"),
        ([7, 4, 2, 3], "2–4, 7"),
        ([2, 3], "2, 3"),
        ([5, 5, 5], "5"),
        ([1, 2, 3, 5, 6, 7], "1–3, 5–7"),
        ([], ""),
    ],
)
def test_neighbouring_numbers_collapse(numbers, text):
    assert collapse(numbers) == text


@pytest.mark.parametrize(
    ("pairs", "text"),
    [
        ([(2, ""), (3, ""), (4, ""), (7, "p. 5")], "2–4; 7, p. 5"),
        ([(3, "p. 5"), (2, ""), (4, "")], "2; 3, p. 5; 4"),
        ([(1, "p. 5"), (1, "p. 9"), (1, "p. 5")], "1, p. 5, p. 9"),
        ([(1, ""), (2, "")], "1, 2"),
        ([], ""),
    ],
)
def test_a_work_cited_with_a_place_stands_apart(pairs, text):
    assert places(pairs) == text


@pytest.mark.parametrize(
    ("typed", "language", "text"),
    [
        ("5", "en", "p. 5"),
        ("p. 5", "en", "p. 5"),
        ("P 5", "en", "p. 5"),
        ("p5", "en", "p. 5"),
        ("5-7", "en", "pp. 5–7"),
        ("pp. 5 - 7, 9", "en", "pp. 5–7, 9"),
        ("pp. 5-7,9", "en", "pp. 5–7, 9"),
        ("págs. 5-7", "es", "pp. 5–7"),
        ("S12–S14", "ca", "pp. S12–S14"),
        ("e123", "en", "p. e123"),
        ("chapter 3", "en", "chap. 3"),
        ("chapter 3", "es", "cap. 3"),
        ("fig. 2", "en", "fig. 2"),
        ("figs 2-3", "es", "fig. 2–3"),
        ("§4", "en", "sec. 4"),
        ("the table after page 5", "en", "the table after page 5"),
        ("plate 5", "en", "plate 5"),
        ("", "en", ""),
        (None, "es", ""),
    ],
)
def test_where_in_a_work(typed, language, text):
    assert locator(typed, language).replace("\xa0", " ") == text


def test_the_number_does_not_part_from_its_word():
    assert locator("5") == "p.\xa05"


def work(key, *names, year="1999", **fields):
    return Work(key, names, year, **fields)


def test_author_and_year():
    assert author_date(work("a", "Copeman", year="1944")) == "Copeman 1944"
    assert author_date(work("a", "Copeman", "Ackerman")) == "Copeman and Ackerman 1999"
    assert author_date(work("a", "Copeman", "Ackerman"), "es") == "Copeman y Ackerman 1999"
    assert author_date(work("a", "García", "Ibáñez"), "es") == "García e Ibáñez 1999"
    assert author_date(work("a", "García", "Ibáñez"), "es-MX") == "García e Ibáñez 1999"
    assert author_date(work("a", "Mora", "Hierro"), "es") == "Mora y Hierro 1999"
    assert author_date(work("a", "Copeman", "Ackerman"), "ca") == "Copeman i Ackerman 1999"
    assert author_date(work("a", "Herz", "B", "C")) == "Herz et al. 1999"
    assert author_date(work("a", "Herz", year="")) == "Herz n.d."
    assert author_date(work("a", "Herz", year=""), "es") == "Herz s.\xa0f."
    assert author_date(work("a", title="Back mice again")) == "Back mice again 1999"


def test_a_title_that_stands_for_people_is_cut_after_a_word():
    whole = "The fat of the back and the pain of knee"
    assert len(whole) == 40
    assert author_date(work("a", title=whole)) == f"{whole} 1999"
    longer = "The fat of the back and the pain of the back in men"
    assert author_date(work("a", title=longer)) == "The fat of the back and the pain of… 1999"
    # A word that ends where the room ends is not known to be whole.
    exact = "The fat of the back and the pain of the knees"
    assert author_date(work("a", title=exact)) == "The fat of the back and the pain of… 1999"


def test_works_of_one_year_are_told_apart():
    works = [
        work("c", "Collée", "Dijkmans", "Cats", title="Zeta"),
        work("b", "Collée", "Vandenbroucke", "Cats", title="Alpha"),
        work("x", "Collée", year="1991", title="Beta"),
        work("a", "Collée", "Dijkmans", "Cats", title="Omega", order=(3,)),
    ]
    expected = {
        "b": "Collée et al. 1999a",
        "c": "Collée et al. 1999b",
        "a": "Collée et al. 1999c",
        "x": "Collée 1991",
    }
    assert labels(works) == expected
    assert labels(reversed(works)) == expected


def test_works_without_a_year_are_told_apart():
    assert labels(
        [work("a", "Herz", year="", title="A"), work("b", "Herz", year="", title="B")]
    ) == {
        "a": "Herz n.d.-a",
        "b": "Herz n.d.-b",
    }


def test_letters_go_on_after_z():
    assert [letter(n) for n in (1, 26, 27, 52, 53)] == ["a", "z", "aa", "az", "ba"]
