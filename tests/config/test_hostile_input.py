"""No text from outside costs more work than in proportion to its length, at whatever door it comes
in."""

import pytest

from tests.factories import AuthorUserFactory, PostFactory
from tests.hostile import (
    DATABASE_DOORS,
    ENOUGH,
    PLAIN_DOORS,
    REQUEST,
    again,
    growth,
    is_in_proportion,
    request_doors,
)

pytestmark = pytest.mark.once("it measures the work of this process, whatever the database does")
PART = 3  # of the lengths that `bench.hostile` shows: enough to tell the square from the line


def out_of_proportion(door, length, texts, enough=ENOUGH):
    """`{text: (seconds for a quarter, for the whole)}` of those whose work grows faster than they
    do."""
    door("Once, to have everything loaded that is loaded once.")
    grown = {name: growth(door, make, length // PART, enough) for name, make in texts.items()}
    return {name: seconds for name, seconds in grown.items() if not is_in_proportion(*seconds)}


@pytest.mark.parametrize("door", PLAIN_DOORS)
def test_work_grows_with_the_text_and_not_faster(door):
    assert out_of_proportion(*PLAIN_DOORS[door]) == {}


@pytest.mark.parametrize("door", DATABASE_DOORS)
def test_what_looks_up_its_words_does_so_too(db, door):
    assert out_of_proportion(*DATABASE_DOORS[door]) == {}


def test_so_does_every_request_a_stranger_or_the_author_can_make(client, db):
    desk = type(client)()
    desk.force_login(AuthorUserFactory())
    doors = request_doors(client, desk, PostFactory())
    assert {
        name: found
        for name, door in doors.items()
        if (found := out_of_proportion(*door, enough=REQUEST))
    } == {}


def test_the_measure_tells_the_square_from_the_line():
    def squared(text):
        return sum(1 for one in text for other in text)

    def straight(text):
        return sum(1 for each in range(700) for one in text)

    texts = {"one word": again("a")}
    assert out_of_proportion(straight, 3 * PART * 1000, texts) == {}
    assert list(out_of_proportion(squared, 3 * PART * 1000, texts)) == ["one word"]
