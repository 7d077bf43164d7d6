"""Pages kept in front of Django: right at once, one for everybody, and small on the way."""

import gzip
import threading
from datetime import timedelta
from wsgiref.util import setup_testing_defaults

import brotli
import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.wsgi import WSGIHandler
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from publishing.databases.generation import is_for_readers
from publishing.http import store
from publishing.models import EditingDraft, SiteSettings
from review.models import Chapter
from tests.factories import ChapterFactory, PostFactory

pytestmark = pytest.mark.django_db(transaction=True)
MB = 1024 * 1024


class Counted:
    """The site, which counts what it is asked for."""

    def __init__(self, application=None):
        self.application, self.made = application or WSGIHandler(), []

    def __call__(self, environ, start_response):
        self.made.append(environ["PATH_INFO"])
        return self.application(environ, start_response)


@pytest.fixture
def site():
    SiteSettings.load()
    return Counted()


@pytest.fixture
def kept(site):
    return store.PageStore(site, MB)


class Got:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = int(status[:3]), dict(headers), body

    @property
    def text(self):
        coding = self.headers.get("Content-Encoding")
        opened = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[coding](self.body)
        return opened.decode()


def ask(application, path, query="", method="GET", **headers):
    environ = {"PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": method}
    environ |= {"HTTP_HOST": "testserver", **headers}
    setup_testing_defaults(environ)
    told = []
    parts = application(environ, lambda *args: told.append(args))
    body = b"".join(parts)
    getattr(parts, "close", lambda: None)()
    return Got(*told[0][:2], body)


def test_a_page_is_made_once_and_is_the_same_for_all_who_ask(site, kept):
    chapter = ChapterFactory(title="Fatty nodes")
    path = chapter.get_absolute_url()
    first, second = (ask(kept, path) for _ in range(2))
    assert site.made == [path]
    assert "Fatty nodes" in first.text
    assert (first.status, first.headers, first.body) == (
        second.status,
        second.headers,
        second.body,
    )
    assert first.headers["Cache-Control"] == store.PUBLIC
    assert "Content-Security-Policy" in first.headers


def test_what_was_written_is_seen_at_once(kept):
    chapter = ChapterFactory(title="Fatty nodes")
    path = chapter.get_absolute_url()
    assert "Fatty nodes" in ask(kept, path).text
    chapter.title = "Episacral hernias"
    chapter.save()
    assert "Episacral hernias" in ask(kept, path).text
    Chapter.objects.filter(pk=chapter.pk).update(state="draft")
    assert ask(kept, path).status == 404
    assert "Episacral hernias" not in ask(kept, "/review/").text


def test_what_was_taken_back_makes_nothing_anew(site, kept):
    path = ChapterFactory().get_absolute_url()
    ask(kept, path)
    with transaction.atomic():
        Chapter.objects.update(title="Never")
        transaction.set_rollback(True)
    ask(kept, path)
    assert len(site.made) == 1


def test_a_page_made_while_somebody_wrote_is_not_shown_again(kept):
    chapter = ChapterFactory(title="Old words")
    path = chapter.get_absolute_url()
    plain = kept.application.application

    def slow(environ, start_response):
        parts = plain(environ, start_response)
        Chapter.objects.update(title="New words")
        return parts

    kept.application.application = slow
    assert "Old words" in ask(kept, path).text
    kept.application.application = plain
    assert "New words" in ask(kept, path).text


def test_what_no_reader_sees_leaves_the_pages_where_they_are(site, kept):
    path = ChapterFactory().get_absolute_url()
    user = User.objects.create_user("author", is_staff=True)
    kind = ContentType.objects.get_for_model(Chapter)
    ask(kept, path)
    SessionStore().create()
    EditingDraft.objects.create(
        user=user, content_type=kind, key="chapter/1", fields={"title": "Typed"}
    )
    ask(kept, path)
    assert len(site.made) == 1


@pytest.mark.parametrize(
    "sql",
    [
        'INSERT INTO "review_chapter" ("title") VALUES (%s)',
        "update references_reference set title = ''",
        'DELETE FROM "comments_comment" WHERE id = 1',
        "WITH gone AS (DELETE FROM review_chapter RETURNING id) SELECT * FROM gone",
        'INSERT OR REPLACE INTO "publishing_sitesettings" VALUES (1)',
        'TRUNCATE "django_session", "review_chapter"',
        "ALTER TABLE review_chapter ADD COLUMN x int",
        "CALL anything()",
    ],
)
def test_whatever_is_not_known_to_be_harmless_counts(sql):
    assert is_for_readers(sql)


@pytest.mark.parametrize(
    "sql",
    [
        'SELECT "title" FROM "review_chapter"',
        "WITH RECURSIVE tree AS (SELECT 1) SELECT * FROM tree",
        "(SELECT 1) UNION ALL (SELECT 2)",
        'SAVEPOINT "s1"',
        'UPDATE "django_session" SET "session_data" = %s',
        'INSERT INTO "publishing_editingdraft" ("key") VALUES (%s)',
        "PRAGMA optimize",
    ],
)
def test_reading_and_what_is_private_does_not_count(sql):
    assert not is_for_readers(sql)


def test_a_page_appears_and_goes_at_its_moment_without_anything_written(kept, monkeypatch):
    now = timezone.now()
    PostFactory(
        title="Tomorrow’s words",
        state="published",
        publish_at=now + timedelta(hours=1),
        unpublish_at=now + timedelta(hours=2),
    )
    seen = []
    for minutes in (0, 59, 61, 119, 121, 0):
        moment = now + timedelta(minutes=minutes)
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        seen.append("Tomorrow’s words" in ask(kept, "/blog/").text)
    assert seen == [False, False, True, True, False, False]


def test_who_has_the_page_is_told_so_and_sent_nothing(site, kept):
    path = ChapterFactory().get_absolute_url()
    first = ask(kept, path)
    for known in (first.headers["ETag"], f'"x", {first.headers["ETag"][2:]}', "*"):
        again = ask(kept, path, HTTP_IF_NONE_MATCH=known)
        assert (again.status, again.body) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
    assert ask(kept, path, HTTP_IF_NONE_MATCH='"x"').status == 200
    assert len(site.made) == 1


def test_nobody_is_told_so_the_first_time_it_is_made_either(kept):
    path = ChapterFactory().get_absolute_url()
    assert ask(kept, path, HTTP_IF_NONE_MATCH="*").status == 304
    assert ask(kept, path).status == 200


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("*", "br"),
        ("identity", None),
        ("", None),
        ("gzip; q=0", None),
    ],
)
def test_it_comes_as_small_as_the_reader_can_take_it(kept, accepted, coding):
    path = ChapterFactory(title="Fatty nodes").get_absolute_url()
    for _made_then_kept in range(2):
        got = ask(kept, path, HTTP_ACCEPT_ENCODING=accepted)
        assert got.headers.get("Content-Encoding") == coding
        assert got.headers["Content-Length"] == str(len(got.body))
        assert got.headers["Vary"] == "Accept-Encoding"
        assert "Fatty nodes" in got.text


def test_its_head_is_that_of_the_page(site, kept):
    path = ChapterFactory().get_absolute_url()
    head = ask(kept, path, method="HEAD")
    page = ask(kept, path)
    assert (head.status, head.headers, head.body) == (200, page.headers, b"")
    assert len(site.made) == 1
    missing = ask(kept, "/review/nothing/", method="HEAD")
    assert (missing.status, missing.body) == (404, b"")


def test_what_is_not_one_page_for_everybody_is_not_kept(site, kept):
    chapter = ChapterFactory()
    form = f"/comments/new/{chapter._meta.label_lower}/{chapter.pk}/"
    for path, query in [
        ("/search/", "q=nodes"),
        ("/review/", "anything=1"),
        ("/nothing/", ""),
        (form, ""),
        ("/admin/login/", ""),
        ("/healthz", ""),
    ]:
        ask(kept, path, query)
    assert not kept.kept
    ask(kept, chapter.get_absolute_url(), HTTP_COOKIE="sessionid=abc")
    assert not kept.kept
    assert ask(kept, "/review/", HTTP_HOST="elsewhere.example").status == 400
    assert not kept.kept


def test_a_reader_who_only_says_to_come_by_https_poisons_nothing(settings):
    """Django believes the proxy alone, here 127.0.0.1, and sends everybody else to https."""
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    def https_alone(environ, start_response):
        if environ["REMOTE_ADDR"] != "127.0.0.1":
            environ.pop("HTTP_X_FORWARDED_PROTO", None)
        safe = environ.get("HTTP_X_FORWARDED_PROTO") == "https"
        headers = [("Cache-Control", store.PUBLIC), ("Content-Length", "5")]
        start_response("200 OK" if safe else "301 Moved Permanently", headers)
        return [b"Words"]

    Chapter.objects.update(title="")  # there is a generation
    guarded = store.PageStore(https_alone, MB)
    said = {"HTTP_X_FORWARDED_PROTO": "https"}
    assert ask(guarded, "/", REMOTE_ADDR="203.0.113.9", **said).status == 301
    assert ask(guarded, "/", REMOTE_ADDR="127.0.0.1", **said).status == 200
    assert ask(guarded, "/", REMOTE_ADDR="127.0.0.1").status == 301
    assert len(guarded.kept) == 2


def test_the_store_is_never_larger_than_it_may_be(site):
    small = store.PageStore(site, 60_000)
    paths = [ChapterFactory(title=f"Node {n}").get_absolute_url() for n in range(12)]
    for path in paths:
        ask(small, path)
        assert small.size == sum(page.size for page in small.kept.values()) <= 60_000
    assert 2 <= len(small.kept) < len(paths)
    ask(small, paths[-1])
    assert len(site.made) == len(paths)  # the last one is still there


def test_without_a_generation_pages_are_made_as_ever(site, kept):
    path = ChapterFactory().get_absolute_url()
    connection.ensure_connection()
    connection.connection.cursor().execute("DELETE FROM publishing_generation")
    for _ in range(2):
        assert ask(kept, path).status == 200
    assert len(site.made) == 2
    Chapter.objects.update(title="It is there again")
    for _ in range(2):
        assert "It is there again" in ask(kept, path).text
    assert len(site.made) == 3


def test_while_the_database_is_away_the_last_pages_are_shown_and_it_is_asked_no_more(
    site, monkeypatch
):
    class Absence:
        told, is_known = [], False

        def lasts(self):
            return self.is_known

        def notice(self, error):
            self.told.append(error)
            self.is_known = True

    absence = Absence()
    kept = store.PageStore(site, MB, absence)
    gone, before = (ChapterFactory(title=each) for each in ("Gone", "Before"))
    ask(kept, gone.get_absolute_url())
    Chapter.objects.filter(pk=gone.pk).update(title="Changed since")
    ask(kept, before.get_absolute_url())

    def fails():
        raise DatabaseError("nobody answers")

    monkeypatch.setattr(connection, "generation", fails)
    for _ in range(2):
        assert "Before" in ask(kept, before.get_absolute_url()).text
    assert len(absence.told) == 1
    made = len(site.made)
    ask(kept, gone.get_absolute_url())
    assert len(site.made) == made + 1, "what may have been taken back since is not shown"
    monkeypatch.undo()
    absence.is_known = False
    Chapter.objects.filter(pk=before.pk).update(title="After")
    assert "After" in ask(kept, before.get_absolute_url()).text


def test_two_processes_never_show_what_was_before(site):
    """Two stores of one database, read all the time while a third connection writes."""
    chapter = ChapterFactory(title="Words 0")
    path = chapter.get_absolute_url()
    nodes = [store.PageStore(WSGIHandler(), MB) for _ in range(2)]
    over, troubles = threading.Event(), []

    def read(node):
        try:
            while not over.is_set():
                assert ask(node, path).status == 200
        except Exception as error:
            troubles.append(error)
        finally:
            connection.close()

    readers = [threading.Thread(target=read, args=[node]) for node in nodes]
    for reader in readers:
        reader.start()
    try:
        for number in range(1, 16):
            Chapter.objects.filter(pk=chapter.pk).update(title=f"Words {number}")
            for node in nodes:
                assert f"Words {number}<" in ask(node, path).text
    finally:
        over.set()
        for reader in readers:
            reader.join()
    assert not troubles
