"""The flow as boxes and arrows with places, for the SVG and for anything else that draws: no
words but those of `labels`, no database."""

from dataclasses import dataclass, field
from textwrap import wrap

from .flow import Arm, Flow

WIDTH, GAP, LINE, PAD, TIP = 250, 40, 18, 12, 8
LETTERS = 36  # of a line
ROWS = ("identified", "screened", "sought", "assessed", "included")


@dataclass
class Box:
    x: int
    y: int
    lines: list[str]
    width: int = WIDTH

    @property
    def height(self) -> int:
        return len(self.lines) * LINE + 2 * PAD

    @property
    def texts(self) -> list[tuple[int, int, str]]:
        """`(x, y, line)` of each."""
        top = self.y + PAD + LINE - 5
        return [(self.x + PAD, top + at * LINE, line) for at, line in enumerate(self.lines)]

    @property
    def middle(self) -> int:
        return self.y + self.height // 2


@dataclass
class Drawing:
    width: int
    height: int = 0
    boxes: list[Box] = field(default_factory=list)
    arrows: list[tuple[tuple[int, int], ...]] = field(default_factory=list)  # its points

    def arrow(self, *points: tuple[int, int]) -> None:
        self.arrows.append(points)

    @property
    def paths(self) -> list[str]:
        """The arrows as SVG writes them."""
        return [_path(points) for points in self.arrows]

    @property
    def heads(self) -> list[str]:
        return [f"{_path(head(points))}z" for points in self.arrows]


def _path(points):
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)


def head(points: tuple[tuple[int, int], ...]) -> list[tuple[float, float]]:
    """The corners of the head of an arrow, which runs along or across."""
    (x1, y1), (x, y) = points[-2:]
    along = ((x > x1) - (x < x1), (y > y1) - (y < y1))
    foot = (x - along[0] * TIP, y - along[1] * TIP)
    half = TIP / 2
    sides = [(foot[0] + s * along[1] * half, foot[1] + s * along[0] * half) for s in (1, -1)]
    return [(x, y), *sides]


def _lines(title, parts=()):
    """A title with its parts below it, each in lines that fit."""
    found = wrap(title, LETTERS)
    for part in parts:
        found += wrap(part, LETTERS, initial_indent="  ", subsequent_indent="    ")
    return found


def counted(label: str, number: int) -> str:
    return f"{label} (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{number})"


def column(arm: Arm, labels: dict, prefix: str = "") -> list[tuple[list[str], list[str] | None]]:
    """`(lines of a box, lines of what leaves it to the right or None)` from above to below."""
    each = [counted(labels.get(name, name), n) for name, n in arm.identified.items()]
    steps = []
    if not prefix:
        removed = [counted(labels[name], n) for name, n in arm.removed.items() if n]
        out = _lines(counted(labels["removed"], sum(arm.removed.values())), removed)
        steps += [
            (_lines(counted(labels["identified"], arm.total), each), out),
            (
                _lines(counted(labels["screened"], arm.screened)),
                _lines(counted(labels["excluded"], arm.excluded), _open(labels, arm.waiting)),
            ),
        ]
    else:
        steps.append((_lines(counted(labels["identified"], arm.total), each), None))
    refused = [counted(labels["reasons"].get(name, name), n) for name, n in arm.refused.items()]
    out = _lines(counted(labels["refused"], sum(arm.refused.values())), refused)
    steps += [
        (
            _lines(counted(labels["sought"], arm.sought)),
            _lines(counted(labels["not_retrieved"], arm.not_retrieved)),
        ),
        (
            _lines(counted(labels["assessed"], arm.assessed)),
            out + [line for part in _open(labels, arm.unread) for line in wrap(part, LETTERS)],
        ),
    ]
    return steps


def _open(labels, number):
    return [counted(labels["undecided"], number)] if number else []


def result(flow: Flow, labels: dict) -> list[str]:
    lines = _lines(counted(labels["new_studies"], flow.new_studies))
    lines += _lines(counted(labels["new_reports"], flow.new_reports))
    return lines


def draw(flow: Flow, labels: dict) -> Drawing:
    """`labels`: words for the name of each box; under “reasons” those of each reason."""
    columns = [column(flow.databases, labels)]
    if flow.others:
        columns.append(column(flow.others, labels, "others"))
    updated = flow.variant[0] == "updated"
    left = WIDTH + GAP if updated else 0
    made = Drawing(left + len(columns) * 2 * (WIDTH + GAP) - GAP + 2)
    ends, y = [], 1
    for at, steps in enumerate(columns):
        ends.append(_put(made, steps, left + at * 2 * (WIDTH + GAP) + 1))
    bottom = max(end.y + end.height for end in ends) + GAP
    here = Box(left + 1, bottom, result(flow, labels))
    made.boxes.append(here)
    for end in ends:
        x = end.x + WIDTH // 2
        if end.x == here.x:
            made.arrow((x, end.y + end.height), (x, here.y))
        else:
            made.arrow((x, end.y + end.height), (x, here.middle), (here.x + WIDTH, here.middle))
    if updated:
        before = _lines(counted(labels["previous_studies"], flow.previous_studies))
        before += _lines(counted(labels["previous_reports"], flow.previous_reports))
        total = _lines(counted(labels["total_studies"], flow.total_studies))
        total += _lines(counted(labels["total_reports"], flow.total_reports))
        old = Box(1, y, before)
        all_of_it = Box(left + 1, here.y + here.height + GAP, total)
        made.boxes += [old, all_of_it]
        x, left = here.x + WIDTH // 2, old.x + WIDTH // 2
        made.arrow((x, here.y + here.height), (x, all_of_it.y))
        below = all_of_it.middle
        made.arrow((left, old.y + old.height), (left, below), (all_of_it.x, below))
    made.height = max(box.y + box.height for box in made.boxes) + 2
    return made


def _put(made, steps, x):
    """The boxes of one column; gives its last."""
    y, above = 1, None
    for lines, out in steps:
        box = Box(x, y, lines)
        made.boxes.append(box)
        if above:
            made.arrow((x + WIDTH // 2, above.y + above.height), (x + WIDTH // 2, box.y))
        height = box.height
        if out:
            beside = Box(x + WIDTH + GAP, y, out)
            made.boxes.append(beside)
            at = y + min(box.height, beside.height) // 2
            made.arrow((x + WIDTH, at), (beside.x, at))
            height = max(height, beside.height)
        above, y = box, y + height + GAP
    return above
