"""`python -m peer.fill`: a new site with the content of PEER_CONTENT. Says, as JSON, where each
measured page stands and how many queries it asks."""

import json
from datetime import datetime

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils.timezone import make_aware  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

from .models import Chapter, Comment, Home, Post, Words  # noqa: E402


def moment(text):
    return make_aware(datetime.fromisoformat(text))


def in_order(comments):
    """`(comment, depth)`: each below the one it answers."""
    below = {}
    for comment in comments:
        below.setdefault(comment["parent"], []).append(comment)
    waiting = [(each, 0) for each in reversed(below.get(0, []))]
    while waiting:
        comment, depth = waiting.pop()
        yield comment, depth
        waiting += [(each, depth + 1) for each in reversed(below.get(comment["id"], []))]


def fill(content):
    """`{slug: address}`"""
    Page.objects.filter(depth=2).delete()
    root = Page.objects.get(depth=1)
    home = root.add_child(
        instance=Home(title=content["name"], slug="home", introduction=content["introduction"])
    )
    site = Site.objects.create(hostname="testserver", root_page=home, is_default_site=True)
    Words.objects.create(site=site, tagline=content["tagline"], disclaimer=content["disclaimer"])
    made = {}
    for item in sorted(content["pages"], key=lambda each: each["order"]):
        above = made.get(item["parent"], home)
        at = moment(item["at"])
        page = (Post if item["kind"] == "post" else Chapter)(
            title=item["title"][:255], slug=item["slug"], intro=item["summary"],
            body=item["html"] or "<p>-</p>", at=at, first_published_at=at,
            show_in_menus=item["slug"] in ("legal", "the-project"),
        )  # fmt: skip
        made[item["id"]] = above.specific.add_child(instance=page)
        Comment.objects.bulk_create(
            Comment(page=page, place=place, depth=depth, name=said["author"],
                    text=said["content"], created=moment(said["date"]))
            for place, (said, depth) in enumerate(in_order(item["comments"]))
        )  # fmt: skip
    return {page.slug: page.get_url() for page in made.values()}


def queries(address):
    client = Client(HTTP_HOST="testserver")
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)


def main():
    call_command("migrate", verbosity=0, interactive=False)
    content = settings.CONTENT
    addresses = fill(content)
    call_command("rebuild_references_index", verbosity=0)
    call_command("update_index", verbosity=0)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    found = {}
    for what, page in content["measured"].items():
        address = addresses.get(page["slug"], "/")
        if what == "search":
            address = f"/search/?q={content['searched']}"
        found[what] = {"address": address, "queries": queries(address)}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
