from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from lxml import etree, html

from tests.factories import ChapterFactory, PostFactory, ReferenceFactory, cite, comment

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once("what it asks for, the lists of each app ask for too"),
]
ATOM = "{http://www.w3.org/2005/Atom}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
CHILDREN = set(
    "author category content id link published rights subtitle summary title updated entry".split()
)
FEEDS = ["/feed.atom", "/review/feed.atom", "/blog/feed.atom", "/references/feed.atom"]


def faults(address, element, kind):
    """What RFC 4287 asks of a feed or an entry, and what is wrong."""
    names = [child.tag.removeprefix(ATOM) for child in element]
    text = {name: element.findtext(f"{ATOM}{name}") or "" for name in names}
    links = [
        (each.get("rel", "alternate"), each.get("hreflang"), each.get("type"))
        for each in element.findall(f"{ATOM}link")
    ]
    moments = [text[name] for name in ("published", "updated") if name in text]
    found = {
        "an element that is none": set(names) - CHILDREN,
        "not exactly one": [name for name in ("id", "title", "updated") if names.count(name) != 1],
        "more than one": [
            name
            for name in ("published", "summary", "content", "rights", "subtitle")
            if names.count(name) > 1
        ],
        "an identity that is no address": not text["id"].startswith("http://testserver/"),
        "links that say the same": len(links) != len(set(links)),
        "a relative link": [
            each
            for each in element.findall(f"{ATOM}link")
            if not each.get("href").startswith("http://")
        ],
        "no link to its page": all(link[0] != "alternate" for link in links),
        "no link to itself": kind == "feed" and all(link[0] != "self" for link in links),
        "a moment without zone": [
            each for each in moments if datetime.fromisoformat(each).tzinfo is None
        ],
        "published after it was updated": moments != sorted(moments, key=datetime.fromisoformat),
        "no author": kind == "feed" and not element.findtext(f"{ATOM}author/{ATOM}name"),
        "no language": kind == "feed" and not element.get(LANGUAGE),
        "HTML with addresses of its own": [
            each
            for each in html.fromstring(f"<div>{text.get('content', '')}</div>").xpath(
                "//@href | //@src"
            )
            if not each.startswith(("http://", "https://", "mailto:"))
        ],
    }
    return {f"{address} {text['id']}: {fault}": what for fault, what in found.items() if what}


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
    assert (
        'href="http://testserver/blog/a-post/#ref-1"' in entry["content"]
        or "[1]" in entry["content"]
    )
    assert 'class="note' not in entry["content"]
    assert 'href="/' not in entry["content"]


def test_the_review_feed_leaves_out_what_is_only_planned(client):
    ChapterFactory(title="Written", body="<p>x</p>")
    ChapterFactory(title="Planned", state="planned")
    assert [entry["title"] for entry in entries(client, "/review/feed.atom")] == ["1 Written"]


def test_nothing_hidden_reaches_a_feed(client):
    later = timezone.now() + timedelta(days=1)
    ChapterFactory(title="Secret", state="draft", body="<p>x</p>")
    ChapterFactory(
        title="Secret below",
        parent=ChapterFactory(title="Secret later", publish_at=later),
        body="<p>x</p>",
    )
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


def test_every_feed_is_valid(client):
    reference = ReferenceFactory(citekey="ries1937", notes="<p>Read with care.</p>", tags=["pain"])
    chapter = ChapterFactory(
        title="One", summary="p < 0.05 & more", body=f"<h2>a</h2><p>x {cite('ries1937')}</p>"
    )
    post = PostFactory(
        title="Hola",
        slug="hola",
        language="es",
        body='<p><a href="/review/one/#a">x</a></p>',
        tags=["pain"],
    )
    comment(post, parent=comment(post, text="¿Por qué?", language="es"), by_author=True)
    found = {}
    pages = [reference, chapter, post]
    feeds = [*FEEDS, "/es/feed.atom", "/tags/pain/feed.atom", "/comments/feed.atom"]
    for address in [*feeds, *(f"{page.get_absolute_url()}comments.atom" for page in pages)]:
        root = etree.fromstring(client.get(address).content)
        listed = root.findall(f"{ATOM}entry")
        identities = [entry.findtext(f"{ATOM}id") for entry in listed]
        assert len(set(identities)) == len(identities)
        found |= faults(address, root, "feed")
        for entry in listed:
            found |= faults(address, entry, "entry")
    assert found == {}


def test_an_entry_says_its_language_and_a_sign_in_its_summary_is_no_markup(client):
    PostFactory(slug="hola", language="es", summary="p < 0.05 & more", body="<p>x</p>")
    entry = etree.fromstring(client.get("/blog/feed.atom").content).find(f"{ATOM}entry")
    assert entry.get(LANGUAGE) == "es"
    assert html.fromstring(entry.findtext(f"{ATOM}summary")).text_content() == "p < 0.05 & more"


def test_what_was_written_long_ago_and_shown_today_is_new_today(client):
    post = PostFactory(body="<p>x</p>", first_published=date(2026, 5, 3))
    post.save(updated=datetime.fromisoformat("2026-01-02T09:00:00+00:00"))
    assert entries(client, "/blog/feed.atom")[0]["updated"].startswith("2026-05-03")
