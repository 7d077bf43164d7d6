"""What a book holds, how it is kept, and what is said when there is none."""

import fcntl
import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.http import Http404
from django.utils import timezone
from django.utils.translation import override

from publishing.models import SiteSettings
from references.models import Notes, Reference
from review.models import Chapter, Placement
from review.paper import book, cache, pdf
from tests.factories import ChapterFactory, ReferenceFactory, cite

from . import paper


@pytest.fixture(autouse=True)
def shelves(settings, tmp_path):
    settings.BOOKS_ROOT = tmp_path / "books"
    return settings.BOOKS_ROOT


@pytest.fixture
def made(monkeypatch):
    """PDFs are made in no time, and counted."""
    calls = []

    def make(each):
        calls.append(each)
        return b"%PDF " + each.title.encode()

    monkeypatch.setitem(cache.MAKERS, "pdf", make)
    return calls


def content(response):
    found = b"".join(response.streaming_content)
    # As the test client does: the end of a request would close the connection this test's
    # transaction lives in.
    request_finished.disconnect(close_old_connections)
    response.close()
    request_finished.connect(close_old_connections)
    return found


def get(client, address):
    """The answer, read to its end."""
    response = client.get(address)
    if response.streaming:
        content(response)
    return response


def titles(found):
    return [chapter.title for chapter in found.chapters]


# What it holds


@pytest.mark.django_db
def test_the_whole_review_is_every_public_chapter_in_order():
    paper.review()
    hidden = ChapterFactory(title="Hidden", state="draft")
    ChapterFactory(title="Below the hidden", parent=hidden)
    ChapterFactory(title="Tomorrow", publish_at=timezone.now() + timedelta(days=1))
    ChapterFactory(title="Before all", section="a-front")
    assert titles(book.collect()) == ["Before all", "Nerves", "Cluneal", "Deep", "Fat"]


@pytest.mark.django_db
def test_a_book_of_a_chapter_has_what_stands_below_it_and_a_chapter_alone_has_not():
    paper.review()
    assert titles(book.collect("nerves")) == ["Nerves", "Cluneal", "Deep"]
    assert titles(book.collect("nerves/cluneal")) == ["Cluneal", "Deep"]
    assert titles(book.collect("nerves", alone=True)) == ["Nerves"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["hidden", "hidden/open", "nowhere"])
def test_what_is_not_public_is_in_no_book(client, path):
    ChapterFactory(title="Open", parent=ChapterFactory(title="Hidden", state="draft"))
    assert client.get(f"/review/{path}/book.pdf").status_code == 404
    assert client.get(f"/review/{path}/chapter.epub").status_code == 404


@pytest.mark.django_db
def test_a_review_without_chapters_is_no_book(client):
    assert client.get("/review/book.pdf").status_code == 404
    with pytest.raises(Http404):
        book.collect()


@pytest.mark.django_db
def test_a_book_takes_seven_queries_however_many_chapters_it_has(django_assert_num_queries):
    top = ChapterFactory(title="Top")
    for number in range(12):
        reference = ReferenceFactory(notes="<p>Read.</p>")
        ChapterFactory(
            parent=top,
            body=f"<p>A {cite(reference.citekey)}</p>",
            references=[reference],
            title=f"Part {number}",
        )
    with django_assert_num_queries(7):  # one of them: how it was searched
        found = book.collect("top")
        assert found.fingerprint
        assert pdf.html(found).count('class="chapter') == 13


@pytest.mark.django_db
def test_a_chapter_called_book_has_its_own_address(client, made):
    ChapterFactory(title="Book", body="<p>The chapter.</p>")
    ChapterFactory(title="Other")
    assert client.get("/review/book/").status_code == 200
    get(client, "/review/book.pdf")
    get(client, "/review/book/chapter.pdf")
    assert [titles(each) for each in made] == [["Book", "Other"], ["Book"]]


# How it is kept


@pytest.mark.django_db
def test_the_second_reader_gets_what_the_first_had_made(client, made):
    paper.review()
    first, second = client.get("/review/nerves/book.pdf"), client.get("/review/nerves/book.pdf")
    assert content(first) == content(second) == b"%PDF Nerves"
    assert first["ETag"] == second["ETag"]
    assert first["Content-Type"] == "application/pdf"
    assert 'filename="back-mice-1-nerves-book.pdf"' in first["Content-Disposition"]
    assert "public" in first["Cache-Control"]
    assert len(made) == 1


@pytest.mark.django_db
def test_who_has_it_already_is_told_so_and_nothing_is_made(client, made):
    paper.review()
    etag = f'"{book.collect().fingerprint}-pdf"'
    assert client.get("/review/book.pdf", headers={"If-None-Match": etag}).status_code == 304
    assert made == []


def rename():
    SiteSettings.objects.update(name="Other mice")


def write():
    chapter = Chapter.objects.get(title="Fat")
    chapter.body = "<p>More fat.</p>"
    chapter.save()


def remark():
    Placement.objects.update(remark="The second.")


def cite_differently():
    reference = Reference.objects.get(citekey="herz1952")
    reference.title = "Fetthernien"
    reference.save()
    reference.refresh()


def note():
    Notes.objects.create(
        reference=Reference.objects.get(citekey="herz1952"),
        body="<p>Now read.</p>",
        state="published",
    )


def hide():
    chapter = Chapter.objects.get(title="Fat")
    chapter.state = "draft"
    chapter.save()


@pytest.mark.django_db
@pytest.mark.parametrize("change", [rename, write, remark, cite_differently, note, hide])
def test_any_change_in_it_makes_another_book_and_the_old_file_goes(client, made, shelves, change):
    paper.review()
    before = get(client, "/review/book.pdf")
    change()
    after = get(client, "/review/book.pdf")
    assert before["ETag"] != after["ETag"]
    assert len(made) == 2
    assert len(list(shelves.glob("*.pdf"))) == 1


@pytest.mark.django_db
def test_a_change_elsewhere_makes_no_other_book():
    paper.review()
    before = book.collect("nerves").fingerprint
    write()
    assert book.collect("nerves").fingerprint == before


@pytest.mark.django_db
def test_every_language_around_the_text_has_its_own_file(client, made, shelves):
    paper.review()
    get(client, "/review/book.pdf")
    get(client, "/es/review/book.pdf")
    assert [each.language for each in made] == ["en", "es"]
    assert len(list(shelves.glob("*.pdf"))) == 2


def test_nothing_is_made_twice_at_the_same_time(monkeypatch):
    """The first to come makes it; who comes meanwhile is sent away, who comes later gets the same
    file."""
    begun, go_on = threading.Event(), threading.Event()
    calls, found = [], []

    def slowly(each):
        calls.append(each)
        begun.set()
        assert go_on.wait(10)
        return b"%PDF"

    monkeypatch.setitem(cache.MAKERS, "pdf", slowly)
    wanted = SimpleNamespace(address="/review/", alone=False, language="en", fingerprint="abc")
    first = threading.Thread(target=lambda: found.append(cache.fetch(wanted, "pdf")))
    first.start()
    assert begun.wait(10)
    with pytest.raises(cache.Busy):
        cache.fetch(wanted, "pdf")
    go_on.set()
    first.join(10)
    assert cache.fetch(wanted, "pdf") == found[0]
    assert found[0].read_bytes() == b"%PDF"
    assert len(calls) == 1


def test_a_maker_that_fails_leaves_no_file_and_lets_the_next_one_try(monkeypatch, shelves):
    wanted = SimpleNamespace(address="/review/", alone=False, language="en", fingerprint="abc")

    def fail(each):
        raise pdf.Failed

    monkeypatch.setitem(cache.MAKERS, "pdf", fail)
    with pytest.raises(pdf.Failed):
        cache.fetch(wanted, "pdf")
    assert list(shelves.glob("*.pdf")) == []
    monkeypatch.setitem(cache.MAKERS, "pdf", lambda each: b"%PDF")
    assert cache.fetch(wanted, "pdf").exists()


# When there is none


@pytest.mark.django_db
def test_who_comes_while_another_is_made_is_asked_to_come_again(client, shelves):
    paper.review()
    shelves.mkdir()
    with (shelves / "pdf.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        response = client.get("/review/nerves/book.pdf")
    assert response.status_code == 503
    assert response["Retry-After"] == response["Refresh"] == "10"
    assert "One moment" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "words"),
    [(pdf.NotInstalled, "Ask whoever hosts this site"), (pdf.Failed, "could not be made")],
)
def test_a_pdf_that_cannot_be_made_is_said_plainly_with_a_way_back(
    client, monkeypatch, error, words
):
    paper.review()

    def fail(each):
        raise error

    monkeypatch.setitem(cache.MAKERS, "pdf", fail)
    response = client.get("/review/nerves/book.pdf")
    html = response.content.decode()
    assert response.status_code == 503
    assert words in html
    assert 'href="/review/nerves/"' in html
    assert 'href="/review/nerves/book.epub"' in html
    assert 'href="/review/book.epub"' in client.get("/review/book.pdf").content.decode()


@pytest.mark.django_db
def test_a_book_too_long_is_not_begun(client, made, settings):
    settings.BOOK_MAX_PAGES = 3
    paper.review()
    Chapter.objects.filter(title="Fat").update(words=4200)
    response = client.get("/review/book.pdf")
    assert response.status_code == 503
    assert "about 10 pages" in response.content.decode()
    assert made == []
    assert get(client, "/review/nerves/book.pdf").status_code == 200


# The way to it


@pytest.mark.django_db
def test_links_stand_at_the_foot_of_chapters_and_contents(client):
    paper.review()
    chapter, document = (
        client.get("/review/nerves/").content.decode(),
        client.get("/review/fat/").content.decode(),
    )
    for name in ("chapter.pdf", "chapter.epub", "book.pdf", "book.epub"):
        assert f'href="/review/nerves/{name}" rel="nofollow"' in chapter
    assert 'href="/review/fat/chapter.pdf"' in document
    assert "/review/fat/book.pdf" not in document
    assert 'href="/review/book.epub"' in client.get("/review/").content.decode()
    assert 'href="/ca/review/nerves/book.pdf"' in client.get("/ca/review/nerves/").content.decode()


@pytest.mark.django_db
def test_only_reading_is_answered(client):
    paper.review()
    assert client.post("/review/book.pdf").status_code == 405
    assert client.get("/review/book.doc", follow=True).status_code == 404


@pytest.mark.django_db
def test_the_file_is_kept_out_of_search_engines_that_have_the_pages(client, made):
    paper.review()
    assert get(client, "/review/book.pdf")["X-Robots-Tag"] == "noindex"


@pytest.mark.django_db
def test_words_around_the_text_follow_the_address():
    paper.review()
    with override("es"):
        found = book.collect()
    assert found.language == "es"
    assert '<html lang="es">' in pdf.html(found)
