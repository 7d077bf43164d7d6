"""How well the same work is known again: the labelled pairs, those nobody looked at while the rules
were made too."""

from dataclasses import replace

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


def test_volumes_of_one_isbn_are_told_apart():
    pairs = list(bench.pairs("volumes"))
    assert len(pairs) == 36
    assert [
        (label, kind, bench.verdict(one, other))
        for label, kind, one, other in pairs
        if {bench.verdict(one, other), bench.verdict(other, one)} != {label}
    ] == []


def test_every_verdict_says_its_reason():
    for _label, kind, one, other in bench.pairs("seen"):
        assert str(matching.judge(one, other).reason), kind


@pytest.mark.parametrize("family", ["🐭", "—", ".", "", "…"])
def test_a_name_without_a_letter_is_compared_like_any_other(family):
    record = Record(title="Reply", year=1937, names=[Name(family, "")])
    assert matching.keys(replace(record, title="A reply that is long enough to be known by"))
    assert matching.judge(record, record).verdict
