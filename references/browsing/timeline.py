"""The works of the library by year, as a drawing: where every mark stands, as text for an SVG
without a view box."""

from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from .facets import decade_name
from .selection import UNDATED

BASE = 65  # the foot of the marks, in pixels from the top
ROOM = 58  # their greatest height
MARK, STEP = 7, 9  # one work, and the distance to the next
STEPS = (10, 20, 50, 100, 200, 500, 1000, 2000)


@dataclass
class Bar:
    x: str
    y: str
    height: str
    chosen: bool


@dataclass
class Period:
    x: str
    text_x: str
    at_end: bool  # too narrow for its label, which then ends where the period does
    width: str
    label: str
    words: str
    address: str
    chosen: bool


@dataclass
class Timeline:
    bars: list = field(default_factory=list)
    width: str = ""
    fine: list = field(default_factory=list)
    coarse: list = field(default_factory=list)
    range: tuple = ()
    table: list = field(default_factory=list)


def draw(years, selection):
    """A `Timeline` of the rows of a `FacetCounts`, or None when no year is known."""
    rows = [row for row in years if row["year"] is not None]
    if not rows:
        return None
    start, end = rows[0]["year"] // 10 * 10, rows[-1]["year"] // 10 * 10 + 10
    scale = _Scale(start, end)
    drawing = Timeline(width=_percent(80 / (end - start)), range=_range(selection, scale))
    tallest = max(row["total"] for row in rows)
    narrowed = any(row["shown"] < row["total"] for row in years)
    for row in rows:
        row["chosen"] = row["shown"] if narrowed else 0
        drawing.bars.extend(_bars(row, scale, tallest))
    drawing.fine = _periods(rows, selection, scale, 14)
    drawing.coarse = _periods(rows, selection, scale, 7)
    drawing.table = _table(years, selection)
    return drawing


class _Scale:
    def __init__(self, start, end):
        self.start, self.end = start, end

    def at(self, year):
        return 100 * (min(max(year, self.start), self.end) - self.start) / (self.end - self.start)


def _percent(number):
    # In text already: a template would write 3,03 where that is the custom.
    return f"{number:.2f}%"


def _bars(row, scale, tallest):
    """A mark for each work while there is room, else one bar; what is chosen stands below the
    rest."""
    x, shown, total = _percent(scale.at(row["year"])), row["chosen"], row["total"]
    if tallest * STEP <= ROOM:
        for index in range(total):
            yield Bar(x, str(BASE - MARK - STEP * index), str(MARK), index < shown)
        return
    for first, last, chosen in ((0, shown, True), (shown, total, False)):
        if last > first:
            height = ROOM * (last - first) / tallest
            yield Bar(x, f"{BASE - ROOM * last / tallest:.1f}", f"{height:.1f}", chosen)


def _periods(rows, selection, scale, most):
    # Rows from before imports were checked may span more than any step was made for.
    span = scale.end - scale.start
    step = next((step for step in STEPS if span / step <= most), max(STEPS[-1], span // most + 1))
    low, high = _chosen_years(selection)
    periods = []
    for first in range(scale.start // step * step, scale.end, step):
        last = min(first + step, scale.end) - 1
        count = sum(row["others"] for row in rows if first <= row["year"] <= last)
        chosen = (low, high) != (None, None) and first <= (high or last) and last >= (low or first)
        left, right = scale.at(first), scale.at(last + 1)
        periods.append(
            Period(
                x=_percent(left),
                text_x=_percent(right if right - left < 7 else left),
                at_end=right - left < 7,
                width=_percent(right - left),
                label=pgettext("under a timeline, short", "%(decade)ss") % {"decade": first}
                if step == 10
                else str(first),
                words=_words(first, first + step - 1, count),
                address=_address(selection, first, first + step - 1),
                chosen=chosen,
            )
        )
    return periods


def _table(years, selection):
    """The same by decade, for those who read tables."""
    decades = {}
    for row in years:
        decade = UNDATED if row["year"] is None else row["year"] // 10 * 10
        line = decades.setdefault(decade, {"label": decade_name(decade), "total": 0, "shown": 0})
        line["address"] = selection.address(**{"decade": decade, "from": None, "to": None})
        line["total"] += row["total"]
        line["shown"] += row["shown"]
    return list(decades.values())


def _words(first, last, count):
    years = _("%(first)s to %(last)s") % {"first": first, "last": min(last, date.today().year)}
    return f"{years}, " + ngettext("%(count)s work", "%(count)s works", count) % {"count": count}


def _address(selection, first, last):
    """The list of a period; of all years if it is the one chosen already."""
    if last - first == 9:
        return selection.address(
            **{"decade": None if selection.decade == first else first, "from": None, "to": None}
        )
    same = (selection.first, selection.last) == (first, last)
    return selection.address(
        **{"decade": None, "from": None if same else first, "to": None if same else last}
    )


def _chosen_years(selection):
    if isinstance(selection.decade, int):
        return selection.decade, selection.decade + 9
    return selection.first, selection.last


def _range(selection, scale):
    low, high = _chosen_years(selection)
    if low is None and high is None:
        return ()
    left, right = (
        scale.at(low if low is not None else scale.start),
        scale.at((high or scale.end - 1) + 1),
    )
    return (_percent(left), _percent(right))
