"""`make bench`: what `rebuild_search` costs, on PostgreSQL, for a site of 22,700 pages.

Works with three people each, chapters, posts and comments with texts as long as those of the sample
are, on a database of our own that is dropped afterwards. Counted is CPU, of this process and of the
server's process that answers it; once where every row is missing,
once where every row stands as it should.
"""

from importlib import import_module

from django.apps import apps

from bench import large, library
from bench.search import counting, own_database

SIZES = (8_000, 6_000, 500, 200)  # works, each with a person more; comments, posts, chapters
PAGES = 22_700
ALLOWED = 60.0  # seconds of CPU


def measure():
    """`(rows, seconds of CPU here, of the database's)` of one rebuilding."""
    spent = []
    with counting(spent):
        counts = import_module("publishing.search.rows").rebuild()
    return sum(counts.values()), *spent[0]


def main():
    with own_database(), library.plain_files():
        import_module("config.demo").load()
        large.fill(*SIZES)
        apps.get_model("publishing.IndexEntry").objects.all().delete()
        bad = False
        for what in ("every row is new", "every row stands"):
            rows, ours, theirs = measure()
            total = (ours + theirs) * PAGES / rows
            bad |= total > ALLOWED
            words = f"{rows:,} pages, {what}: {ours:.1f} + {theirs:.1f} s of CPU"
            print(f"{words}, {total:.1f} s for {PAGES:,}; allowed are {ALLOWED:.0f}", flush=True)
    return bad


if __name__ == "__main__":
    raise SystemExit(main())
