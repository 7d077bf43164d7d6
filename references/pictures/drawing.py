"""The pictures as SVG files that stand alone: for slides and papers. On the page they are tables
with marks in them; nothing here is needed to read those."""

from dataclasses import dataclass, field

from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .. import axis

WIDTH, LINE, EDGE = 860, 24, 20
INK, FAINT, PAPER = "#1f1d1a", "#a9a296", "#fffdf8"
FONT = "Source Sans 3, Helvetica, Arial, sans-serif"
NAMES, DRAWN = 250, 600  # where the names end, and where the drawing does
MOST_LETTERS = 40


@dataclass
class Drawing:
    """Marks from top to bottom; `text()` is the whole file."""

    title: str
    says: str
    y: float = EDGE
    marks: list = field(default_factory=list)

    def down(self, pixels=LINE):
        self.y += pixels
        return self.y

    def words(self, x, text, *, size=13, anchor="start", bold=False, faint=False):
        weight = ' font-weight="700"' if bold else ""
        self.marks.append(
            f'<text x="{x:.1f}" y="{self.y:.1f}" font-size="{size}" text-anchor="{anchor}"'
            f' fill="{"#5f5a50" if faint else INK}"{weight}>{escape(text)}</text>'
        )

    def line(self, x1, y1, x2, y2, *, colour=INK, width=1.0):
        self.marks.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"'
            f' stroke-width="{width}"/>'
        )

    def square(self, x, y, size):
        half = size / 2
        self.marks.append(
            f'<rect x="{x - half:.1f}" y="{y - half:.1f}" width="{size}" height="{size}"'
            f' fill="{INK}"/>'
        )

    def circle(self, x, y, radius, *, filled=True):
        fill = INK if filled else PAPER
        self.marks.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{fill}" stroke="{INK}"/>'
        )

    def text(self):
        height = self.y + EDGE
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}"'
            f' width="{WIDTH}" height="{height:.0f}" role="img" xml:lang="{get_language()}"'
            f' font-family="{FONT}" aria-labelledby="t d">'
            f'<title id="t">{escape(self.title)}</title><desc id="d">{escape(self.says)}</desc>'
            f'<rect width="{WIDTH}" height="{height:.0f}" fill="{PAPER}"/>{"".join(self.marks)}'
            "</svg>\n"
        )


def _begun(title, says):
    drawing = Drawing(title, says)
    drawing.down(6)
    drawing.words(EDGE, title, size=17, bold=True)
    return drawing


def _ended(drawing):
    drawing.down()
    for line in _lines(drawing.says):
        drawing.words(EDGE, line, size=12, faint=True)
        drawing.down(16)
    return drawing.text()


def _lines(text, most=120):
    line = ""
    for word in text.split():
        if line and len(line) + len(word) >= most:
            yield line
            line = ""
        line = f"{line} {word}" if line else word
    if line:
        yield line


def _shortened(text, most=MOST_LETTERS):
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def forest(found, title, says):
    """Each share as a square with its interval, grouped by design."""
    drawing = _begun(title, says)
    drawing.down(LINE + 6)
    foot = drawing.y

    def at(share):
        return NAMES + (DRAWN - NAMES) * share

    # xgettext:no-python-format
    drawing.words(WIDTH - EDGE, _("95% interval"), size=12, anchor="end", faint=True)
    for mark in range(0, 101, 25):
        drawing.words(at(mark / 100), percent(mark), size=12, anchor="middle", faint=True)
    for design, shares in found.shares:
        drawing.down(LINE + 4)
        drawing.words(EDGE, design, bold=True)
        for share in shares:
            drawing.down()
            middle = drawing.y - 4
            drawing.words(EDGE, _shortened(share.work.label, 32))
            drawing.line(at(share.low), middle, at(share.high), middle, width=1.5)
            drawing.square(at(share.share), middle, 9)
            drawing.words(DRAWN + 80, f"{share.events}/{share.total}", size=12, anchor="end")
            drawing.words(WIDTH - EDGE, percents(share), size=12, anchor="end")
            if said := _shortened(" · ".join(filter(None, [share.defined, share.follow_up])), 90):
                drawing.down(15)
                drawing.words(EDGE, said, size=11, faint=True)
    for mark in (0, 25, 50, 75, 100):
        grid = at(mark / 100)
        drawing.marks.insert(
            0,
            f'<line x1="{grid:.1f}" y1="{foot + 8:.1f}" x2="{grid:.1f}" y2="{drawing.y + 8:.1f}"'
            f' stroke="{FAINT}" stroke-width=".7"/>',
        )
    return _ended(drawing)


def percents(share):
    """“84 % (69–92)”, whole numbers: more would claim what so few patients cannot say."""
    low, high = round(100 * share.low), round(100 * share.high)
    return f"{percent(round(100 * share.share))} ({low}–{high})"


def percent(number):
    """English writes it without a space."""
    return f"{number}%" if get_language() == "en" else f"{number}\u00a0%"


def outcome_map(found, title, says):
    """Circles as large as their number; rings for what studies do not report."""
    drawing = _begun(title, says)
    step = (WIDTH - EDGE - NAMES) / max(1, len(found.outcomes))
    columns = [NAMES + step * (place + 0.5) for place in range(len(found.outcomes))]
    drawing.down(LINE + 6)
    for x, name in zip(columns, found.outcomes, strict=True):
        drawing.words(x, name, size=12, anchor="middle", bold=True)
    most = max([cell.given for _design, cells in found.map for cell in cells], default=1) or 1
    for design, cells in found.map:
        drawing.down(40)
        drawing.words(EDGE, _shortened(design, 34))
        drawing.line(EDGE, drawing.y + 16, WIDTH - EDGE, drawing.y + 16, colour=FAINT, width=0.6)
        for x, cell in zip(columns, cells, strict=True):
            if cell.given:
                drawing.circle(x - 12, drawing.y - 5, 4 + 10 * (cell.given / most) ** 0.5)
                drawing.words(x + 8, str(cell.given))
            elif cell.silent:
                drawing.circle(x - 12, drawing.y - 5, 5, filled=False)
    return _ended(drawing)


def years(found, title, says):
    """A tick for each study, a line for each design."""
    drawing = _begun(title, says)
    scale = axis.scale([year for line in found.lines for year in line.years])
    drawing.down(LINE)
    if scale is None:
        return _ended(drawing)
    span = scale.last - scale.first

    def at(year):
        return NAMES + (WIDTH - 80 - NAMES) * (year - scale.first) / span

    step = next(step for step in (10, 20, 50, 100, 200, 500, span) if span / step <= 10)
    for year in range(scale.first, scale.last + 1, step):
        drawing.words(at(year), str(year), size=12, anchor="middle", faint=True)
    for line in found.lines:
        drawing.down(LINE + 4)
        middle = drawing.y - 4
        drawing.words(EDGE, _shortened(line.design, 34))
        drawing.line(at(scale.first), middle, at(scale.last), middle, colour=FAINT)
        for year in line.years:
            drawing.line(at(year), middle - 7, at(year), middle + 7, width=1.6)
        drawing.words(WIDTH - EDGE, str(len(line.works)), anchor="end")
    return _ended(drawing)
