"""Intervals of shares, beside the figures of Newcombe (1998) and of the library's own studies."""

import pytest

from references.pictures.proportions import wilson


def test_intervals_are_those_of_the_literature():
    known = [
        (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718), (31, 37, 0.6886, 0.9235), (5, 5, 0.5655, 1),
        (3, 11, 0.0975, 0.5656), (6, 17, 0.1731, 0.5870), (10, 21, 0.2834, 0.6763),
        (1, 6, 0.0301, 0.5635),
    ]  # fmt: skip
    for events, total, low, high in known:
        assert wilson(events, total) == pytest.approx((low, high), abs=5e-5), (events, total)


def test_what_is_no_share_has_no_interval():
    for events, total in ((1, 0), (3, 2), (-1, 4)):
        with pytest.raises(ValueError, match="is no share"):
            wilson(events, total)
