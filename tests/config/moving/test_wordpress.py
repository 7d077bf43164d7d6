"""A WordPress site moves in whole: what a reader and the author find afterwards. The export is one
of a real WordPress 6.1 (`data/`)."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db.models import Q
from reversion.models import Version

from blog.models import Post
from comments.commenters import erasures
from comments.models import Comment, Erasure, Status
from config.moving.wordpress import bring, pictures
from publishing.models import Image, ImportedItem, Redirect
from references.models import Notes, Reference
from review.models import Chapter, Placement

DATA = Path(__file__).parent / "data"
EXPORT = DATA / "wordpress-6.1.xml"
pytestmark = pytest.mark.django_db


def moved(path=EXPORT, **options):
    run = bring.prepare(path, media=pictures.of(DATA / "uploads"), **options)
    return bring.bring(run)


def leads_to(client, address):
    """The last address, and how many steps lead there."""
    steps = 0
    while (response := client.get(address)).status_code == 301:
        address, steps = response["Location"], steps + 1
        if address.startswith("/media/"):
            assert default_storage.exists(address.removeprefix("/media/"))
            return address, steps
    assert response.status_code == 200, address
    return address, steps


def test_a_site_comes_over_whole(client):
    report = moved()
    assert report.adds_up()
    assert {kind: fates["new"] for kind, _n, fates, _r in report.totals() if fates["new"]} == {
        "attachment": 3, "page": 7, "post": 7, "comment": 8,
    }  # fmt: skip
    _the_tree_and_its_texts()
    _the_posts()
    _the_comments(client)
    _every_old_address_lives(client)


def _the_tree_and_its_texts():
    where = Chapter.objects.get(slug="where")
    crest = Chapter.objects.get(slug="iliac-crest")
    assert (crest.parent, crest.path) == (where, "where/iliac-crest")
    assert Chapter.objects.get(slug="in-horses").parent == crest
    assert Chapter.objects.get(slug="about").section == "a-front"
    assert Chapter.objects.get(title="Not yet").state == "draft"
    assert (where.first_published.isoformat(), where.language) == ("2012-03-04", "en")
    picture = Image.objects.get(title="Nodule")
    assert (picture.alt, picture.caption) == (
        "A round nodule, drawn in brown",
        "A nodule as first seen",
    )
    assert f'<img src="{picture.get_absolute_url()}"' in where.body
    assert "<figcaption>A nodule, <em>life size</em></figcaption>" in where.body
    assert "10<sup>9</sup>" in where.body
    assert "The second page of it." in where.body
    assert '[unknown_code a="b"]' in where.body
    # one that came later, one that came before; by the number and by the address
    assert crest.body.count(f'href="page:review.chapter/{where.pk}"') == 2
    assert '<span class="fn">The footnote, with <em>emphasis</em>.</span>' in crest.body
    assert Version.objects.get_for_object(crest).count() == 1


def _the_posts():
    first = Post.objects.get(slug="a-first-post")
    assert (first.summary, first.cover.title) == ("In a sentence.", "Nodule")
    assert {tag.name for tag in first.tags.all()} == {"fat", "Sacrum", "Nodules & lumps"}
    second = Post.objects.get(title="Grüße & more “quoted”")
    assert f"page:blog.post/{first.pk}" in second.body
    assert "Berta Sample" in second.body
    assert Post.objects.get(title="Secret").state == "draft"
    assert Post.objects.get(title="Next year").publish_at == datetime(2031, 1, 1, 9, tzinfo=UTC)
    assert Post.objects.get(slug="reusable-here").body.startswith("<p>Said again and again.</p>")
    assert not Post.objects.filter(title="Thrown away").exists()


def _the_comments(client):
    where = Chapter.objects.get(slug="where")
    thread = Comment.objects.on(where).order_by("thread_at", "position")
    shown = [(each.name, each.depth, each.status) for each in thread]
    assert shown[:4] == [
        ("Sample Reader One", 0, Status.APPROVED),
        ("ana", 1, Status.APPROVED),
        ("Sample Reader Two", 2, Status.APPROVED),
        ("Sample Reader Five", 1, Status.PENDING),
    ]
    first = thread[0]
    assert 2 in (first.pk, first.old_number)  # as there: its anchor lives
    assert (
        first.text
        == "A sample comment with markup & a link (http://x.example.org/).\n\nSecond paragraph."
    )
    assert (first.email, thread[1].by_author) == ("reader@example.org", True)
    page = client.get(where.get_absolute_url()).content.decode()
    assert 'id="comment-2"' in page
    assert "reader@example.org" not in page
    assert "Sample Reader Five" not in page
    later = Comment.objects.create(page=where, name="Later", text="Later.")
    assert later.pk > 12


def _every_old_address_lives(client):
    picture = Image.objects.get(title="Nodule").get_absolute_url()
    expected = {
        "/where/": "/review/where/", "/where": "/review/where/", "/?p=7": "/review/where/",
        "/?page_id=7": "/review/where/", "/where/iliac-crest/": "/review/where/iliac-crest/",
        "/where/feed/": "/review/where/comments.atom", "/where/2/": "/review/where/",
        "/where/comment-page-2/": "/review/where/", "/where/amp/": "/review/where/",
        "/2014/06/a-first-post/": "/blog/a-first-post/", "/2014/06/": "/blog/2014/",
        "/2014/": "/blog/2014/", "/2014/06/page/2/": "/blog/2014/", "/?m=201406": "/blog/2014/",
        "/feed/": "/feed.atom", "/feed": "/feed.atom", "/comments/feed/": "/comments/feed.atom",
        "/?feed=rss2": "/feed.atom", "/page/3/": "/blog/", "/author/ana/": "/blog/",
        "/category/anatomy/nodules/": "/tags/nodules-lumps/",
        "/category/nodules/feed/": "/tags/nodules-lumps/feed.atom",
        "/?cat=3": "/tags/nodules-lumps/", "/tag/fat/": "/tags/fat/", "/?tag=fat": "/tags/fat/",
        "/?s=fat+mice": "/search/?q=fat%20mice", "/wp-sitemap.xml": "/sitemap.xml",
        "/nodule/": picture, "/?attachment_id=4": picture,
        "/wp-content/uploads/2012/03/nodule.jpg": picture,
        "/wp-content/uploads/2012/03/nodule-300x200.jpg": picture,
        "/ca/where/": "/ca/review/where/",
    }  # fmt: skip
    for old, new in expected.items():
        assert leads_to(client, old) == (new, 1), old
    assert client.get("/2026/11/secret/").status_code == 404
    assert client.get("/nothing/of/the/kind/").status_code == 404


def test_run_again_it_changes_nothing_and_keeps_what_she_changed(tmp_path):
    moved()
    post = Post.objects.get(slug="a-first-post")
    post.body = "<p>Better words of hers.</p>"
    post.save()
    Comment.objects.get(text="A later sample thread.").delete()
    rows = {model: set(model.objects.values_list("pk", flat=True)) for model in
            (Chapter, Post, Comment, Redirect, Image, ImportedItem)}  # fmt: skip
    report = moved()
    assert report.adds_up()
    assert not [fates for *_k, fates, _r in report.totals() if fates["new"] or fates["updated"]]
    for model, known in rows.items():
        assert set(model.objects.values_list("pk", flat=True)) == known

    newer = EXPORT.read_text(encoding="utf-8")
    for old, new in (
        ("An opening.", "Another opening."),
        ("After it.", "Later words."),
        ("A sample that waits.", "A sample that waited."),
        ("A later sample thread.", "Changed words of one that is gone."),
    ):
        assert old in newer
        newer = newer.replace(old, new)
    item = newer[newer.index("<wp:comment>") : newer.index("</wp:comment>") + 13]
    reply = item.replace("<wp:comment_id>2<", "<wp:comment_id>900<").replace(
        "<wp:comment_parent>0<", "<wp:comment_parent>4<"
    )
    path = tmp_path / "newer.xml"
    path.write_text(newer.replace(item, item + reply), encoding="utf-8")
    report = moved(path)
    assert report.adds_up()
    assert (report.fates["post"]["updated"], report.fates["post"]["kept"]) == (1, 1)
    assert (report.fates["comment"]["new"], report.fates["comment"]["updated"]) == (1, 1)
    assert [row[-1] for row in report.kept] == [
        "it changed there too; yours stays", "it was deleted here",
    ]  # fmt: skip
    post.refresh_from_db()
    assert post.body == "<p>Better words of hers.</p>"
    assert "Later words." in Post.objects.get(slug="reusable-here").body
    new = Comment.objects.get(Q(pk=900) | Q(old_number=900))
    assert (new.parent.name, new.root.name, new.depth) == (
        "Sample Reader Two", "Sample Reader One", 3,
    )  # fmt: skip


def test_stopped_anywhere_and_begun_again_it_is_as_if_never_stopped():
    class Stop(Exception):
        pass

    for number in (1, 4, 6, 8, 10, 12):
        heard = []

        def tell(*progress, heard=heard, number=number):
            heard.append(progress)
            if len(heard) == number:
                raise Stop

        with pytest.raises(Stop):
            moved(progress=tell)
    assert moved().adds_up()
    counts = [model.objects.count() for model in (Chapter, Post, Comment, Image)]
    assert counts == [7, 7, 8, 3]
    assert Chapter.objects.get(slug="iliac-crest").body.count('href="page:review.chapter') == 2
    numbers = {each.old_number or each.pk for each in Comment.objects.all()}
    assert numbers == {2, 3, 4, 5, 7, 8, 9, 12}


def test_what_was_erased_here_does_not_come_back():
    erasures.remember_mailbox("reader@example.org")
    Erasure.objects.update(at=datetime(2026, 1, 1, tzinfo=UTC))
    report = moved()
    assert report.adds_up()
    assert [each.name for each in Comment.objects.all()] == ["ana"]


def test_a_number_that_is_taken_here_lives_on_as_a_second_anchor(client):
    post = Post.objects.create(title="Mine", slug="mine", state="published")
    for number in (2, 3):
        Comment.objects.create(pk=number, page=post, name="Own", text="Mine.")
    assert moved().adds_up()
    where = Chapter.objects.get(slug="where")
    page = client.get(where.get_absolute_url()).content.decode()
    came = Comment.objects.get(old_number=2)
    assert 'id="comment-2"' in page
    assert f'id="comment-{came.pk}"' in page
    address = client.get("/comments/2/", {"on": where.get_absolute_url()})["Location"]
    assert address == f"{where.get_absolute_url()}#comment-{came.pk}"


def test_notes_and_lists_become_what_she_says_they_are(client, tmp_path):
    path = tmp_path / "map.json"
    call_command("import_wordpress", EXPORT, map=path, dry_run=True, stdout=io.StringIO())
    given = json.loads(path.read_text(encoding="utf-8"))
    assert given["items"]["12"]["notes_on"].startswith("Copeman WSC")
    assert not Chapter.objects.exists()
    given["items"]["12"]["as"] = "notes"
    given["items"]["13"] |= {"articles": True, "drop": True}
    given["items"]["9"]["as"] = "leave"
    given["prefixes"] = {"/forum": "/questions/"}
    path.write_text(json.dumps(given), encoding="utf-8")
    out = io.StringIO()
    call_command("import_wordpress", EXPORT, map=path, media=DATA / "uploads", stdout=out)
    assert "does not add up" not in out.getvalue()
    assert "you decided so" in out.getvalue()
    notes = Notes.objects.get()
    assert (notes.reference.year, notes.reference.pmid) == (1944, "12345678")
    assert notes.body.startswith('<p>They opened the back and found fat.</p>\n<div class="own"')
    assert leads_to(client, "/copeman-1944/")[0] == notes.reference.get_absolute_url()
    assert leads_to(client, "/forum/any/thread/") == ("/questions/", 1)
    listed = Placement.objects.filter(chapter__slug="all-articles")
    assert [each.reference.year for each in listed] == [1935, 1937, 1950]
    assert "Sutro" not in Chapter.objects.get(slug="all-articles").body
    assert "Total" not in Chapter.objects.get(slug="all-articles").body
    call_command("import_wordpress", EXPORT, map=path, stdout=io.StringIO())
    assert (Notes.objects.count(), Placement.objects.count(), Reference.objects.count()) == (
        1,
        3,
        4,
    )
