"""The site as WordPress reads it. What our own import makes of it again is what WordPress makes of
it (tried by hand with 6.1 and the sample site: equal counts, threads and numbers)."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from lxml import etree

from blog.models import Post
from comments.models import Comment
from config.moving.whole.wordpress import _in_order
from config.moving.wordpress import bring, pictures
from publishing.models import Image
from references.models import Reference
from review.models import Chapter
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory, cite, comment
from tests.publishing.test_images import picture, upload

pytestmark = [pytest.mark.django_db, pytest.mark.once("what a file holds")]
WP = {"wp": "http://wordpress.org/export/1.2/",
      "content": "http://purl.org/rss/1.0/modules/content/"}  # fmt: skip


def talk():
    return sorted(
        (row.text, row.status, row.parent.text if row.parent else "", row.by_author,
         row.created.replace(microsecond=0), row.name, row.email)
        for row in Comment.objects.select_related("parent")
    )  # fmt: skip


def test_what_goes_out_comes_in_again_as_it_was(tmp_path, settings):
    ReferenceFactory(citekey="sutro1935", title="On fat")
    image = Image.objects.create(
        title="A nodule", alt="Round ]]> & brown", file=upload(picture(size=(60, 40)))
    )
    above = ChapterFactory(title="Above & more", slug="above")
    body = (
        f'<p>10<sup>9</sup> cells {cite("sutro1935")}, <span class="fn">a note</span>, <a href='
        f'"/review/above/">above</a>.</p><p><img src="{image.get_absolute_url()}" alt="x"></p>'
    )
    below = ChapterFactory(title="Below", slug="below", parent=above, body=body)
    ChapterFactory(title="Not yet", slug="not-yet", state="draft")
    PostFactory(title="A post", slug="a-post").tags.add("fat")
    PostFactory(title="Soon", slug="soon", publish_at=timezone.now() + timedelta(days=9))
    first = comment(below, text="A question <with> signs & a ]]> in it.", email="anna@example.org")
    answer = comment(below, text="An answer.", parent=first, by_author=True, name="The author")
    comment(below, text="Thanks.", parent=answer, email="anna@example.org")
    comment(above, text="Buy.", status="spam")
    comment(Reference.objects.get(), text="On the work.", status="pending")
    said, chapters = talk(), Chapter.objects.count()
    out = io.StringIO()
    call_command("export_site", "--wxr", tmp_path / "out.xml", stdout=out)
    assert "4 pages, 2 posts, 1 attachments, 5 comments" in out.getvalue()
    with pytest.raises(CommandError, match="Say where to"):
        call_command("export_site")
    _wordpress_reads_it(etree.parse(tmp_path / "out.xml"))

    Comment.objects.update(root=None, parent=None)
    Chapter._base_manager.update(parent=None)
    for model in (Comment, Post, Chapter, Image):
        model._base_manager.all().delete()
    report = bring.bring(
        bring.prepare(tmp_path / "out.xml", media=pictures.of(Path(settings.MEDIA_ROOT)))
    )
    assert report.adds_up()
    assert report.left == []
    assert talk() == said
    again = Chapter.objects.get(slug="below")
    assert (again.parent.title, Chapter.objects.count()) == ("Above & more", chapters + 1)
    assert "10<sup>9</sup> cells" in again.body
    assert f'href="page:review.chapter/{again.parent_id}"' in again.body
    assert Image.objects.get().alt == "Round ]]> & brown"
    assert Image.objects.get().get_absolute_url() in again.body
    assert Chapter.objects.get(title="Not yet").state == "draft"
    assert [tag.name for tag in Post.objects.get(title="A post").tags.all()] == ["fat"]
    assert Post.objects.get(title="Soon").publish_at > timezone.now()


def _wordpress_reads_it(tree):
    items = tree.findall("channel/item")
    numbers = [int(each.findtext("wp:post_id", namespaces=WP)) for each in items]
    assert len(set(numbers)) == len(items)
    assert tree.findtext("channel/wp:wxr_version", namespaces=WP) == "1.2"
    named = {(each.findtext("title"), each.findtext("wp:post_date", namespaces=WP))
             for each in items}  # fmt: skip
    assert len(named) == len(items)
    below = next(each for each in items if each.findtext("title") == "Below")
    text = below.findtext("content:encoded", namespaces=WP)
    assert '<a href="#ref-1">[1]</a>' in text
    assert '<li id="ref-1">' in text
    assert '<li id="note-1">a note</li>' in text
    assert f"?page_id={below.findtext('wp:post_parent', namespaces=WP)}" in text
    number = {}
    for each in below.findall("wp:comment", namespaces=WP):
        pk = int(each.findtext("wp:comment_id", namespaces=WP))
        parent = int(each.findtext("wp:comment_parent", namespaces=WP))
        assert parent == 0 or number[parent] < pk
        number[pk] = pk


def test_an_answer_has_a_higher_number_than_what_it_answers():
    rows = [Comment(pk=1, parent_id=3), Comment(pk=2), Comment(pk=3), Comment(pk=4, parent_id=9)]
    order = [(row.pk, number, parent) for row, number, parent in _in_order(rows)]
    assert order == [(2, 1, 0), (3, 2, 0), (1, 3, 2), (4, 4, 0)]
