"""What machines read of a page: cards, data blocks, canonical and translated addresses; what it
weighs."""

import io
import json
import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from lxml import etree
from PIL import Image as Pillow

from publishing.machines import cards
from publishing.models import SiteSettings
from tests.factories import (
    ChapterFactory,
    PersonFactory,
    PostFactory,
    ReferenceFactory,
    cite,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once("it reads what the pages of other tests ask for"),
]
# The sitemap protocol 0.9, with the alternates that search engines read beside it.
SITEMAP = etree.RelaxNG(
    etree.fromstring("""
<element name="urlset" ns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns="http://relaxng.org/ns/structure/1.0"
    datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <oneOrMore><element name="url"><interleave>
    <element name="loc"><data type="anyURI"><param name="pattern">https?://[^/]+/.*</param></data></element>
    <optional><element name="lastmod"><choice><data type="date"/>
    <data type="dateTime"/></choice></element></optional>
    <zeroOrMore><element name="link" ns="http://www.w3.org/1999/xhtml">
      <attribute name="rel"><value>alternate</value></attribute>
      <attribute name="hreflang"><data type="language"/></attribute>
      <attribute name="href"><data type="anyURI"/></attribute>
    </element></zeroOrMore>
  </interleave></element></oneOrMore>
</element>""")
)


def html_of(client, address):
    return client.get(address).content.decode()


def data_of(html):
    return [
        json.loads(block)
        for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    ]


def described(html, kind):
    return next(block for block in data_of(html) if block["@type"] == kind)


def meta(html, name):
    return re.search(rf'<meta property="{name}" content="([^"]*)">', html)[1]


def test_a_chapter_is_a_medical_page_with_review_author_way_and_citations(client):
    SiteSettings(author_name="Marta", orcid="0000-0002-1825-0097", licence="CC BY-NC-ND 4.0").save()
    ReferenceFactory(citekey="ries1937", title="Nodes", doi="10.1000/x", year=1937)
    parent = ChapterFactory(title="Nerves")
    chapter = ChapterFactory(
        title="Cluneal",
        parent=parent,
        body=f"<p>x {cite('ries1937')}</p>",
        reviewed=date(2026, 1, 2),
    )
    data = described(html_of(client, chapter.get_absolute_url()), "MedicalWebPage")
    assert data["lastReviewed"] == "2026-01-02"
    assert data["author"]["sameAs"] == "https://orcid.org/0000-0002-1825-0097"
    assert data["license"] == "https://creativecommons.org/licenses/by-nc-nd/4.0/"
    assert data["citation"][0]["sameAs"] == "https://doi.org/10.1000/x"
    way = [step["item"] for step in data["breadcrumb"]["itemListElement"]]
    assert way == [
        f"http://testserver/review/{path}" for path in ("", "nerves/", "nerves/cluneal/")
    ]


def test_a_post_is_a_blog_posting(client):
    post = PostFactory(title="Hello", first_published=date(2026, 4, 19))
    html = html_of(client, post.get_absolute_url())
    assert described(html, "BlogPosting")["datePublished"] == "2026-04-19"
    assert (
        described(html, "BreadcrumbList")["itemListElement"][0]["item"] == "http://testserver/blog/"
    )


def test_a_title_cannot_break_out_of_the_data(client):
    post = PostFactory(title="</script><script>alert(1)</script> & <b>", slug="x")
    html = html_of(client, post.get_absolute_url())
    assert "<script>alert" not in html
    assert described(html, "BlogPosting")["name"] == post.title


def test_every_page_has_a_card_that_is_a_picture(client):
    ChapterFactory(title="Nodules", slug="one")
    person = PersonFactory()
    ReferenceFactory(citekey="ries1937", people=[person])
    pages = ("/review/one/", "/references/ries1937/", person.get_absolute_url())
    cards_of = [
        meta(html_of(client, address), "og:image")
        for address in ("/", "/review/", *pages, "/es/review/one/")
    ]
    assert len(set(cards_of)) == 1 + len(pages)
    for address in cards_of:
        response = client.get(address.removeprefix("http://testserver"))
        assert response["Content-Type"] == "image/png"
        assert "immutable" in response["Cache-Control"]
        assert Pillow.open(io.BytesIO(response.content)).size == (1200, 630)


def test_a_card_is_made_once_and_anew_when_the_title_changes(client, monkeypatch):
    post = PostFactory(title="First", slug="x")
    old = meta(html_of(client, "/blog/x/"), "og:image").removeprefix("http://testserver")
    client.get(old)
    with monkeypatch.context() as patch:
        patch.setattr(cards.Card, "_draw", lambda card: pytest.fail("drawn again"))
        client.get(old)
    post.title = "Second"
    post.save()
    new = meta(html_of(client, "/blog/x/"), "og:image").removeprefix("http://testserver")
    assert new != old
    assert client.get(old)["Location"] == new


@pytest.mark.parametrize(
    "label", ["blog.post", "auth.user", "nothing.here", "x", "publishing.consent"]
)
def test_there_is_no_card_of_what_is_not_public(client, label, author):
    post = PostFactory(state="draft")
    assert client.get(f"/cards/{label}/{post.pk}/abc.png").status_code == 404


@pytest.mark.parametrize(
    "title", ["W" * 300, "An extraordinarily long title " * 12, "ñ", "آلام الظهر", "疼痛"]
)
def test_any_title_fits_on_a_card(title):
    made = cards.Card(kicker=title, number="1.2.3.4.5", title=title, foot=title)
    assert Pillow.open(io.BytesIO(made.png())).size == (1200, 630)


def test_a_letter_no_font_here_has_is_left_out(monkeypatch):
    monkeypatch.setattr(cards, "faces", lambda: [""])
    assert cards.writable("Back mice") == "Back mice"
    assert cards.writable("疼痛 back 疼") == "back"
    assert cards.writable("疼痛") == ""


def test_a_work_has_its_way_from_the_library(client):
    ReferenceFactory(citekey="ries1937")
    data = described(html_of(client, "/references/ries1937/"), "WebPage")
    way = [step["item"] for step in data["breadcrumb"]["itemListElement"]]
    assert way == ["http://testserver/references/", "http://testserver/references/ries1937/"]


def test_translations_name_each_other_and_the_older_one_says_so(client):
    original = PostFactory(title="Hello", slug="hello")
    spanish = PostFactory(title="Hola", slug="hola", language="es", translation_of=original)
    catalan = PostFactory(title="Hola!", slug="hola-ca", language="ca", translation_of=spanish)
    assert catalan.translation_of == original
    original.save(updated=timezone.now() + timedelta(days=2))
    html = html_of(client, "/blog/hello/")
    assert '<link rel="alternate" hreflang="es" href="http://testserver/blog/hola/">' in html
    assert '<link rel="alternate" hreflang="en" href="http://testserver/blog/hello/">' in html
    assert 'href="/es/blog/hola/" lang="es"' in html
    assert "older than the original" not in html
    html = html_of(client, "/blog/hola/")
    assert 'href="/blog/hello/" lang="en"' in html
    assert "This translation is older than the original" in html


def test_a_hidden_translation_is_named_nowhere(client):
    original = ChapterFactory(title="Hello")
    ChapterFactory(title="Secreto", language="es", state="draft", translation_of=original)
    assert "secreto" not in html_of(client, original.get_absolute_url()).lower()


def test_chapters_know_their_translations(client):
    original = ChapterFactory(title="Hello")
    ChapterFactory(title="Hola", language="es", section="c-back", translation_of=original)
    assert 'hreflang="es"' in html_of(client, original.get_absolute_url())
    assert 'hreflang="en"' in html_of(client, "/review/hola/")


def test_a_post_has_two_neighbours_and_its_translations_are_none_of_them(client):
    days = [date(2026, 1, day) for day in (1, 2, 3, 4, 5)]
    posts = [
        PostFactory(title=f"Post {day.day}", slug=f"p-{day.day}", first_published=day)
        for day in days
    ]
    PostFactory(
        title="Far",
        slug="far",
        language="es",
        first_published=date(2025, 1, 1),
        translation_of=posts[2],
    )
    context = client.get("/blog/p-3/").context
    assert (context["earlier"], context["later"]) == (posts[1], posts[3])
    assert [each.slug for each in context["translations"]] == ["far"]


def test_the_sitemap_has_dates_and_translations(client):
    original = ChapterFactory(title="Hello")
    ChapterFactory(title="Hola", language="es", section="c-back", translation_of=original)
    ChapterFactory(title="Alone")
    text = client.get("/sitemap-chapters-0.xml").content.decode()
    entry = text[text.index("<loc>http://testserver/review/hola/") :].partition("</url>")[0]
    assert 'hreflang="en" href="http://testserver/review/hello/"' in entry
    assert 'hreflang="es" href="http://testserver/review/hola/"' in entry
    assert "<lastmod>" in entry
    assert SITEMAP(etree.fromstring(text.encode())), SITEMAP.error_log
    alone = text[text.index("<loc>http://testserver/review/alone/") :].partition("</url>")[0]
    assert "hreflang" not in alone


def test_a_subject_has_a_feed_of_chapters_posts_and_notes(client):
    ChapterFactory(title="A chapter", body="<p>Long text.</p>").tags.add("pain")
    PostFactory(title="A post", body="<p>x</p>", tags=["pain"])
    PostFactory(title="Hidden", body="<p>x</p>", tags=["pain"], state="draft")
    ReferenceFactory(notes="<p>Read.</p>", tags=["pain"])
    response = client.get("/tags/pain/feed.atom")
    root = etree.fromstring(response.content)
    assert len(root.findall("{http://www.w3.org/2005/Atom}entry")) == 3
    assert b"Long text." in response.content
    assert 'href="/tags/pain/feed.atom"' in html_of(client, "/tags/pain/")
    assert client.get("/tags/none/feed.atom").status_code == 404


def test_no_script_holds_up_the_page(client):
    html = html_of(client, ChapterFactory(body="<p>x</p>").get_absolute_url())
    scripts = re.findall(r"<script[^>]*src=[^>]*>", html)
    assert len(scripts) == 2
    assert [tag for tag in scripts if not re.search(r" (?:async|defer|type=.module.)", tag)] == []
