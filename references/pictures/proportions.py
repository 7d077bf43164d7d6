"""How sure a share is: so many of so many."""

from math import sqrt

Z = 1.959964  # of the normal distribution, 95 % in the middle


def wilson(events: int, total: int) -> tuple[float, float]:
    """The 95 % score interval of `events` of `total`, both ends from 0 to 1.

    Wilson 1927; worked examples: Newcombe 1998. `total` is at least 1, `events` at most that.
    """
    if not 0 <= events <= total or total < 1:
        raise ValueError(f"{events} of {total} is no share")
    share, square = events / total, Z * Z
    middle = (share + square / (2 * total)) / (1 + square / total)
    half = (
        Z * sqrt(share * (1 - share) / total + square / (4 * total * total)) / (1 + square / total)
    )
    return max(0.0, middle - half), min(1.0, middle + half)
