"""`make bench`: what the replies below one page cost, from a hundred comments to a hundred
thousand.

Whole requests inside this process, on a new SQLite file, settings as in production. Two shapes:
conversations of one to thirty comments, up to ten deep; and a single chain in which each comment
answers the one before it.
"""

import random
import statistics
import tempfile
import time
from datetime import timedelta
from importlib import import_module

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.pages import prepare

SIZES = (100, 1_000, 10_000, 100_000)
BATCH = 2_000
ROUNDS = 7
TEXT = "Words as long as a reader's are. " * 12
HTML = f"<p>{TEXT}</p>"
ASKED = {
    "first page": "",
    "page 3": "?replies=3",
    "most discussed": "?order=discussed",
    "in one language": "?in=ca",
}


def conversations(count):
    """`(root, parent, position, depth)` of each comment, counted from 0."""
    dice, made = random.Random(1935), 0
    while made < count:
        size = min(dice.choice((1, 1, 1, 2, 2, 3, 4, 6, 9, 15, 30)), count - made)
        depths = [0]
        yield made, None, 0, 0
        for position in range(1, size):
            depth = min(dice.randint(1, depths[-1] + 1), 10)
            parent = max(index for index, each in enumerate(depths) if each == depth - 1)
            depths.append(depth)
            yield made, made + parent, position, depth
        made += size


def chain(count):
    for number in range(count):
        yield 0, number - 1 if number else None, number, number


def fill(shape, count):
    """A page with that many comments, written in bulk: saving each is not what we measure."""
    comment, post = apps.get_model("comments.Comment"), apps.get_model("blog.Post")
    page = post(title=f"{shape.__name__} {count}", state="published")
    page.save()
    base = (comment.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    start, rows = import_module("django.utils.timezone").now(), []
    for number, (root, parent, position, depth) in enumerate(shape(count)):
        rows.append(
            comment(
                pk=base + number,
                page=page,
                root_id=base + root,
                parent_id=None if parent is None else base + parent,
                position=position,
                depth=depth,
                thread_at=start - timedelta(minutes=root),
                name="Reader",
                text=TEXT,
                html=HTML,
                status="approved",
                language=("en", "en", "es", "ca")[number % 4],
                by_author=number % 5 == 4,
            )
        )
        if len(rows) == BATCH:
            comment.objects.bulk_create(rows)
            rows = []
    comment.objects.bulk_create(rows)
    return page, base + count - 1


def measure(client, address):
    """(milliseconds of the median, queries)"""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code in (200, 302), f"{address} answers {answer.status_code}"
    asked, times = len(queries), []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        client.get(address)
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times), asked


def main():
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        call_command("collectstatic", verbosity=0, interactive=False)
        call_command("migrate", verbosity=0, interactive=False)
        client = Client()
        for shape in (conversations, chain):
            print(f"\n{shape.__name__}: milliseconds (queries)")
            names = (*ASKED, "permalink of the last", "own page", "its 50th")
            print(f"{'comments':>10}" + "".join(f"{name:>24}" for name in names))
            for size in SIZES:
                page, last = fill(shape, size)
                own = f"/comments/thread/{last - size + 1}/"
                addresses = [
                    *(page.get_absolute_url() + query for query in ASKED.values()),
                    f"/comments/{last}/",
                ]
                addresses += [own, f"{own}?page=50"]
                cells = [
                    f"{median:.1f} ({queries})"
                    for median, queries in (measure(client, each) for each in addresses)
                ]
                print(f"{size:>10,}" + "".join(f"{cell:>24}" for cell in cells), flush=True)


if __name__ == "__main__":
    main()
