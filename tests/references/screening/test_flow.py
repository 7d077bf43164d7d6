"""The arithmetic of the flow: the fixtures of the field close, what is wrong says which box."""

import pytest

from references.screening import drawing, table, words
from references.screening.agreement import kappa
from references.screening.flow import Arm, Flow, as_json, from_json, gaps


def arm(identified, removed, excluded, not_retrieved, refused, waiting=0, unread=0):
    """An arm whose numbers follow one from the other."""
    screened = identified - removed
    sought = screened - excluded - waiting
    assessed = sought - not_retrieved
    return Arm(
        identified={"pubmed": identified}, removed={"duplicate": removed}, screened=screened,
        excluded=excluded, waiting=waiting, sought=sought, not_retrieved=not_retrieved,
        assessed=assessed, unread=unread, refused={"1": refused},
        included=assessed - unread - refused,
    )  # fmt: skip


def flow(databases, others=None, studies=None, **values):
    reports = databases.included + (others.included if others else 0)
    studies = reports if studies is None else studies
    return Flow(
        databases, others, studies, reports,
        **{"total_studies": studies, "total_reports": reports, **values},
    )  # fmt: skip


FIRST = arm(162, 23, 25, 4, 88)
SECOND = arm(700, 167, 398, 0, 93)
TWO_ARMS = flow(
    Arm({"pubmed": 150}, {"duplicate": 20}, 130, 120, 0, 10, 0, 10, 0, {"1": 4}, 6),
    Arm({"citations": 9}, {}, 0, 0, 0, 9, 1, 8, 0, {"2": 3}, 5),
    studies=7,
)


def test_the_fixtures_close():
    assert (FIRST.screened, FIRST.sought, FIRST.assessed, FIRST.included) == (139, 114, 110, 22)
    assert (SECOND.screened, SECOND.sought, SECOND.included) == (533, 135, 42)
    for each in (flow(FIRST), flow(SECOND), TWO_ARMS):
        assert gaps(each) == []
        assert gaps(from_json(as_json(each))) == []
    assert (TWO_ARMS.new_reports, TWO_ARMS.new_studies) == (11, 7)


@pytest.mark.parametrize(
    ("change", "box"),
    [
        ({"screened": 140}, "screened"),
        ({"sought": 113}, "sought"),
        ({"assessed": 111}, "assessed"),
        ({"refused": {"1": 87}}, "included"),
    ],
)
def test_a_box_that_does_not_close_is_named(change, box):
    broken = flow(arm(162, 23, 25, 4, 88))
    for name, value in change.items():
        setattr(broken.databases, name, value)
    assert box in [gap.box for gap in gaps(broken)]


def test_more_studies_than_reports_or_a_wrong_total_do_not_close():
    assert [gap.box for gap in gaps(flow(FIRST, studies=23))] == ["new_studies"]
    wrong = flow(FIRST, previous_reports=5, previous_studies=5)
    assert [gap.box for gap in gaps(wrong)] == ["total_reports"]
    right = flow(FIRST, previous_reports=5, previous_studies=5, total_reports=27, total_studies=27)
    assert gaps(right) == []


def test_the_four_variants_and_what_is_provisional():
    old = {"previous_reports": 5, "previous_studies": 5, "total_reports": 27, "total_studies": 27}
    assert flow(FIRST).variant == ("new", "databases")
    assert flow(FIRST, **old).variant == ("updated", "databases")
    assert TWO_ARMS.variant == ("new", "databases and others")
    assert not flow(FIRST).is_provisional
    unfinished = flow(arm(20, 2, 5, 0, 3, waiting=4, unread=2))
    assert unfinished.is_provisional
    assert gaps(unfinished) == []


def test_the_picture_and_the_table_say_the_same_and_no_boxes_overlap():
    labels = words.labels({"reasons": {"1": {"en": "another population"}}})
    old = {"previous_reports": 5, "previous_studies": 5, "total_reports": 16, "total_studies": 12}
    whole = Flow(TWO_ARMS.databases, TWO_ARMS.others, 7, 11, **old)
    made = drawing.draw(whole, labels)
    drawn = " ".join(" ".join(box.lines) for box in made.boxes).replace("\N{NO-BREAK SPACE}", " ")
    for _box, _words, number, _depth in table.rows(whole, labels):
        assert f"= {number})" in drawn or number == 0 or number in (6, 5)
    assert "another population (n = 4)" in drawn
    for at, one in enumerate(made.boxes):
        assert one.x >= 0
        assert one.x + one.width <= made.width
        for other in made.boxes[at + 1 :]:
            assert (
                one.x + one.width <= other.x
                or other.x + other.width <= one.x
                or one.y + one.height <= other.y
                or other.y + other.height <= one.y
            )


def test_cohens_kappa():
    assert kappa(20, 5, 10, 15) == pytest.approx(0.40)
    assert kappa(0, 0, 0, 0) is None
    assert kappa(7, 0, 0, 0) is None
