"""What is withdrawn or erased goes from the caches in front; who cannot be told is told of."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.test import Client

from comments.models import Comment, Status
from comments.moderation import actions
from publishing.http import purging
from tests.factories import ChapterFactory
from tests.factories import comment as write

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.once("about what stands in front of the site"),
]


@pytest.fixture
def cache(settings):
    """What a cache in front was asked: `[(method, path, headers, body)]`."""
    asked = []

    class Cache(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_PURGE(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked.append((self.command, self.path, self.headers, body))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_PURGE

        def log_message(self, *_words):
            pass

    server = HTTPServer(("127.0.0.1", 0), Cache)
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    settings.PURGE_URLS = [
        f"http://127.0.0.1:{server.server_port}/{{ab}}/",
        f"POST http://127.0.0.1:{server.server_port}/purge?all=1",
    ]
    settings.PURGE_HEADERS = ["Fastly-Key: a:secret"]
    purging._pause["until"] = 0.0
    yield asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_caches_are_told_once_of_all_that_is_withdrawn_together(cache, settings):
    page = ChapterFactory()
    comments = [write(page, status=Status.APPROVED) for _ in range(3)]
    for comment in comments:
        comment.save()
    waiting = write(page, status=Status.PENDING)
    cache.clear()
    actions.approve(comments=[waiting])
    actions.trash(comments=[write(page, status=Status.PENDING)])
    assert cache == [], "nothing that readers saw is gone"
    actions.spam(comments=comments)
    # At once, and by the task, which tests do at once.
    assert [each[:2] for each in cache[:3]] == [
        ("PURGE", "/a/"),
        ("PURGE", "/b/"),
        ("POST", "/purge?all=1"),
    ]
    assert len(cache) == 6
    assert cache[2][2]["Fastly-Key"] == "a:secret"
    assert cache[2][3] == b'{"tags": ["site"]}'
    cache.clear()
    waiting.refresh_from_db()
    actions.edit(comment=waiting, text="Other words.")
    assert len(cache) == 6
    page.state = "draft"
    page.save()
    assert len(cache) >= 12


def test_the_author_hears_of_one_that_does_not_answer(author_client, settings, monkeypatch):
    settings.PURGE_URLS = ["http://127.0.0.1:9/"]
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "publishing.http.purging.PurgeMiddleware"]
    later = []
    monkeypatch.setattr(purging.tasks, "enqueue", lambda *asked: later.append(asked))
    monkeypatch.setitem(purging._pause, "until", 0.0)
    comment = write(ChapterFactory(), status=Status.APPROVED)
    comment.save()
    asked = {"action": "trash", "_selected_action": [comment.pk]}
    said = author_client.post("/admin/comments/comment/", asked, follow=True)
    assert Comment.objects.get().status == Status.TRASH
    assert "may show it for a moment longer" in said.content.decode()
    assert ("publishing.purge",) in later
    assert "may show it" not in author_client.get("/admin/").content.decode()


def test_pages_name_what_they_can_be_purged_by_where_that_is_wished(settings):
    chapter = ChapterFactory()
    assert "Surrogate-Key" not in Client().get(chapter.get_absolute_url()).headers
    settings.SURROGATE_KEYS = True
    headers = Client().get(chapter.get_absolute_url()).headers
    assert headers["Surrogate-Key"] == "site review review-chapter"
    assert headers["Cache-Tag"] == "site,review,review-chapter"
