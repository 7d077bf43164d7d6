"""A drawing of what `bench.served` found: a bar for each page on a logarithmic scale, its goal a
line across it."""

import math
from html import escape

WIDTH, LEFT, ROW, TOP = 720, 190, 30, 44
LEAST, MOST = 0.001, 1


def at(share):
    """Where a share of hello lies."""
    low, high = math.log10(LEAST), math.log10(MOST)
    place = (math.log10(min(max(share, LEAST), MOST)) - low) / (high - low)
    return round(LEFT + place * (WIDTH - LEFT - 60), 1)


def bars(found, goals):
    pages = found["pages"]
    height = TOP + ROW * len(pages) + 40
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"'
        ' font-family="sans-serif" font-size="13">',
        f"<title>Pages made, as a share of what Django's hello costs, {found['date']}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="{LEFT}" y="24">made, x hello (the line: the goal; light: kept)</text>',
    ]
    for number, (what, page) in enumerate(pages.items()):
        y = TOP + ROW * number
        lines += [
            f'<text x="{LEFT - 10}" y="{y + 15}" text-anchor="end">{escape(what)}</text>',
            _bar(y, page["kept"], "#e6dcd6"),
            _bar(y, page["made"], "#8c2f39"),
            f'<text x="{at(page["kept"]) + 6}" y="{y + 15}">{page["made"]:.3f}</text>',
        ]
        if what in goals:
            x = at(goals[what])
            lines.append(f'<path d="M{x} {y - 2}v24" stroke="#222" stroke-width="2"/>')
    for share in (0.001, 0.01, 0.1, 1):
        lines.append(f'<text x="{at(share)}" y="{height - 14}" text-anchor="middle">{share}</text>')
    return "\n".join([*lines, "</svg>"]) + "\n"


def _bar(y, share, colour):
    width = round(at(share) - LEFT, 1)
    return f'<rect x="{LEFT}" y="{y}" width="{width}" height="20" fill="{colour}"/>'
