from datetime import timedelta

import pytest
from django.utils import timezone
from lxml import etree

from tests.factories import ChapterFactory, PostFactory, ReferenceFactory, cite

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = ["/feed.atom", "/review/feed.atom", "/blog/feed.atom", "/references/feed.atom"]


def entries(client, address):
    root = etree.fromstring(client.get(address).content)
    return [
        {child.tag.removeprefix(ATOM): child.get("href") or child.text for child in entry}
        for entry in root.findall(f"{ATOM}entry")
    ]


@pytest.mark.parametrize("address", FEEDS)
def test_an_empty_feed_is_a_feed_and_stays_the_same(client, address):
    response = client.get(address)
    assert response["Content-Type"].startswith("application/atom+xml")
    assert etree.fromstring(response.content).tag == f"{ATOM}feed"
    assert client.get(address).content == response.content


def test_the_site_feed_has_chapters_posts_and_notes(client):
    ChapterFactory(title="A chapter", body="<p>Text.</p>")
    PostFactory(title="A post", body="<p>Text.</p>")
    ReferenceFactory(notes="<p>Read with care.</p>")
    found = entries(client, "/feed.atom")
    assert len(found) == 3
    assert any("Read with care." in entry["content"] for entry in found)


def test_an_entry_has_the_whole_text_and_full_addresses(client):
    ReferenceFactory(citekey="ries1937")
    body = f'<p>A lump {cite("ries1937")}, see <a href="/review/other/">there</a>.</p>'
    ChapterFactory(title="Other", body="<p>x</p>", slug="other")
    PostFactory(title="A post", slug="a-post", summary="In short.", body=body, tags=["pain"])
    (entry,) = entries(client, "/blog/feed.atom")
    assert entry["link"] == "http://testserver/blog/a-post/"
    assert entry["summary"] == "In short."
    assert 'href="http://testserver/review/other/"' in entry["content"]
    assert 'href="http://testserver/blog/a-post/#ref-1"' in entry["content"] or "[1]" in entry["content"]
    assert 'class="note' not in entry["content"]
    assert 'href="/' not in entry["content"]


def test_the_review_feed_leaves_out_what_is_only_planned(client):
    ChapterFactory(title="Written", body="<p>x</p>")
    ChapterFactory(title="Planned", state="planned")
    assert [entry["title"] for entry in entries(client, "/review/feed.atom")] == ["1 Written"]


def test_nothing_hidden_reaches_a_feed(client):
    later = timezone.now() + timedelta(days=1)
    ChapterFactory(title="Secret", state="draft", body="<p>x</p>")
    ChapterFactory(title="Secret below", parent=ChapterFactory(title="Secret later", publish_at=later), body="<p>x</p>")
    PostFactory(title="Secret post", publish_at=later, body="<p>x</p>")
    PostFactory(title="Secret work", state="construction", body="<p>x</p>")
    for address in FEEDS:
        assert "Secret" not in client.get(address).content.decode()


def test_the_library_feed_has_the_newest_records_with_public_notes(client):
    ReferenceFactory(title="Subcutaneous nodes", notes="<p>Read with care.</p>")
    (entry,) = entries(client, "/references/feed.atom")
    assert entry["title"] == "Subcutaneous nodes"
    assert "Read with care." in entry["content"]


def test_an_entry_keeps_its_identity_when_its_address_changes(client):
    post = PostFactory(slug="old", body="<p>x</p>")
    before = entries(client, "/blog/feed.atom")[0]["id"]
    post.slug = "new"
    post.save()
    after = entries(client, "/blog/feed.atom")[0]
    assert after["id"] == before
    assert after["link"].endswith("/blog/new/")


def test_feeds_do_not_ask_more_for_more_entries(client, django_assert_max_num_queries):
    client.get("/feed.atom")
    for _ in range(6):
        ChapterFactory(body="<p>x</p>").tags.add("a")
        PostFactory(body="<p>x</p>", tags=["b"])
        ReferenceFactory(notes="<p>x</p>")
    with django_assert_max_num_queries(8):
        client.get("/feed.atom")
