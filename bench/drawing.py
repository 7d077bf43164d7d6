"""A drawing of what `bench.served` found: for each page a bar of ours and one of each peer on a
logarithmic scale, the goal a line across ours."""

import math
from html import escape

WIDTH, LEFT, TOP, BAR = 760, 190, 64, 15
LEAST, MOST = 0.001, 2
STYLE = """<style>
svg { --ground: #fff; --ink: #222; --ours: #8c2f39; --kept: #e6d3cd; --wagtail: #4b6f8c;
  --wordpress: #8f8a80 }
@media (prefers-color-scheme: dark) { svg { --ground: #1c1917; --ink: #e8e2da; --ours: #e0838c;
  --kept: #4a3734; --wagtail: #7fa6c6; --wordpress: #8f8a80 } }
text { fill: var(--ink) }
.ground { fill: var(--ground) } .goal { stroke: var(--ink); stroke-width: 2 }
.ours { fill: var(--ours) } .kept { fill: var(--kept) } .wagtail { fill: var(--wagtail) }
.wordpress { fill: var(--wordpress) }
</style>"""


def at(share):
    """Where a share of hello lies."""
    low, high = math.log10(LEAST), math.log10(MOST)
    place = (math.log10(min(max(share, LEAST), MOST)) - low) / (high - low)
    return round(LEFT + place * (WIDTH - LEFT - 50), 1)


def bars(found, goals):
    names, lines, y = list(found["versions"]), [], TOP
    for what, page in found["pages"].items():
        lines.append(_text(LEFT - 10, y + 12, what, "end"))
        lines += [_bar(y, page.get("kept", 0), "kept"), _bar(y, page["whole"], "ours")]
        beside = at(page["whole"])
        if what in goals:
            goal = at(goals[what])
            lines.append(f'<path class="goal" d="M{goal} {y - 2}v{BAR + 4}"/>')
            if beside <= goal < beside + 50:  # the line would go through the number
                beside = goal
        lines.append(_text(beside + 6, y + 12, f"{page['whole']:.3f}"))
        y += BAR + 2
        for name in names:
            if cost := page["peers"].get(name):
                lines.append(_bar(y, cost["whole"], name))
                lines.append(_text(at(cost["whole"]) + 6, y + 12, f"{cost['whole']:.3f}"))
                y += BAR + 2
        y += 9
    for share in (0.001, 0.01, 0.1, 1):
        lines.append(_text(at(share), y + 14, share, "middle"))
    title = f"Pages as shares of what Django's hello costs, {found['date']}"
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y + 30}"'
        ' font-family="sans-serif" font-size="13">',
        STYLE, f"<title>{escape(title)}</title>",
        f'<rect class="ground" width="{WIDTH}" height="{y + 30}"/>',
        _text(LEFT, 20, "share of hello: CPU of hello / CPU of the page and its database"),
        *_legend(["ours", "kept", *names]), *lines, "</svg>",
    ]) + "\n"  # fmt: skip


def _legend(names):
    words = {"ours": "ours, made", "kept": "ours, kept", "wagtail": "Wagtail",
             "wordpress": "WordPress"}  # fmt: skip
    for place, name in enumerate(names):
        x = LEFT + 110 * place
        yield f'<rect class="{name}" x="{x}" y="32" width="12" height="12"/>'
        yield _text(x + 18, 43, words[name])
    x = LEFT + 110 * len(names)
    yield f'<path class="goal" d="M{x + 5} 31v15"/>'
    yield _text(x + 18, 43, "goal, made")


def _text(x, y, words, anchor="start"):
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}">{escape(str(words))}</text>'


def _bar(y, share, kind):
    width = round(at(share) - LEFT, 1)
    return f'<rect class="{kind}" x="{LEFT}" y="{y}" width="{width}" height="{BAR}"/>'
