"""`make soak`: everybody at once for ten minutes (SECONDS=): readers, people who write, searches
and exports, an author who saves; memory and connections over time. Writes docs/soak.md.

`DATABASE_URL` of a PostgreSQL server with the right to make a database, or one is started.
"""

import argparse
import collections
import math
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from datetime import date
from pathlib import Path
from urllib.parse import quote_plus

from tests import run

from .site import ROOT, Site, author, database_on, folder

EVERY = 5  # seconds between two looks at memory
SEARCHES = "back pain lipoma nodule fascia nervio dolor grasa múscul nòdul treatment 1944".split()
GROWS = 0.10  # more than this between the middle of a run and its end is no flat line
SHIPPED = 4  # LOCK_SECONDS, of a machine that has nothing else to do


class Load:
    """What everybody does, and what came back: `answers` by kind and status."""

    def __init__(self, site, pages, forms, desk):
        self.site, self.pages, self.forms, self.desk = site, pages, forms, desk
        self.answers, self.times = collections.Counter(), collections.defaultdict(list)
        self.wrong, self.end = [], 0.0

    def run(self, seconds):
        self.end = time.monotonic() + seconds
        kinds = [self.read] * 3 + [self.search, self.export, self.write, self.write, self.save]
        threads = [threading.Thread(target=self._work, args=(kind,)) for kind in kinds]
        for each in threads:
            each.start()
        return threads

    def _work(self, kind):
        random_ = random.Random(kind.__name__)
        while time.monotonic() < self.end:
            kind(random_)

    def _ask(self, kind, path, random_, *args, **options):
        reader = ".".join(["10", *(str(random_.randrange(256)) for _ in range(3))])
        begun = time.perf_counter()
        status, body, headers = self.site.tried(path, *args, reader=reader, timeout=60, **options)
        self.times[kind].append(time.perf_counter() - begun)
        self.answers[kind, status] += 1
        if status == 0 or status >= 500:
            self.wrong.append((kind, path, status))
        return status, body, headers

    def read(self, random_):
        coding = random_.choice(["br", "gzip", ""])
        headers = {"Accept-Encoding": coding} if coding else {}
        self._ask("page", random_.choice(self.pages), random_, headers=headers)

    def search(self, random_):
        words = quote_plus(" ".join(random_.sample(SEARCHES, random_.randint(1, 3))))
        where = random_.choice(["/search/?q=", "/references/?q=", "/questions/?q="])
        self._ask("search", where + words, random_)

    def export(self, random_):
        kind = random_.choice(["bib", "ris", "nbib", "csl.json", "csv"])
        year = random_.randrange(1900, 2025)
        self._ask("export", f"/references/export.{kind}?from={year}", random_)

    def write(self, random_):
        """The form, a preview of it, the sending of it."""
        address, data = self.forms[random_.randrange(len(self.forms))]
        self._ask("form", address, random_)
        words = {"text": data["text"], "language": ""}
        self._ask("preview", "/comments/preview/", random_, words)
        self._ask("comment", address, random_, data)

    def save(self, random_):
        """The form of a chapter or a post, and the saving of it."""
        for address, form, cookies in self.desk:
            self._ask("desk", address, random_, cookies=cookies)
            fresh = form()
            self._ask("save", address, random_, fresh, cookies=cookies)
            if time.monotonic() > self.end:
                return


def weighs(pid):
    """`(PSS, RSS)` in megabytes."""
    rows = dict(
        line.split(":", 1)
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    )
    return tuple(int(rows[name].split()[0]) / 1024 for name in ("Pss", "Rss"))


def open_files(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def connections():
    """To the database, of everybody; 0 for SQLite, whose are open files."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return cursor.fetchone()[0]


def watched(site, threads, begun):
    """Now and then `(second, PSS of the workers, RSS of the larger, open files, connections)`."""
    rows = []
    while any(each.is_alive() for each in threads):
        time.sleep(EVERY)
        weights, files = [], 0
        for pid in site.workers():
            try:
                weights.append(weighs(pid))
                files += open_files(pid)
            except (OSError, KeyError):  # it ended between two lines
                continue
        if weights:
            pss, rss = sum(each[0] for each in weights), max(each[1] for each in weights)
            rows.append((time.monotonic() - begun, pss, rss, files, connections()))
    return rows


def people(number):
    """`(pages, forms, the author's forms)`."""
    from django.urls import reverse

    from blog.models import Post
    from config import chores
    from review.models import Chapter
    from tests.comments.forms import address, filled
    from tests.publishing.test_editing import form_of

    chores.fill_captchas(None, None)
    posts, chapters = list(Post.objects.published()), list(Chapter.objects.published())
    pages = ["/", "/review/", "/references/", "/blog/", "/questions/", "/feed.atom", "/sitemap.xml"]
    pages += [each.get_absolute_url() for each in posts + chapters]
    pages += [f"/{language}{path}" for language in ("es", "ca") for path in pages[:5]]
    forms = [
        (
            address(page),
            filled(
                page,
                text=f"Question {each}. " + "It hurts at night. " * 20,
                email=f"soak{each}@example.org",
            ),
        )
        for each in range(number)
        for page in [posts[each % len(posts)]]
    ]
    client, cookies = author()
    desk = []
    for page in (chapters[0], posts[0]):
        name = f"admin:{page._meta.app_label}_{page._meta.model_name}_change"
        change = reverse(name, args=[page.pk])
        desk.append((change, lambda change=change: form_of(client, change), cookies))
    return pages, forms, desk


HEAD = """# Everybody at once, for {seconds} seconds

Written by `make soak SECONDS={seconds}` from what it measured on {when}: the site as it is shipped
(gunicorn, two workers of four threads), sample content, {cores} cores that also made the load,
other work beside it. Eight people without a pause: three read pages, one searches, one exports,
two open the form, look at a preview and send it, and one saves chapters and posts, after which
every page is made anew. PSS is what all workers weigh together, what they share counted once.
“Flat”: between a third of the time and its end less than {grows:.0%} more. The machine was shared:
a second of computing took {slow:.1f} when it began, and so whoever writes waited for a lock for up
to {lock} s instead of {shipped}. Compare runs of one machine only.
How: `tests/faults/soak.py`, why: [adr/0041](adr/0041-bad-days.md).
"""


def lines(database, load, rows):
    """The part of the page about one database."""
    answers = sum(load.answers.values())
    yield f"## {database}"
    yield ""
    yield f"{answers} answers, {len(load.wrong)} of 5xx or without an answer."
    yield ""
    yield "| second | PSS of both workers | RSS of the larger | open files | connections |"
    yield "|---|---|---|---|---|"
    step = max(1, len(rows) // 12)
    for second, pss, rss, files, open_ones in rows[::step]:
        yield f"| {second:.0f} | {pss:.0f} MB | {rss:.0f} MB | {files} | {open_ones} |"
    yield ""
    yield "| what | how many | median | slowest in twenty | answers |"
    yield "|---|---|---|---|---|"
    for kind, times in load.times.items():
        times.sort()
        said = ", ".join(
            f"{count} of {status}" for (name, status), count in load.answers.items() if name == kind
        )
        middle, slow = (times[int(len(times) * part)] * 1000 for part in (0.5, 0.95))
        yield f"| {kind} | {len(times)} | {middle:.0f} ms | {slow:.0f} ms | {said} |"
    yield ""


def judged(load, rows):
    """What is wrong with a run, in words; empty if nothing is."""
    if load.wrong:
        return f"{len(load.wrong)} failed: {load.wrong[:5]}"
    settled = [row for row in rows if row[0] > rows[-1][0] / 3]
    early, late = (settled[: len(settled) // 4 or 1], settled[-(len(settled) // 4 or 1) :])
    for name, column in (("memory", 1), ("open files", 3), ("connections", 4)):
        before, after = (sum(row[column] for row in part) / len(part) for part in (early, late))
        if after > before * (1 + GROWS) + 1:
            return f"{name} grow from {before:.0f} to {after:.0f}"
    return ""


def soak(url, seconds):
    """`(load, rows)` of one database."""
    with folder() as place:
        site = Site(place, url)
        load = Load(site, *people(400))
        site.start()
        try:
            begun = time.monotonic()
            rows = watched(site, load.run(seconds), begun)
        finally:
            site.stop()
    return load, rows


def one(url, seconds, out):
    load, rows = soak(url, seconds)
    said = "\n".join(lines("PostgreSQL" if url else "SQLite", load, rows))
    Path(out).write_text(said)
    print(said, flush=True)
    return judged(load, rows) or 0


def main():
    parser = argparse.ArgumentParser(prog="make soak")
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--write", action="store_true", help="docs/soak.md")
    parser.add_argument("--one", help="DATABASE_URL, or nothing for SQLite")
    parser.add_argument("--out")
    options = parser.parse_args()
    if options.one is not None:
        return one(options.one, options.seconds, options.out)
    slow = slowness()
    os.environ["LOCK_SECONDS"] = lock = str(max(SHIPPED, math.ceil(SHIPPED * slow)))
    parts = [
        HEAD.format(
            seconds=options.seconds,
            when=f"{date.today():%-d %B %Y}",
            cores=os.cpu_count(),
            grows=GROWS,
            slow=slow,
            lock=lock,
            shipped=SHIPPED,
        )
    ]
    parts.append(measured("", options.seconds))
    if programs := run.server_programs():
        with run.throw_away_server(programs) as url:
            parts.append(measured(database_on(url), options.seconds))
    if options.write:
        (ROOT / "docs/soak.md").write_text("\n".join(parts))
    return 0


def slowness():
    """Seconds that one of computing takes beside whatever else the machine does."""
    begun, computed = time.monotonic(), time.process_time()
    while time.process_time() - computed < 1:
        sum(range(10_000))
    return time.monotonic() - begun


def measured(url, seconds):
    """In a process of its own, whose settings name this database."""
    with tempfile.NamedTemporaryFile(suffix=".md") as out:
        command = [sys.executable, "-m", "tests.faults.soak", "--seconds", str(seconds)]
        subprocess.run([*command, "--one", url, "--out", out.name], cwd=ROOT, check=True)
        return Path(out.name).read_text()


if __name__ == "__main__":
    sys.exit(main())
