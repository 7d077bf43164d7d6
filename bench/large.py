"""`make bench`: what grows with the whole of a site. Every kind of public page, and the desk's
lists, on the sample and on a site of many times its size; the same page is asked for in both.

    python -m bench.large [WORKS COMMENTS POSTS CHAPTERS] [--save]

`--save` writes docs/performance.json and the table of growth in docs/performance.md. Rows are made
in bulk, on a database of our own that is dropped afterwards (TEST_DATABASE_URL names a server;
`sqlite` as its value means a file). Counted is CPU, of this process and of the server's process
that answers it, with what was asked; never the clock on the wall.
"""

import argparse
import os
import sys
import time
from datetime import date, timedelta
from importlib import import_module

from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import library, processes, report
from bench.finding import database
from bench.search import Words, counting, own_database
from bench.served import SAVED

SIZES = (100_000, 100_000, 10_000, 2_000)
BATCH = 2_000
ROUNDS = 3
ALLOWED = 2.0
LONG = 10_000  # replies of one conversation
NAMED = 200  # names in the register, of one work each
HTML = "<p>" + "Words as long as a reader's are. " * 6 + "</p>"


def copies(model, values, changes):
    """Rows like the one `values` are of, each with its `changes`, in bulk."""
    rows = []
    for each in changes:
        rows.append(model(**values | each))
        if len(rows) == BATCH:
            model.objects.bulk_create(rows)
            rows = []
    model.objects.bulk_create(rows)


def values_of(row):
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }


def fill(works, comments, posts, chapters):
    model, words = apps.get_model, Words()
    library.fill(words, 0, works)
    _chapters(model("review.Chapter"), chapters)
    post = model("blog.Post")
    first = post.objects.order_by("pk").first()
    copies(
        post,
        values_of(first) | {"translation_of_id": None},
        (
            {
                "title": f"Post {number}",
                "slug": f"post-{number}",
                "first_published": first.first_published - timedelta(days=number % 6000),
            }
            for number in range(posts)
        ),
    )
    _placements(model("review.Placement"), model("review.Chapter"), model("references.Reference"))
    _comments(model, comments)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _chapters(model, count):
    """Twenty chapters of ten parts with as many sub-parts as it takes."""
    root = model.objects.filter(parent=None, section="b-main").first()
    plain = values_of(root) | {"translation_of_id": None, "cover_id": None, "state": "published"}
    parents, made = [(None, "", "", 0)], 0
    for width in (20, 10, max(1, count // 200)):
        changes = []
        for parent, path, order, depth in parents:
            for number in range(width):
                if made == count:
                    break
                made += 1
                name = f"{path}/l{number}" if path else f"l{number}"
                changes.append(
                    {
                        "title": f"Chapter {made}", "slug": f"l{number}", "path": name,
                        "order": f"{order or 'b-main/'}{number + 1000:04}/", "depth": depth,
                        "number": str(made), "parent_id": parent,
                    }
                )  # fmt: skip
        copies(model, plain, changes)
        found = model.objects.in_bulk([each["path"] for each in changes], field_name="path")
        parents = [
            (found[each["path"]].pk, each["path"], each["order"], each["depth"] + 1)
            for each in changes
        ]


def _placements(placement, chapter, reference):
    """Every work in some chapter, five or so in each."""
    chapters = list(chapter.objects.order_by("pk").values_list("pk", flat=True))
    works = reference.objects.filter(citekey__startswith="key").order_by("pk")[: 5 * len(chapters)]
    placement.objects.bulk_create(
        (
            placement(chapter_id=chapters[place % len(chapters)], reference_id=pk)
            for place, pk in enumerate(works.values_list("pk", flat=True))
        ),
        batch_size=BATCH,
    )


def _comments(model, count):
    """One conversation of ten thousand; else a question and its answer, below every kind of
    page."""
    comment, kinds = model("comments.Comment"), model("contenttypes.ContentType").objects
    pages = [
        (kinds.get_for_model(model(label)).pk, pk)
        for label in ("review.Chapter", "blog.Post", "references.Reference")
        for pk in model(label).objects.order_by("pk").values_list("pk", flat=True)[:5000]
    ]
    base = comment.objects.order_by("-pk").values_list("pk", flat=True).first() + 1
    now = import_module("django.utils.timezone").now()
    long = min(LONG, count // 2)

    def rows():
        for number in range(count):
            talk = number < long
            root = 0 if talk else number - (number - long) % 2
            of, page = pages[-1] if talk else pages[root // 2 % (len(pages) - 1)]
            yield {
                "id": base + number,
                "page_type_id": of,
                "page_id": page,
                "root_id": base + root,
                "parent_id": None if number == root else base + (0 if talk else root),
                "position": number - root,
                "depth": int(number != root),
                "thread_at": now - timedelta(minutes=root),
                "created": now - timedelta(minutes=root, seconds=-(number != root)),
                "kind": "question" if number == root else "comment",
                "name": "Reader",
                "text": "-",
                "html": HTML,
                "status": "approved",
                "language": ("en", "en", "es", "ca")[root // 2 % 4],
                "by_author": number != root and not talk,
            }

    copies(comment, {}, rows())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('comments_comment', 'id'), %s)",
                [base + count],
            )
    return base


def addresses(thread):
    """`{what: address}`; `thread` is the pk of a conversation's root."""
    return {
        "home": "/",
        "home in Spanish": "/es/",
        "contents": "/review/",
        "a chapter": "/review/articles/late-century/",
        "a chapter, 26 comments": "/review/the-project/",
        "a conversation": f"/comments/thread/{thread}/",
        "its permalink": f"/comments/{thread}/",
        "questions": "/questions/",
        "questions by subject": "/questions/?by=subject",
        "answered here": "/questions/answered/?q=which+articles+are+not+in+english",
        "in short": "/in-short/back-mice/",
        "library": "/references/",
        "library, facets": "/references/?language=fr&from=1920",
        "a work": "/references/sutro1935/",
        "people": "/references/people/",
        "a person": "/references/people/ralph-herz/",
        "evidence": "/references/evidence/",
        "wanted": "/references/wanted/",
        "register of names": "/names/",
        "blog": "/blog/",
        "blog of a year": "/blog/2025/",
        "a post": "/blog/two-seasons-of-writing/",
        "a subject": "/tags/numbers/",
        "search": "/search/?q=nodule",
        "suggestions": "/search/suggest/?q=nod",
        "feed": "/feed.atom",
        "feed of the review": "/review/feed.atom",
        "feed of the library": "/references/feed.atom",
        "feed of the blog": "/blog/feed.atom",
        "feed of comments": "/comments/feed.atom",
        "sitemap": "/sitemap.xml",
        "sitemap of chapters": "/sitemap-chapters-0.xml",
        "sitemap of works": "/sitemap-references-0.xml",
        "desk": "/admin/",
        "desk: works": "/admin/references/reference/",
        "desk: comments": "/admin/comments/comment/",
        "desk: chapters": "/admin/review/chapter/",
        "desk: posts": "/admin/blog/post/",
        "desk: people": "/admin/references/person/",
    }


def measure(client, address):
    """`(status, queries, bytes, ms of CPU here, ms of the database's)` of a page made anew."""
    cache.clear()
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
        size = sum(map(len, answer.streaming_content)) if answer.streaming else len(answer.content)
    asked, spent = len(queries), []  # the next request empties the log
    for _ in range(ROUNDS):
        cache.clear()
        with counting(spent):
            client.get(address)
    ours, theirs = min(spent, key=sum)
    return answer.status_code, asked, size, ours * 1000, theirs * 1000


def round_of(client, staff, thread):
    found = {}
    for what, address in addresses(thread).items():
        try:
            found[what] = measure(staff if what.startswith("desk") else client, address)
        except Exception as error:
            found[what] = (type(error).__name__, 0, 0, 0.0, 0.0)
        if os.environ.get("SHOW"):
            print(what, found[what], flush=True)
    return found


def staff_client():
    client = Client(headers={"host": "127.0.0.1"})
    user = apps.get_model("auth.User").objects.create_superuser("bench", password=None)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("sizes", type=int, nargs="*", help="works, comments, posts, chapters")
    parser.add_argument("--save", action="store_true", help="write docs/performance.*")
    asked = parser.parse_args()
    sizes = (*asked.sizes, *SIZES[len(asked.sizes) :])
    url = os.environ.get("TEST_DATABASE_URL", "")
    made = database("sqlite:///large.sqlite3") if url == "sqlite" else own_database()
    with made, library.plain_files():
        import_module("config.demo").load()
        client, staff = Client(headers={"host": "127.0.0.1"}), staff_client()
        comment = apps.get_model("comments.Comment")
        sample = round_of(client, staff, comment.objects.published().filter(parent=None).last().pk)
        began, last = time.process_time(), comment.objects.order_by("-pk").first().pk
        fill(*sizes)
        print(f"filled in {time.process_time() - began:.0f} s of CPU", flush=True)
        found = growth(sizes, sample, round_of(client, staff, last + 1))
    print("\n".join(report.growth_lines(found)))
    if asked.save:
        report.save_growth(SAVED, found)
    return any(len(set(page["status"])) > 1 for page in found["pages"].values())


def growth(sizes, sample, large):
    """What docs/performance.json keeps of it: of each page a pair, in the sample and in the large
    site."""
    pages = {}
    for what, each in sample.items():
        status, queries, size, ours, theirs = zip(each, large[what], strict=True)
        before, after = (sum(both) for both in zip(ours, theirs, strict=True))
        pages[what] = {
            "status": status, "queries": queries, "bytes": size,
            "ms": [round(ms, 1) for ms in ours], "database_ms": [round(ms, 1) for ms in theirs],
            "times": round(after / (before or 1), 1),
        }  # fmt: skip
    return {
        "date": date.today().isoformat(), "database": connection.vendor, "sizes": sizes,
        "load": processes.load(), "allowed": ALLOWED, "pages": pages,
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
