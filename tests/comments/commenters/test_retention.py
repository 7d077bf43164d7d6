"""What the public never gets: other people's addresses, and words the author has not let
through."""

import pytest

from comments.models import Status
from publishing import search
from publishing.models import IndexEntry
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory, comment

from ..forms import address

pytestmark = pytest.mark.django_db

LISTS = [
    "/",
    "/review/",
    "/blog/",
    "/references/",
    "/questions/",
    "/sitemap.xml",
    "/sitemap-posts-0.xml",
]
SEARCHES = ["/search/?q=visible", "/search/?q=secret", "/search/?q=example.org"]
FEEDS = ["/feed.atom", "/review/feed.atom", "/blog/feed.atom", "/references/feed.atom"]


@pytest.fixture
def pages():
    return [ChapterFactory(), PostFactory(), ReferenceFactory()]


def everything_public(client, pages):
    own = [page.get_absolute_url() for page in pages]
    paths = [*LISTS, *SEARCHES, *FEEDS, *own, *map(address, pages)]
    return [(path, client.get(path, follow=True).content.decode()) for path in paths]


def test_no_public_byte_holds_an_e_mail_address(client, pages):
    for page in pages:
        first = comment(page, email="anna@example.org", text="Visible words", kind="question")
        comment(parent=first, email="author@example.org", by_author=True, text="Visible answer")
    for path, content in everything_public(client, pages):
        assert "anna@example.org" not in content, path
        assert "author@example.org" not in content, path
    assert not IndexEntry.objects.filter(text__contains="example.org").exists()
    assert not search.find("anna@example.org")[0]


@pytest.mark.parametrize("status", [Status.PENDING, Status.SPAM, Status.TRASH])
def test_what_is_not_approved_is_nowhere(client, pages, status):
    for page in pages:
        first = comment(page, text="Visible words", kind="question")
        comment(parent=first, text="Secretword", name="Secretname", status=status)
        comment(page, text="Secretword", name="Secretname", status=status, kind="question")
    for path, content in everything_public(client, pages):
        assert "Secretword" not in content, path
        assert "Secretname" not in content, path
    assert not search.find("Secretword")[0]


def test_what_is_approved_can_be_found_until_it_is_taken_back_or_deleted():
    first, second = (comment(PostFactory(), text="Findable words") for _ in range(2))
    assert len(search.find("findable")[0]) == 2
    first.status = Status.TRASH
    first.save(update_fields=["status"])
    assert len(search.find("findable")[0]) == 1
    second.delete()
    assert not search.find("findable")[0]


def test_pages_with_a_form_are_never_kept(client, pages):
    first = comment(pages[0])
    for path in (address(pages[0]), address(pages[0], first), "/comments/sent/"):
        control = client.get(path)["Cache-Control"]
        assert "no-store" in control
        assert "public" not in control


def test_the_page_itself_sets_no_cookie_and_may_be_kept(client, pages):
    for page in pages:
        comment(page)
        response = client.get(page.get_absolute_url())
        assert not response.cookies
        assert "public" in response["Cache-Control"]


def test_form_pages_allow_no_inline_script_or_style(client, pages):
    response = client.get(address(pages[0]))
    assert "unsafe" not in response["Content-Security-Policy"]
    html = response.content.decode()
    assert " style=" not in html
    assert "<style" not in html
    assert "<script>" not in html
