"""What `bench.served` and `bench.large` found, in words: for a terminal, and as the tables and the
drawing of docs/performance.md."""

import json
import re

from bench import drawing
from bench.turns import GOALS, KEPT

BETWEEN = r"(<!-- {name}: [^>]*-->\n).*?(<!-- end -->\n)"


def lines(found):
    low, high = found["load"]
    versions = "".join(f", {name} {version}" for name, version in found["versions"].items())
    yield (
        f"Python {found['python']}, Django {found['django']}, {found['database']}{versions},"
        f" {found['cores']} cores, load {low}-{high}: hello {found['hello_ms']} ms of CPU"
    )
    names = sorted({name for page in found["pages"].values() for name in page["peers"]})
    yield (
        f"{'':<24}{'queries':>8}{'ms + database':>15}{'x hello':>9}{'goal':>6}{'kept':>10}"
        + "".join(f"{name:>17}" for name in names)
        + (f"{'ahead':>7}" if names else "")
    )
    for what, page in found["pages"].items():
        yield (
            f"{what:<24}{page['queries']:>8}{_cost(page):>15}{page['made']:>9.3f}"
            f"{GOALS.get(what, ''):>6}{_kept(page):>10}"
            + "".join(f"{_peer(page['peers'].get(name)):>17}" for name in names)
            + f"{page.get('ahead', ''):>7}"
        )
    memory = ", ".join(f"{name} {rss} ({pss})" for name, (rss, pss) in found["memory_mb"].items())
    yield (
        f"CPU to the first page {found['cpu_to_first_page_s']} s;"
        f" a worker holds after all of them, MB RSS (PSS): {memory}"
    )
    if front := found["front"]:
        yield (
            f"Behind nginx, {front['bytes']:,} bytes: kept page {front['page_ms']} ms, the same as"
            f" a file {front['file_ms']}: {front['share']} of it"
        )
    if high > found["cores"]:
        yield f"The machine was busy: {high} wanted its {found['cores']} cores."


def _kept(page):
    if "kept" not in page:
        return "-"
    asking = f" {page['kept_asking']:.2f}" if "kept_asking" in page else ""
    return f"{page['kept']:.2f}{asking}"


def _cost(cost):
    whole = f"{cost['ms']:.1f}"
    return f"{whole} + {cost['database_ms']:.1f}" if cost["database_ms"] else whole


def _peer(cost):
    return f"{_cost(cost)} {cost['whole']:.3f}" if cost else ""


def table(found):
    """The pages as a table of Markdown."""
    low, high = found["load"]
    versions = "; ".join(f"{name} {version}" for name, version in found["versions"].items())
    yield (
        f"{found['date']}, {found['cores']} cores, load {low}-{high} meanwhile. Python"
        f" {found['python']}, Django {found['django']}, {found['database']}; {versions}. Bare"
        f" hello: {found['hello_ms']} ms, {found['hello_per_second']} a second.\n"
    )
    names = list(found["versions"])
    peers = "".join(f" {name} |" for name in names)
    yield (
        "| page | made: CPU ms + database (queries) | x hello | with the database | goal |"
        f"{peers} times cheaper than the best peer | kept, x hello, x hello that reads its token |"
    )
    yield "|---|---|---|---|---|" + "---|" * (len(names) + 2)
    for what, page in found["pages"].items():
        said = "".join(f" {_in_table(page['peers'].get(name))} |" for name in names)
        yield (
            f"| {what} | {_cost(page)} ({page['queries']}) | {page['made']:.3f} |"
            f" {page['whole']:.3f} | {GOALS.get(what, '')} |{said} {page.get('ahead', '')} |"
            f" {_kept(page)} |"
        )
    yield ""
    kept = [page["peers"].get("wagtail, kept") for page in found["pages"].values()]
    if shares := [cost["whole"] for cost in kept if cost]:
        low, high = min(shares), max(shares)
        yield f"Wagtail with Django's cache of whole pages in memory: {low:.2f}-{high:.2f}.\n"
    yield "| | ours |" + peers + " goal |"
    yield "|---|---|---|" + "---|" * len(names)
    sizes = [found["memory_mb"].get(name) for name in ("ours", *names)]
    yield (
        "| a worker after all pages, MB RSS (PSS) |"
        + "".join(f" {rss} ({pss}) |" for rss, pss in sizes)
        + " 70 |"
    )
    yield (f"| CPU to the first page, s | {found['cpu_to_first_page_s']} |{' |' * len(names)} .8 |")
    if front := found["front"]:
        yield (
            f"| behind nginx, {front['bytes']:,} bytes: a kept page, the same as a file, ms |"
            f" {front['page_ms']}, {front['file_ms']}: {front['share']} |{' |' * len(names)}"
            f" {KEPT} |"
        )


def _in_table(cost):
    if not cost:
        return "-"
    asked = f" ({cost['queries']})" if cost.get("queries") else ""
    return f"{_cost(cost)}{asked}, {cost['whole']:.3f}"


def save(path, everything, found):
    """The figures, the drawing and the table of docs/performance.md."""
    path.write_text(json.dumps(everything, indent=1) + "\n")
    if found["database"] != "postgresql" and "postgresql" in everything:
        return  # the page tells of what sites of many readers have
    path.with_suffix(".svg").write_text(drawing.bars(found, GOALS))
    _put(path.with_suffix(".md"), "measured", table(found))


def _put(page, name, lines):
    """The lines between the marks of that name."""
    text, marks = "\n".join(lines), re.compile(BETWEEN.format(name=name), re.S)
    page.write_text(marks.sub(lambda m: f"{m[1]}{text}\n{m[2]}", page.read_text()))


def growth_lines(found):
    """What `bench.large` found, for a terminal."""
    yield f"{'CPU ms, ours + the database’s':<30}{'sample':>14}{'large':>16}{'times':>7}  queries"
    for what, page in found["pages"].items():
        sample, large = zip(page["ms"], page["database_ms"], strict=True)
        status = "" if set(page["status"]) == {200} else f" {page['status']}"
        mark = " *" if page["times"] > found["allowed"] else ""
        yield (
            f"{what:<30}{sample[0]:>7.1f}+{sample[1]:<6.1f}{large[0]:>8.1f}+{large[1]:<7.1f}"
            f"{page['times']:>7.1f}  {_pair(page['queries'])}; {_pair(_kb(page))} kB{status}{mark}"
        )
    yield f"* more than {found['allowed']:.0f} times"


def growth_table(found):
    """The same as a table of Markdown."""
    works, comments, posts, chapters = found["sizes"]
    yield (
        f"{found['date']}, {found['database']}, load {found['load']} at the end: the sample, and a"
        f" site of {works:,} works, {comments:,} comments, {posts:,} posts, {chapters:,} chapters."
        f" What costs more than {found['allowed']:.0f} times as much stands in bold.\n"
    )
    yield "| page made | sample: CPU ms + database | large | times | queries | kB |"
    yield "|---|---|---|---|---|---|"
    for what, page in found["pages"].items():
        sample, large = (
            f"{ms:.1f} + {theirs:.1f}"
            for ms, theirs in zip(page["ms"], page["database_ms"], strict=True)
        )
        times = f"**{page['times']}**" if page["times"] > found["allowed"] else page["times"]
        yield (
            f"| {what} | {sample} | {large} | {times} | {_pair(page['queries'])} |"
            f" {_pair(_kb(page))} |"
        )


def _kb(page):
    return [f"{size / 1000:.0f}" for size in page["bytes"]]


def _pair(values):
    return ", ".join(map(str, values))


def save_growth(path, found):
    """The figures and the table of growth."""
    everything = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps(everything | {"growth": found}, indent=1) + "\n")
    _put(path.with_suffix(".md"), "growth", growth_table(found))
