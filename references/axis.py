"""Years on a line, as text for an SVG without a view box: x in per cent, so that it takes any
width."""

from dataclasses import dataclass, field
from datetime import date


@dataclass
class Scale:
    first: int
    last: int

    def at(self, year):
        return f"{100 * (year - self.first) / (self.last - self.first):.1f}%"


@dataclass
class Strip:
    ticks: list = field(default_factory=list)
    start: str = ""
    end: str = ""


def scale(years):
    """From the beginning of the first decade to the end of the last, or to this year; None without
    years."""
    if not years:
        return None
    first = min(years) // 10 * 10
    return Scale(
        first, max(min((max(years) // 10 + 1) * 10, date.today().year), max(years), first + 10)
    )


def strip(years, scale, first=None, last=None):
    """A tick for each year, and a line from the first to the last year in use."""
    if scale is None or not (years or first):
        return None
    low, high = min([*years, first or 9999]), max([*years, last or 0])
    drawn = Strip([scale.at(year) for year in sorted(set(years))])
    if low < high:
        drawn.start, drawn.end = scale.at(max(low, scale.first)), scale.at(min(high, scale.last))
    return drawn
