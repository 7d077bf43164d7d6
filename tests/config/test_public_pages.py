"""What holds for every public page."""

import gzip
import re
from datetime import date

import brotli
import pytest
from django.db import transaction
from django.templatetags.static import static
from django.test import Client, RequestFactory
from django.urls import get_resolver

from config.views import server_error
from publishing.models import SiteSettings
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory, comment

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once("about headers and HTML; what the pages ask for, others ask for too"),
]

PAGES = [
    "/", "/review/", "/review/one/", "/blog/", "/blog/2026/", "/blog/a-post/", "/tags/pain/",
    "/questions/",
    "/search/", "/search/?q=lipoma", "/feed.atom", "/review/feed.atom", "/blog/feed.atom",
    "/references/feed.atom",
    "/sitemap.xml", "/sitemap-chapters-0.xml", "/robots.txt", "/.well-known/security.txt",
    "/es/review/one/", "/ca/",
]  # fmt: skip
HTML = [page for page in PAGES if page.endswith("/") or "?" in page]


@pytest.fixture(scope="module")
def _site(django_db_setup, django_db_blocker):
    """Made once; nothing here writes for the next test."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_site()
        yield
        transaction.set_rollback(True)


def make_site():
    SiteSettings().save()
    chapter = ChapterFactory(title="One", body="<p>A lipoma.</p>", references=[ReferenceFactory()])
    post = PostFactory(
        slug="a-post", body="<p>A lipoma.</p>", tags=["pain"], first_published=date(2026, 4, 19)
    )
    comment(parent=comment(chapter, kind="question"), by_author=True)
    comment(post)


@pytest.mark.usefixtures("_site")
@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_the_same_bytes_for_everybody_and_sets_no_cookie(address, author):
    anonymous, other, logged_in = Client(), Client(), Client()
    logged_in.force_login(author)
    first = anonymous.get(address)
    assert first.status_code == 200
    assert not first.cookies
    assert "Cookie" not in first.get("Vary", "")
    assert "Accept-Language" not in first.get("Vary", "")
    assert "public" in first["Cache-Control"]
    assert (
        other.get(address, headers={"accept-language": "ca", "user-agent": "x"}).content
        == first.content
    )
    assert logged_in.get(address).content == first.content


@pytest.mark.usefixtures("_site")
@pytest.mark.parametrize("address", PAGES)
def test_a_page_that_has_not_changed_is_not_sent_again(client, address):
    etag = client.get(address)["ETag"]
    again = client.get(address, headers={"if-none-match": etag})
    assert again.status_code == 304
    assert not again.content


@pytest.mark.usefixtures("_site")
def test_words_are_sent_compressed_and_pictures_as_they_are(client):
    plain = client.get("/review/one/")
    for accepted, opened in (("gzip, br", brotli.decompress), ("gzip", gzip.decompress)):
        packed = client.get("/review/one/", headers={"accept-encoding": accepted})
        assert opened(packed.content) == plain.content
        assert packed["Vary"] == "Accept-Encoding"
    again = client.get(
        "/review/one/", headers={"accept-encoding": "gzip", "if-none-match": packed["ETag"]}
    )
    assert again.status_code == 304
    card = re.search(r'og:image" content="http://testserver([^"]+)', plain.content.decode())[1]
    assert "Content-Encoding" not in client.get(card, headers={"accept-encoding": "gzip"})


@pytest.mark.usefixtures("_site")
@pytest.mark.parametrize("address", HTML)
def test_a_page_asks_nothing_of_others_and_carries_nothing_inline(client, address):
    html = client.get(address).content.decode()
    assert not re.search(
        r"<(?:script|img|iframe|link"
        r' rel="(?:stylesheet|icon|preload)")[^>]+(?:src|href)="(?:https?:)?//',
        html,
    )
    assert not re.search(r"<script(?![^>]*\bsrc=)(?! type=.application/ld\+json.>)", html)
    assert "<style" not in html
    assert not re.search(r"\s(?:style|on\w+)=", html)
    assert "csrf" not in html


@pytest.mark.usefixtures("_site")
@pytest.mark.parametrize("address", HTML)
def test_a_page_has_one_title_one_main_heading_and_unique_ids(client, address):
    html = client.get(address).content.decode()
    assert html.count("<h1") == 1
    assert html.count("<main") == 1
    assert re.search(r"<title>[^<|]+", html)
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


@pytest.mark.usefixtures("_site")
def test_every_page_has_itself_in_three_languages_at_its_foot(client):
    html = client.get("/es/review/one/?page=2").content.decode()
    for address in ("/review/one/?page=2", "/es/review/one/?page=2", "/ca/review/one/?page=2"):
        assert f'href="{address}"' in html
    assert '<link rel="canonical" href="http://testserver/review/one/?page=2">' in html


@pytest.mark.usefixtures("_site")
def test_the_disclaimer_stands_at_the_foot_of_every_page(client):
    for address in HTML:
        assert '<p class="care"' in client.get(address).content.decode()


@pytest.mark.usefixtures("_site")
def test_the_disclaimer_is_in_the_readers_language_until_she_writes_her_own(client):
    def said():
        return " ".join(client.get("/es/").text.partition('<p class="care"')[2].split())

    assert said().startswith('lang="es">Lo que se escribe aquí')
    site = SiteSettings.load()
    site.disclaimer = "Ask your doctor."
    site.save()
    assert said().startswith('lang="en">Ask your doctor.</p>')


@pytest.mark.usefixtures("_site")
@pytest.mark.again  # what no text of PostgreSQL may hold
@pytest.mark.parametrize(
    "address",
    [
        "/search/?q=a%00b",
        "/blog/?page=%00",
        "/review/a%00b/",
        "/tags/%00/",
        "/blog/%00/",
        "/?x=%00",
        "/references/?q=%00",
    ],
)
def test_a_null_byte_is_a_page_that_is_not_there(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/nope/",
        "/review/nope/",
        "/blog/nope/",
        "/es/review/nope/",
        "/review/%F0%9F/",
        "/tags/" + "x" * 3000 + "/",
    ],
)
def test_a_missing_page_has_a_way_on(client, address):
    response = client.get(address)
    html = response.content.decode()
    assert response.status_code == 404
    assert 'role="search"' in html
    assert 'href="/review/"' in html or 'href="/es/review/"' in html
    assert not response.cookies


def test_when_something_breaks_the_page_asks_no_database_and_has_a_way_on(
    django_assert_num_queries,
):
    with django_assert_num_queries(0):
        response = server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert 'href="/review/"' in response.content.decode()


def test_that_page_is_what_a_reader_gets(monkeypatch):
    def broken(request):
        raise RuntimeError("broken on purpose")

    client = Client(raise_request_exception=False)
    pattern = next(
        each for each in get_resolver().url_patterns if getattr(each, "name", "") == "robots"
    )
    monkeypatch.setattr(pattern, "callback", broken)
    response = client.get("/robots.txt")
    assert response.status_code == 500
    assert "Something went wrong here" in response.content.decode()


def test_it_stands_also_where_the_static_files_are_gone(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "publishing.storage.StaticFilesStorage"}
    }
    assert static("css/tokens.css") == "/static/css/tokens.css"
    html = server_error(RequestFactory().get("/")).content.decode()
    assert 'href="/review/"' in html
    assert "Something went wrong here" in html


@pytest.mark.parametrize("name", ["x" * 300 + ".png", "a/" * 3000, "é" * 200])
def test_an_image_with_a_name_no_disk_can_hold_is_not_there(client, name):
    assert client.get(f"/media/{name}").status_code == 404
