"""`make bench`: what pages cost as they are served, beside the least that Django can answer.

A site is built with the sample content and some pages of known size; one worker of gunicorn serves
it with no page kept, another with all kept, a third answers “hello”. They take turns; of each the
cheapest turn counts, by the CPU that /proc says their processes spent. `--quick` takes few turns,
`--save` writes docs/performance.*; a share of hello that fell by more than a quarter since is said.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from datetime import date
from importlib import import_module
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import comments, drawing, saving
from bench.pages import prepare
from bench.search import Words
from bench.serving import Server

ROOT = Path(__file__).parents[1]
SAVED = ROOT / "docs/performance.json"
WORSE = 0.75  # of the share that was saved last
# Shares of hello (as it is served) that a page is to reach when it is made; kept ones all alike.
GOALS = {
    "26 comments": 0.05, "chapter, 60 citations": 0.06, "500 comments": 0.02, "home": 0.06,
    "library": 0.05, "reference": 0.05, "post": 0.05, "an empty page": 0.2,
}  # fmt: skip
KEPT = 0.9


def shallow(count):
    """Conversations of ten, each of whose comments answers the first."""
    for number in range(count):
        root = number - number % 10
        yield root, root if number > root else None, number - root, min(1, number - root)


def build(sizes):
    """The pages that are measured: `{what: (address, what stands on it)}`."""
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("seed_demo", stdout=open(os.devnull, "w"))  # noqa: SIM115
    words, model = Words(), apps.get_model
    saving.library(words)
    chapter = model("review.Chapter").objects.create(
        title="Sixty citations", state="published", body=saving.text(words, 3000, sizes.citations)
    )
    few, _last = comments.fill(shallow, 26)
    many, _last = comments.fill(shallow, sizes.comments)
    post = model("blog.Post").objects.order_by("pk").first()
    return {
        "26 comments": (few.get_absolute_url(), 'class="comment'),
        "chapter, 60 citations": (chapter.get_absolute_url(), 'id="ref-'),
        f"{sizes.comments} comments": (many.get_absolute_url(), 'class="comment'),
        "home": ("/", "title-page"),
        "library": ("/references/", 'class="work'),
        "reference": ("/references/sutro1935/", 'id="citation"'),
        "post": (post.get_absolute_url(), post.title),
        "an empty page": ("/legal/", "colophon"),
    }


def queries(address):
    """How many a page asks, once what all pages share is there."""
    client = Client()
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)


def truly_answers(server, pages):
    for what, (address, mark) in pages.items():
        status, body = server.get(address)
        text = body.decode()
        real = status == 200 and mark in text and len(text) > 2000
        assert real, f"{what}: {status}, {len(text)} characters of {address}"


def turns(hello, made, kept, pages, rounds, times):
    """Milliseconds of CPU: `(of hello, {what: when made}, {what: when kept})`. What costs little is
    asked for more often: /proc counts in hundredths of a second."""
    least, shown, stored = [], {what: [] for what in pages}, {what: [] for what in pages}
    for _round in range(rounds):
        least.append(hello.cpu("/", 25 * times))
        for what, (address, _mark) in pages.items():
            shown[what].append(made.cpu(address, times))
            stored[what].append(kept.cpu(address, 25 * times))
    cheapest = [{what: min(each) for what, each in of.items()} for of in (shown, stored)]
    return min(least), *cheapest


def measured(sizes):
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder, PAGE_STORE_MB="0")
        pages = build(sizes)
        asked = {what: queries(address) for what, (address, _mark) in pages.items()}
        wsgi = "config.wsgi:application"
        with (
            Server("hello", "bench.hello:application", ROOT) as hello,
            Server("made", wsgi, ROOT, PAGE_STORE_MB="0", WEB_THREADS="4") as made,
            Server("kept", wsgi, ROOT, PAGE_STORE_MB="16", WEB_THREADS="4") as kept,
        ):
            made.get("/")
            first = made.spent()
            truly_answers(made, pages)
            truly_answers(kept, pages)
            load = os.getloadavg()[0]
            found = turns(hello, made, kept, pages, sizes.rounds, sizes.times)
            memory = made.memory()
        return {
            "date": date.today().isoformat(),
            "python": platform.python_version(),
            "django": django.get_version(),
            "database": settings.DATABASES["default"]["ENGINE"].rpartition(".")[2],
            "cores": os.cpu_count(),
            "load": round(load, 1),
            "hello_ms": round(found[0], 3),
            "cpu_to_first_page_s": round(first, 2),
            "worker_mb": round(memory),
            "pages": {
                what: {
                    "queries": asked[what],
                    "made_ms": round(found[1][what], 2),
                    "made": round(found[0] / found[1][what], 4),
                    "kept": round(found[0] / found[2][what], 3),
                }
                for what in pages
            },
        }


def told(found):
    yield (
        f"Python {found['python']}, Django {found['django']}, {found['database']},"
        f" {found['cores']} cores, load {found['load']}: hello {found['hello_ms']} ms of CPU"
    )
    yield f"{'':<26}{'queries':>8}{'made ms':>9}{'x hello':>9}{'goal':>7}{'kept x hello':>14}"
    for what, page in found["pages"].items():
        yield (
            f"{what:<26}{page['queries']:>8}{page['made_ms']:>9.2f}{page['made']:>9.3f}"
            f"{GOALS.get(what, ''):>7}{page['kept']:>14.2f}"
        )
    yield (
        f"CPU to the first page {found['cpu_to_first_page_s']} s;"
        f" a worker holds {found['worker_mb']} MB after all of them"
    )


def worse(found, before):
    for what, page in found["pages"].items():
        for how in ("made", "kept"):
            last = before["pages"].get(what, {}).get(how)
            if last and page[how] < WORSE * last:
                yield f"WORSE: {what}, {how}: {page[how]} x hello, was {last} on {before['date']}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="few turns: two minutes")
    parser.add_argument("--save", action="store_true", help="write docs/performance.*")
    parser.add_argument("--comments", type=int, default=500)
    parser.add_argument("--citations", type=int, default=60)
    asked = parser.parse_args()
    asked.rounds, asked.times = (2, 20) if asked.quick else (5, 60)
    import_module("config.translations").compile_changed(ROOT / "locale")
    found = measured(asked)
    print("\n".join(told(found)))
    if SAVED.exists():
        before = json.loads(SAVED.read_text())
        sys.stdout.writelines(f"{line}\n" for line in worse(found, before))
    if asked.save:
        SAVED.write_text(json.dumps(found, indent=1) + "\n")
        SAVED.with_suffix(".svg").write_text(drawing.bars(found, GOALS))


if __name__ == "__main__":
    main()
