"""The site that is measured: the sample and some pages of known size, and the same content as a
file that other systems are filled from (`bench.peers`).

The file is what the site's own export for WordPress says, read into JSON: texts as readers see
them, with the list of works below; comments as their writers typed them.
"""

import json
import os
from datetime import UTC, datetime
from importlib import import_module

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import etree

from bench import comments, saving
from bench.search import Words

NAMES = {"wp": "http://wordpress.org/export/1.2/",
         "content": "http://purl.org/rss/1.0/modules/content/",
         "excerpt": "http://wordpress.org/export/1.2/excerpt/"}  # fmt: skip
COMMENT, WORK = 'id="comment-', 'id="ref-'
SEARCHED = "nodule"


def shallow(count):
    """Conversations of 24, each of whose comments answers the first: the longest that a page shows
    whole. It shows twenty, 480 comments."""
    for number in range(count):
        root = number - number % 24
        yield root, root if number > root else None, number - root, min(1, number - root)


def build(sizes):
    """The pages that are measured: `{what: (address, what stands on it, how often at least)}`."""
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("seed_demo", stdout=open(os.devnull, "w"))  # noqa: SIM115
    words, model = Words(), apps.get_model
    saving.library(words, sizes.citations)
    chapter = model("review.Chapter").objects.create(
        title="Sixty citations", state="published", body=saving.text(words, 3000, sizes.citations)
    )
    few, _last = comments.fill(shallow, 26)
    many, _last = comments.fill(shallow, sizes.comments)
    posts = model("blog.Post").objects
    post = posts.order_by("pk").first()
    newest = posts.published().order_by("-first_published", "-pk").first()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    return {
        "26 comments": (few.get_absolute_url(), COMMENT, 26),
        f"chapter, {sizes.citations} citations": (
            chapter.get_absolute_url(),
            WORK,
            sizes.citations,
        ),
        f"{sizes.comments} comments, all shown": (many.get_absolute_url(), COMMENT, sizes.comments),
        "home": ("/", newest.title, 1),
        "library": ("/references/", 'class="work', 20),
        "reference": ("/references/sutro1935/", 'id="citation"', 1),
        "post": (post.get_absolute_url(), post.title, 1),
        "search": (f"/search/?q={SEARCHED}", SEARCHED, 3),
        "an empty page": ("/legal/", "colophon", 1),
    }


def queries(address):
    """How many a page asks, once what all pages share is there."""
    client = Client()
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)


def write(path, pages):
    """The content and what is to be measured of it, for peers."""
    exported = path.with_suffix(".xml")
    import_module("config.moving.whole.wordpress").write(exported)
    site = import_module("publishing.models").SiteSettings.load()
    content = {
        "name": site.name, "tagline": site.tagline, "introduction": site.introduction,
        "disclaimer": site.disclaimer, "searched": SEARCHED, "pages": [*items(exported), legal()],
        "measured": measured(pages),
    }  # fmt: skip
    path.write_text(json.dumps(content))


def measured(pages):
    """`{what: {"slug", "mark", "times"}}` of what other systems have too: they know neither a
    library nor a work's page. Home and search have no slug; an empty page no comments and no
    works."""
    found = {}
    for what, (address, mark, times) in pages.items():
        if address.startswith("/references/"):
            continue
        slug = "" if what in ("home", "search") else address.strip("/").rpartition("/")[2]
        found[what] = {"slug": slug, "mark": "Imprint" if slug == "legal" else mark, "times": times}
    return found


def legal():
    return {
        "id": 1, "kind": "page", "parent": 0, "slug": "legal", "title": "Imprint", "order": 0,
        "at": "2026-01-01 00:00:00", "summary": "", "html": "<p>-</p>", "comments": [],
    }  # fmt: skip


def items(exported):
    """What is public, those above before those below; what is of today is of this minute, for
    WordPress would wait for a later one."""
    now = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"
    for item in etree.parse(exported).iterfind("channel/item"):
        said = {each: item.findtext(f"wp:{each}", namespaces=NAMES) for each in (
            "post_id", "post_type", "post_parent", "post_name", "post_date", "status", "menu_order"
        )}  # fmt: skip
        if said["status"] != "publish" or said["post_type"] not in ("page", "post"):
            continue
        yield {
            "id": int(said["post_id"]), "kind": said["post_type"],
            "parent": int(said["post_parent"]), "slug": said["post_name"],
            "title": item.findtext("title"), "at": min(said["post_date"], now),
            "order": int(said["menu_order"]),
            "summary": item.findtext("excerpt:encoded", namespaces=NAMES) or "",
            "html": item.findtext("content:encoded", namespaces=NAMES) or "",
            "comments": list(_comments(item)),
        }  # fmt: skip


def _comments(item):
    for comment in item.iterfind("wp:comment", NAMES):
        said = {each: comment.findtext(f"wp:comment_{each}", namespaces=NAMES) for each in (
            "id", "parent", "author", "author_email", "date", "content", "approved"
        )}  # fmt: skip
        if said.pop("approved") == "1":
            yield said | {"id": int(said["id"]), "parent": int(said["parent"])}
