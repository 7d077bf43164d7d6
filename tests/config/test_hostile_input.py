"""No text from outside costs more work than in proportion to its length, at whatever door it comes
in."""

import pytest

from tests.factories import AuthorUserFactory, PostFactory
from tests.hostile import (
    DATABASE_DOORS,
    ENOUGH,
    PLAIN_DOORS,
    REQUEST,
    growth,
    is_in_proportion,
    request_doors,
)


def out_of_proportion(door, length, texts, enough=ENOUGH):
    """`{text: (seconds for a quarter, for the whole)}` of those whose work grows faster than they
    do; looked at twice."""
    door("Once, to have everything loaded that is loaded once.")
    found = {}
    for name, make in texts.items():
        if not is_in_proportion(*growth(door, make, length, enough)):
            seconds = growth(door, make, length, enough)
            if not is_in_proportion(*seconds):
                found[name] = seconds
    return found


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
