"""How well the same work is known again: the labelled pairs, those nobody looked at while the rules
were made too."""

import pytest

from bench import matching as bench
from references import matching
from references.formats import Name, Record


@pytest.mark.parametrize("pairs", ["seen", "unseen"])
def test_same_is_right_and_one_work_is_not_missed(pairs):
    precision, recall, found, _wrong = bench.measure(pairs)
    assert sum(found.values()) == {"seen": 400, "unseen": 200}[pairs]
    assert precision >= bench.LEAST_PRECISION
    assert recall >= bench.LEAST_RECALL


@pytest.mark.parametrize("pairs", ["seen", "unseen"])
def test_it_does_not_matter_which_record_was_there_first(pairs):
    for _label, kind, one, other in bench.pairs(pairs):
        assert matching.judge(one, other) == matching.judge(other, one), kind


def test_every_verdict_says_its_reason():
    for _label, kind, one, other in bench.pairs("seen"):
        assert str(matching.judge(one, other).reason), kind


def test_an_author_whose_name_has_no_letters_has_no_name_to_be_found_by():
    for title in ("Mouse", "A title long enough to be a name of its own, and more"):
        record = Record(title=title, year=1952, names=[Name("🐭"), Name("…")])
        assert matching.keys(record) <= matching.keys(Record(title=title, year=1952))
