"""`make bench`: what saving a text costs, in readings of HTML and in CPU of this process.

Chapters of made-up words with headings, lists, quotations, footnotes, links to another chapter and
citations of works of the library, on a new SQLite file, or on a database of our own of the server
that TEST_DATABASE_URL names, whose CPU is counted too. Each is saved again unchanged, then with one
word more; the cheapest of several, so that whatever else the machine does is left out.
"""

import os
import tempfile
from contextlib import contextmanager
from importlib import import_module

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.pages import prepare
from bench.search import Words, counting, own_database

# name: words, citations
TEXTS = {"12 kB": (1_050, 44), "10,000 words": (10_000, 100), "30,000 words": (30_000, 200)}
WORKS = 200
LINKS = 6
ROUNDS = 9


def library(words, works=WORKS):
    """Works with their citations formatted, and a chapter to link to."""
    model = apps.get_model
    for number in range(works):
        person = model("references.Person").objects.create(
            family=words.text(1).title(), given="A. B."
        )
        work = model("references.Reference").objects.create(
            citekey=f"work{number}",
            title=words.text(10).capitalize(),
            container="Journal of Words",
            container_short="J Words",
            year=1900 + number % 120,
            volume="12",
            pages="101-109",
            doi=f"10.1000/{number}",
        )
        model("references.Authorship").objects.create(reference=work, person=person, position=1)
        work.refresh()
    return model("review.Chapter").objects.create(title="Target", slug="target", state="published")


def text(words, length, citations):
    """HTML of about `length` words that cites `citations` times, in paragraphs of sixty words."""
    paragraphs = max(1, length // 60)
    due, links, html = citations / paragraphs, LINKS / paragraphs, []
    cited = linked = 0
    for number in range(1, paragraphs + 1):
        sentence = words.text(56).capitalize()
        while cited < round(due * number):
            key = f"work{cited % WORKS}"
            sentence += f' {words.text(1)} <span class="cite" data-cite="{key}">[{key}]</span>'
            cited += 1
        if linked < round(links * number):
            sentence += f' <a href="/review/target/">{words.text(2)}</a>'
            linked += 1
        sentence += f" and <em>{words.text(2)}</em>."
        if number % 12 == 1:
            html.append(f"<h2>{words.text(3).capitalize()}</h2>")
        if number % 9 == 5:
            html.append(f"<ul><li>{words.text(6)}</li><li>{words.text(6)}</li></ul>")
        if number % 11 == 7:
            sentence += f'<span class="fn">{words.text(8).capitalize()}.</span>'
        html.append(
            f"<blockquote><p>{sentence}</p></blockquote>"
            if number % 10 == 6
            else f"<p>{sentence}</p>"
        )
    return "\n".join(html)


def measure(chapter, change):
    """(milliseconds of CPU here, of the database's, readings of HTML, queries) of one save of a
    page as a form has it."""
    parses = import_module("tests.parses")
    pages = type(chapter).objects
    chapter = pages.get(pk=chapter.pk)
    change(chapter, 0)
    with parses.counted() as readings, CaptureQueriesContext(connection) as queries:
        chapter.save()
    times = []
    for number in range(1, ROUNDS + 1):
        chapter = pages.get(pk=chapter.pk)
        change(chapter, number)
        with counting(times):
            chapter.save()
    ours, theirs = min(times, key=sum)
    return ours * 1000, theirs * 1000, len(readings), len(queries)


def unchanged(chapter, number):
    pass


def one_word_more(chapter, number):
    chapter.body = chapter.body.replace("<p>", f"<p>word{number} ", 1)


@contextmanager
def database():
    if os.environ.get("TEST_DATABASE_URL"):
        with own_database():
            yield
        return
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        call_command("migrate", verbosity=0, interactive=False)
        yield


def main():
    with database():
        words = Words()
        library(words)
        columns = f"{'CPU ms':>13}{'readings':>10}{'queries':>9}"
        print(f"{'':<29}{'unchanged':>32}{'one word more':>32}")
        print(f"{'text':<16}{'kB':>6}{'cited':>7}{columns}{columns}")
        for name, (length, citations) in TEXTS.items():
            chapter = apps.get_model("review.Chapter").objects.create(
                title=name, state="published", body=text(words, length, citations)
            )
            print(f"{name:<16}{len(chapter.body) / 1000:>6.1f}{citations:>7}", end="")
            for change in (unchanged, one_word_more):
                ours, theirs, readings, queries = measure(chapter, change)
                print(f"{ours:>8.1f}+{theirs:<4.1f}{readings:>10}{queries:>9}", end="")
            print()


if __name__ == "__main__":
    main()
