"""`make bench`: how the library's list and facets, its register and its table grow, to a hundred
thousand works.

Works of made-up words with people, subjects, countries and notes, on a database of our own that is
dropped afterwards: a test database on the PostgreSQL server TEST_DATABASE_URL names, or a server
started for this run. What is measured is the whole of a request inside this process, and how many
questions it asks the database.
"""

import statistics
import sys
import time
from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from bench.search import Words, own_database

SIZES = (100, 1_000, 10_000, 100_000)
BATCH = 2_000
ROUNDS = 5
ALLOWED = 10.0
QUERIES = 10
COUNTRIES = ("US", "GB", "FR", "ES", "DE", "IT", "TR", "JP", "RO", "")
LANGUAGES = ("en", "en", "en", "en", "fr", "es", "de", "")
DESIGNS = (
    "case series",
    "case report",
    "review",
    "cadaver study",
    "cross-sectional",
    "randomised controlled trial",
    "",
)
READING = ("in-hand", "in-hand", "read", "wanted")


def fill(words, start, end):
    """Works and what hangs on them, made in bulk: saving and formatting each is not what is
    measured."""
    model, chance = apps.get_model, words.random
    tag_model = model("taggit.Tag")
    tags = list(tag_model.objects.all())
    if not tags:
        names = words.all[:150]
        tags = tag_model.objects.bulk_create(
            tag_model(name=f"{name} subject", slug=f"{name}-subject") for name in names
        )
    for first in range(start, end, BATCH):
        numbers = range(first, min(first + BATCH, end))
        people = model("references.Person").objects.bulk_create(
            model("references.Person")(
                family=words.text(1).title(), given="A. B.", slug=f"person-{number}"
            )
            for number in numbers
        )
        works = model("references.Reference").objects.bulk_create(
            _work(model, words, number) for number in numbers
        )
        model("references.Authorship").objects.bulk_create(
            model("references.Authorship")(reference=work, person=person, position=position)
            for work in works
            for position, person in enumerate(chance.sample(people, min(3, len(people))), 1)
        )
        _tag(model, chance, tags, works)
        _note(model, chance, works)
        _index(model, words, works)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _work(model, words, number):
    chance = words.random
    return model("references.Reference")(
        citekey=f"key{number}",
        title=words.text(10).capitalize(),
        container="Journal of Words",
        container_short="J Words",
        where_html="<i>J Words</i> 1: 1–9",
        authors_short=words.text(3).title(),
        families=words.text(2).title().split(),
        sort_key=words.text(1),
        # More and more of them, as in every library.
        year=None if number % 97 == 0 else 2025 - int(abs(chance.gauss(0, 30))) % 125,
        abstract=words.text(60),
        country=chance.choice(COUNTRIES),
        language=chance.choice(LANGUAGES),
        study_design=chance.choice(DESIGNS),
        sample_size=chance.choice((None, None, 1, 12, 40, 300)),
        sample_unit="patients",
        full_text_url="https://example.org/" if number % 4 == 0 else "",
        reading_state=chance.choice(READING),
    )


def _tag(model, chance, tags, works):
    tagged = model("taggit.TaggedItem")
    kind = model("contenttypes.ContentType").objects.get_for_model(model("references.Reference"))
    weights = [1 / (rank + 3) for rank in range(len(tags))]
    tagged.objects.bulk_create(
        tagged(content_type=kind, object_id=work.pk, tag=tag)
        for work in works
        for tag in set(chance.choices(tags, weights, k=3))
    )


def _note(model, chance, works):
    notes = model("references.Notes")
    notes.objects.bulk_create(
        notes(reference=work, body="<p>-</p>", state="published") for work in works[::50]
    )


def _index(model, words, works):
    search, entry = import_module("publishing.search"), model("publishing.IndexEntry")
    kind = model("contenttypes.ContentType").objects.get_for_model(model("references.Reference"))
    rows = [
        (
            entry(page_type=kind, page_id=work.pk, kind="reference", language=work.language,
                label="", title=work.title,
                  text="", authors=work.authors_short, year=work.year, url="/"),
            search.Document(work.title, "", work.authors_short, work.abstract),
        )
        for work in works
    ]  # fmt: skip
    entry.objects.bulk_create([each for each, _ in rows])
    search.store(rows)


def addresses(words):
    """`{what: addresses}`, from the whole list to narrow choices, with words from common to
    rare."""
    tag = f"{words.all[3]}-subject"
    some = [words.all[rank] for rank in (5, 50, 200, 800, 3200)]
    return {
        "list": ["", "?page=7", "?sort=newest", "?sort=author", "?sort=added"],
        "facets": [
            "?language=fr", f"?tag={tag}", "?decade=1990", "?notes=yes", "?fulltext=yes",
            "?country=ES", "?reading=wanted",
            "?design=review", f"?tag={tag}&language=en&decade=2000",
            "?from=1950&to=1980&design=case+series&fulltext=yes",
        ],
        "search": [f"?q={word}" for word in some] + [
            f"?q={some[1]}+{some[2]}", f"?q={some[2]}[au]", f"?q={some[1]}+1960:1990[dp]",
            f"?q={some[1]}&language=en&decade=1990", f'?q="{some[0]} {some[1]}"',
        ],
    }  # fmt: skip


def measure(client, address):
    """`(milliseconds of the best of some rounds, queries)`"""
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200, f"{address} answers {answer.status_code}"
    asked = len(queries)
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        client.get(address)
        times.append((time.perf_counter() - started) * 1000)
    return min(times), asked


def round_of(words, client):
    """`{what: (median, slowest, most queries)}` of one size, and each address with its time."""
    found, each = {}, {}
    for what, queries in addresses(words).items():
        figures = [(query, *measure(client, f"/references/{query}")) for query in queries]
        each.update({query or "/": took for query, took, _ in figures})
        times = [took for _, took, _ in figures]
        found[what] = statistics.median(times), max(times), max(asked for *_, asked in figures)
    return found, each


def plain_files():
    """Style sheets under their own names: nothing has been collected here."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    return override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain})


def main():
    with own_database(), plain_files():
        words, made, rounds, client = Words(), 0, {}, Client(headers={"host": "127.0.0.1"})
        print(f"{'works':>8}  {'what':<8}{'median ms':>11}{'slowest':>9}{'queries':>9}")
        for size in SIZES:
            fill(words, made, size)
            made = size
            rounds[size], each = round_of(words, client)
            for what, (median, slowest, asked) in rounds[size].items():
                print(f"{size:>8,}  {what:<8}{median:>11.1f}{slowest:>9.1f}{asked:>9}", flush=True)
            if "-v" in sys.argv:
                for query, took in sorted(each.items(), key=lambda item: -item[1]):
                    print(f"{took:>29.1f}  {query}")
    return judge(rounds)


def judge(rounds):
    """Says how much slower the largest library is than that of a thousand works, and whether that
    is too much."""
    bad = False
    for what, (median, _slowest, asked) in rounds[SIZES[-1]].items():
        growth = median / rounds[1_000][what][0]
        bad |= growth > ALLOWED or asked > QUERIES
        print(
            f"{what}: {growth:.1f} times as long, {asked} queries; allowed are {ALLOWED:.0f} and"
            f" {QUERIES}."
        )
    return bad


if __name__ == "__main__":
    sys.exit(main())
