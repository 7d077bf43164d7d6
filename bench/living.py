"""`make bench`: what is found is compared, and what is screened answered. 20,000 records of three
sources, a third of them of works another source gave too, take at most 60 s of CPU; the answer to
a decision at the desk at most 50 ms, with all of them in the database."""

import sys
import time
from datetime import date
from importlib import import_module

from bench.search import own_database

RECORDS = 20_000
MOST_SECONDS, MOST_MILLISECONDS = 60, 50
PAGE = 200
ASKED = 40
WORDS = (
    "nodule fascia lumbar sacrum injection series patient farm ultrasound biopsy lobule iliac crest"
    " pain relief surgery needle cadaver nerve pressure hernia fat tissue back mouse follow year"
).split()


def records(count):
    """Two in three are works of their own; every third is one of them from another source."""
    made = import_module("references.formats.records")
    for number in range(count):
        work = number - number % 3 if number % 3 == 2 else number
        words = [WORDS[(work * step + step) % len(WORDS)] for step in (1, 3, 7, 11, 13, 17, 19)]
        record = made.Record(
            type="article-journal",
            title=f"{' '.join(words)} {work}".capitalize(),
            container="Journal of sample lumps",
            year=1950 + work % 70,
            volume=str(work % 90),
            pages=str(work),
            abstract=" ".join(WORDS * 6),
            number=number,
        )
        record.names = [
            made.Name(f"Family{work % 4000}", "Ana"),
            made.Name(f"Other{work % 900}", "B"),
        ]
        record.doi = f"10.1000/{work}" if number % 2 else ""
        yield f"{number}", record


def main(count=RECORDS):
    with own_database():
        busy = compare(count)
        answer = screen()
    if busy > MOST_SECONDS * count / RECORDS or answer > MOST_MILLISECONDS:
        sys.exit(f"Allowed are {MOST_SECONDS} s for {RECORDS} and {MOST_MILLISECONDS} ms.")


def compare(count):
    models = import_module("references.models")
    keeping = import_module("references.searching.keeping")
    answers = import_module("references.searching.answers")
    run = models.SearchRun.objects.create(source="pubmed", on=date(2026, 11, 1), counted=count)
    found, busy = list(records(count)), 0
    for start in range(0, count, PAGE):
        begun = time.process_time()
        keeping.keep(run, answers.Page(found[start : start + PAGE], str(start + PAGE)))
        busy += time.process_time() - begun
        run.refresh_from_db()
    twice = models.Hit.objects.filter(removed="duplicate").count()
    print(f"{count} records compared: {busy:.1f} s of CPU, {twice} found to be duplicates")
    return busy


def screen():
    """Of the answers to a decision, the slowest but two, in milliseconds of CPU."""
    settings, deciding = import_module("django.conf").settings, import_module("references.models")
    client = import_module("django.test").Client()
    user = import_module("django.contrib.auth").get_user_model().objects.create_superuser("bench")
    settings.ALLOWED_HOSTS, settings.SECOND_FACTOR_REQUIRED = ["*"], False
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    address = import_module("django.urls").reverse("admin:references_screening")
    client.get(address, secure=True)
    taken = []
    for hit in deciding.Hit.objects.filter(removed="")[:ASKED]:
        begun = time.process_time()
        values = {"hit": hit.pk, "do": "include", "part": "1"}
        answer = client.post(address, values, secure=True)
        taken.append((time.process_time() - begun) * 1000)
        assert answer.status_code == 200, answer.status_code
    print(
        f"a decision answered: median {sorted(taken)[ASKED // 2]:.0f} ms, slowest {max(taken):.0f}"
    )
    return sorted(taken)[-3]


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
