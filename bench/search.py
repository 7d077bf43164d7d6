"""`make bench`: how a search grows from a thousand documents to a hundred thousand, on PostgreSQL.

Documents of made-up words, as unevenly frequent as words are, on a database of our own that is
dropped afterwards: a test database on the server TEST_DATABASE_URL names, or a server started for
this run. A search is the whole of it: reading the query, finding, counting by kind, the first page
of results with the words marked. Counted is CPU, of this process and of the server's process that
answers it: the clock on the wall tells what else the machine does.
"""

import contextlib
import itertools
import os
import random
import statistics
import sys
import time
from importlib import import_module
from pathlib import Path

import django
from django.apps import apps
from django.db import connection

from tests import run as servers

SIZES = (1_000, 100_000)
BATCH = 2_000
VOCABULARY = 30_000
ROUNDS = 3
ALLOWED = 3.0
INDEX = "publishing_indexentry_vector"
MODELS = {
    "reference": "references.Reference",
    "person": "references.Person",
    "comment": "comments.Comment",
    "post": "blog.Post",
}
KINDS = {"reference": 0.85, "person": 0.08, "comment": 0.05, "post": 0.02}


@contextlib.contextmanager
def own_database():
    """Django set up on a new, empty database. What needs its settings is imported after that."""
    programs = servers.server_programs()
    with contextlib.ExitStack() as stack:
        url = os.environ.get("TEST_DATABASE_URL") or (
            programs and stack.enter_context(servers.throw_away_server(programs))
        )
        if not url:
            sys.exit(servers.NO_SERVER)
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DEBUG": "false",
            "SECRET_KEY": "only-to-measure-" + "x" * 50,
            "DATABASE_URL": url,
        }
        django.setup()
        name = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            yield
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)


@contextlib.contextmanager
def counting(spent):
    """Adds to `spent` the seconds of CPU of this process and of the database's."""
    server = Path(f"/proc/{_backend()}/schedstat") if connection.vendor == "postgresql" else None

    def both():
        theirs = int(server.read_text().split()[0]) / 1e9 if server else 0.0
        return time.process_time(), theirs

    before = both()
    yield
    spent.append(tuple(after - start for start, after in zip(before, both(), strict=True)))


def _backend():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


class Words:
    """Made-up words; the hundredth is about a hundred times rarer than the first."""

    def __init__(self):
        self.random = random.Random(1935)
        syllables = [a + b for a in "bcdfglmnprstv" for b in "aeiou"]
        self.all = list(
            dict.fromkeys(
                "".join(self.random.choices(syllables, k=self.random.randint(2, 4)))
                for _ in range(VOCABULARY * 2)
            )
        )[:VOCABULARY]
        self.weights = list(itertools.accumulate(1 / (rank + 10) for rank in range(len(self.all))))

    def text(self, count):
        return " ".join(self.random.choices(self.all, cum_weights=self.weights, k=count))

    def queries(self):
        """What readers type: one, two, three words from common to rare, and the signs of the query
        language."""
        for rank in (5, 20, 50, 100, 200, 400, 800, 1600, 3200, 6400):
            one, two, three = self.all[rank], self.all[rank * 2], self.all[rank // 2]
            yield from (
                one,
                f"{one} {two}",
                f"{one} {two} {three}",
                f'"{three} {one}"',
                f"{one} OR {two}",
            )
            yield from (
                f"{one} -{three}",
                f"{one} author:{two}",
                f"{one} year:1940-1959",
                f"{one} in:people",
                one[:-1],
            )


def fill(words, start, end):
    """Pages and their rows, made in bulk, the index at the end: saving and rendering each is not
    what is measured."""
    search, model = import_module("publishing.search"), apps.get_model
    entry_model = model("publishing.IndexEntry")
    content_types = model("contenttypes.ContentType").objects
    kinds = {kind: content_types.get_for_model(model(label)) for kind, label in MODELS.items()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [INDEX])
        (definition,) = cursor.fetchone()
        cursor.execute(f"DROP INDEX {INDEX}")
    for first in range(start, end, BATCH):
        rows = []
        for kind, page in pages(words, first, min(first + BATCH, end)):
            document = search.Document(words.text(10), "", words.text(3), words.text(120))
            rows.append((kind, page, document))
        for kind, label in MODELS.items():
            model(label).objects.bulk_create(page for its_kind, page, _ in rows if its_kind == kind)
        entries = [
            entry_model(
                page_type=kinds[kind],
                page_id=page.pk,
                kind=kind,
                language=words.random.choice(["en", "en", "en", "es", "fr"]),
                label="",
                title=document.title,
                text=document.text,
                authors=document.authors,
                year=words.random.randint(1900, 2025),
                url="/",
            )
            for kind, page, document in rows
        ]
        entry_model.objects.bulk_create(entries)
        search.store(
            [(entry, document) for entry, (_, _, document) in zip(entries, rows, strict=True)]
        )
    with connection.cursor() as cursor:
        cursor.execute(definition)
        cursor.execute("VACUUM ANALYZE")


def pages(words, start, end):
    """`(kind, unsaved page)`; comments stand on references made before."""
    model = apps.get_model
    reference_type = model("contenttypes.ContentType").objects.get_for_model(
        model("references.Reference")
    )
    for number, kind in enumerate(
        words.random.choices(list(KINDS), list(KINDS.values()), k=end - start), start
    ):
        if kind == "reference":
            yield kind, model("references.Reference")(citekey=f"key{number}", title="A title")
        elif kind == "person":
            yield kind, model("references.Person")(family=f"Family{number}", slug=f"family{number}")
        elif kind == "post":
            yield kind, model("blog.Post")(title="A post", slug=f"post{number}", state="published")
        else:
            yield (
                kind,
                model("comments.Comment")(
                    page_type=reference_type, page_id=1, name="A", text="-", status="approved"
                ),
            )


def measure(words):
    """Milliseconds of CPU: the median search, the slowest in twenty, each query with its own."""
    search = import_module("publishing.search")
    each = {}
    for query in words.queries():
        times = []
        for _ in range(ROUNDS):
            with counting(times):
                results = search.run(query)
                search.hits(results.entries[: search.PER_PAGE], results.query)
        each[query] = min(map(sum, times)) * 1000
    return statistics.median(each.values()), statistics.quantiles(each.values(), n=20)[-1], each


def main():
    with own_database():
        words, made, medians = Words(), 0, []
        print(f"{'documents':>10}{'median ms':>11}{'95 % ms':>10}{'loaded in s':>13}")
        for size in SIZES:
            started = time.perf_counter()
            fill(words, made, size)
            loading, made = time.perf_counter() - started, size
            median, slow, each = measure(words)
            medians.append(median)
            print(f"{size:>10,}{median:>11.1f}{slow:>10.1f}{loading:>13.0f}")
            if "-v" in sys.argv:
                for query, took in sorted(each.items(), key=lambda item: -item[1]):
                    print(f"{took:>10.1f}  {query}")
    growth = medians[-1] / medians[0]
    print(f"The median search takes {growth:.1f} times as long; allowed are {ALLOWED:.0f}.")
    return growth > ALLOWED


if __name__ == "__main__":
    sys.exit(main())
