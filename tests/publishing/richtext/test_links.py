"""Links between pages: kept by identity, written as addresses, mended when an address changes."""

import pytest

from publishing.richtext import links
from review.models import Chapter
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once("about HTML")]


def link(href, words="there"):
    return f'<p><a href="{href}">{words}</a></p>'


@pytest.fixture
def target():
    return ChapterFactory(title="Nerves", slug="nerves")


@pytest.mark.parametrize(
    "href",
    [
        "/review/nerves/",
        "/es/review/nerves/",
        "http://testserver/review/nerves/",
        "/review/nerves/?x=1",
    ],
)
def test_an_address_of_ours_is_kept_as_the_page_itself(target, href):
    assert links.to_stored(link(href)) == link(f"page:review.chapter/{target.pk}")


def test_a_place_in_the_page_is_kept(target):
    stored = link(f"page:review.chapter/{target.pk}#part-2")
    assert links.to_stored(link("/review/nerves/#part-2")) == stored
    assert links.to_addresses(stored) == link("/review/nerves/#part-2")


@pytest.mark.parametrize(
    "href",
    [
        "https://example.org/review/nerves/",
        "//evil.example/review/nerves/",
        "/review/nowhere/",
        "/search/",
        "#part",
        "mailto:a@b.org",
    ],
)
def test_every_other_address_stays(target, href):
    assert links.to_stored(link(href)) == link(href)


def test_chapters_posts_and_references_are_known_by_their_address(target):
    post, reference = PostFactory(slug="a-post"), ReferenceFactory(citekey="sutro1935")
    html = link("/blog/a-post/") + link("/references/sutro1935/")
    stored = links.to_stored(html)
    assert f"page:blog.post/{post.pk}" in stored
    assert f"page:references.reference/{reference.pk}" in stored
    assert links.to_addresses(stored).replace("\n", "") == html


def test_a_link_survives_a_new_address_and_a_new_place(target):
    source = ChapterFactory(title="Source", body=link("/review/nerves/"))
    target.slug = "nerve-entrapment"
    target.save()
    source.refresh_from_db()
    assert 'href="/review/nerve-entrapment/"' in source.body_html
    target.parent = Chapter.objects.get(pk=source.pk)
    target.save()
    source.refresh_from_db()
    assert 'href="/review/source/nerve-entrapment/"' in source.body_html


def test_a_link_to_a_draft_is_words_until_it_is_public(target):
    source = ChapterFactory(title="Source", body=link("/review/nerves/"))
    target.state = "draft"
    target.save()
    source.refresh_from_db()
    assert source.body_html == "<p>there</p>"
    target.state = "published"
    target.save()
    source.refresh_from_db()
    assert 'href="/review/nerves/"' in source.body_html


def test_a_link_to_a_deleted_page_is_words_and_is_reported(target):
    source = ChapterFactory(title="Source", body=link("/review/nerves/"))
    target.delete()
    source.refresh_from_db()
    assert source.body_html == "<p>there</p>"
    assert links.broken(source.body) == [("there", source.body.split('"')[1])]


@pytest.mark.parametrize(
    ("href", "is_broken"),
    [
        ("/review/never-was/", True),
        ("/no/such/thing/", True),
        ("/search/?q=x", False),
        ("/review/", False),
        ("https://example.org/gone/", False),
        ("#here", False),
        ("page:review.chapter/999", True),
        ("page:no.such/1", True),
    ],
)
def test_what_counts_as_a_broken_link(href, is_broken):
    assert bool(links.broken(link(href))) is is_broken
