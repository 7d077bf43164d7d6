"""`make bench`: does a reader find it? Two hundred and ten queries as people type them, judged.

The files of `judged/` say for each query which pages of the sample site answer it: `seen.tsv` and
`unseen.tsv` for the first 120, `seen-2.tsv` and `unseen-2.tsv` for 90 more, which were dealt out by
lot. `texts.json` adds three posts with words the sample lacks. Printed are, by language and
database, how often one of these pages is among the first three results (success@3), and how often
nothing at all is found. The unseen ones are not looked at while the search is tuned: of them only
these figures are printed. `-v` says which of the seen ones fail.
"""

import contextlib
import json
import os
import sys
import tempfile
from dataclasses import dataclass
from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote

import django
from django.db import connection

FOLDER = Path(__file__).parent / "judged"
FIRST = 3
WANTED, ALLOWED_EMPTY = 0.9, 0.03
SETS = ("seen", "seen-2", "unseen", "unseen-2")


@dataclass(frozen=True)
class Judged:
    """A query and what answers it: patterns of addresses, keys of the sample's comments."""

    language: str
    reader: str
    query: str
    pages: tuple[str, ...]


def judged(name):
    """The queries of one of `SETS`."""
    lines = (FOLDER / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if not line.startswith("#"):
            language, reader, query, pages = line.split("\t")
            yield Judged(language, reader, query, tuple(pages.split()))


def load():
    """The sample site and the further texts."""
    import_module("config.demo").load()
    post = import_module("blog.models").Post
    for text in json.loads((FOLDER / "texts.json").read_text(encoding="utf-8")):
        post.objects.create(state="published", **text)


def sample_comments():
    """`{key: the beginning of its text}` of the sample's comments."""
    path = Path(import_module("config.demo").FOLDER) / "comments.json"
    return {item["id"]: item["text"][:60] for item in json.loads(path.read_text(encoding="utf-8"))}


def answers(entry, pages, comments):
    address = unquote(entry.url).strip("/")
    return any(
        entry.kind in ("comment", "question")
        and entry.text.startswith(comments[page[2:]].split("\n")[0])
        if page.startswith("q:")
        else fnmatchcase(address, unquote(page)) or fnmatchcase(address, unquote(page) + "#*")
        for page in pages
    )


@dataclass
class Judgement:
    """What one query found: the rank of the first page that answers it (0: none in the first
    twenty), and how many pages in all."""

    judged: Judged
    rank: int
    total: int
    first: list[str]


def judge(queries):
    search, comments = import_module("publishing.search"), sample_comments()
    for each in queries:
        results = search.run(each.query)
        entries = results.entries[: search.PER_PAGE]
        ranks = [
            rank for rank, entry in enumerate(entries, 1) if answers(entry, each.pages, comments)
        ]
        yield Judgement(
            each, ranks[0] if ranks else 0, results.total, [entry.url for entry in entries[:FIRST]]
        )


def success(judgements):
    """`(success@3, share that found nothing)`."""
    found = [bool(each.rank and each.rank <= FIRST) for each in judgements]
    return sum(found) / len(found), sum(not each.total for each in judgements) / len(found)


@contextlib.contextmanager
def database(url):
    """Django on a new, empty database."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEBUG": "false",
        "SECRET_KEY": "only-to-measure-" + "x" * 50,
        "DATABASE_URL": url,
    }
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"MEDIA_ROOT": f"{folder}/media", "PRIVATE_ROOT": f"{folder}/private"}
        django.setup()
        connection.settings_dict["TEST"] = connection.settings_dict["TEST"] | {
            "NAME": f"{folder}/judged.sqlite3" if connection.vendor == "sqlite" else None
        }
        name = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            yield
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)


def main():
    bad = False
    with database(os.environ.get("TEST_DATABASE_URL") or "sqlite:///judged.sqlite3"):
        load()
        print(f"on {connection.vendor:<12}{'queries':>8}{'success@3':>11}{'nothing':>9}")
        for name in SETS:
            judgements = list(judge(judged(name)))
            for language in ("en", "es", "ca", "all"):
                own = [each for each in judgements if language in (each.judged.language, "all")]
                good, empty = success(own)
                print(f"{name:<10}{language:<5}{len(own):>8}{good:>11.2f}{empty:>9.1%}")
            good, empty = success(judgements)
            bad |= good < WANTED or empty > ALLOWED_EMPTY
            if "-v" in sys.argv and not name.startswith("unseen"):
                for each in judgements:
                    if not 0 < each.rank <= FIRST:
                        what = f"{each.judged.query}: {each.first}"
                        print(f"{each.rank:>4} of {each.total:<4} {what}")
    return bad


if __name__ == "__main__":
    sys.exit(main())
