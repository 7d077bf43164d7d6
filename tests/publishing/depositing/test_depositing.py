"""A version is laid down at Zenodo: a server on this machine that keeps its records, and misbehaves
when it is told to."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.urls import reverse

from publishing.depositing import steps
from publishing.models import Consent, Deposit, PublishedVersion, SiteSettings
from review.versions.freezing import publish_chapter
from tests.factories import ChapterFactory, ReferenceFactory, cite, comment
from tests.review.paper import picture

pytestmark = [pytest.mark.django_db, pytest.mark.once("what is asked of the archive")]


class Archive(BaseHTTPRequestHandler):
    def _answer(self, status, data, kind="application/json"):
        body = data if isinstance(data, bytes) else json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _take(self):
        length = int(self.headers.get("Content-Length") or 0)
        body, server = self.rfile.read(length), self.server
        server.asked.append((self.command, self.path))
        if self.headers["Authorization"] != "Bearer secret":
            return self._answer(403, {})
        wrong = next((each for each in server.wrong if each in f"{self.command} {self.path}"), None)
        if wrong and "after" not in server.wrong[wrong]:
            return self._answer(*server.wrong.pop(wrong)["says"])
        status, data = self._done(self.path.removeprefix("/api/records"), body)
        if wrong:
            return self._answer(*server.wrong.pop(wrong)["says"])
        return self._answer(status, data)

    do_GET = do_POST = do_PUT = _take

    def _done(self, path, body):
        records = self.server.records
        parts = [each for each in path.split("/") if each]
        if not parts or parts[1:] == ["versions"]:
            pk = f"r{len(records) + 1}"
            of = records[parts[0]]["of"] if parts else pk
            records[pk] = {"of": of, "files": {}, "doi": "", "public": False, "metadata": {}}
            return 201, {"id": pk}
        record = records.get(parts[0])
        match parts[1:]:
            case []:
                return (200, self._shown(record)) if record["public"] else (404, {})
            case ["draft"] if self.command == "PUT":
                record["metadata"] = json.loads(body)["metadata"]
            case ["draft", "pids", "doi"]:
                record["doi"] = f"10.5072/zenodo.{parts[0]}"
            case ["draft", "files"] if self.command == "GET":
                done = [{"key": key, "status": "completed"} for key in record["files"]]
                return 200, {"entries": done}
            case ["draft", "files", name, "content"]:
                record["files"][name] = body
            case ["draft", "actions", "publish"]:
                record["public"] = True
                return 202, self._shown(record)
        return 200, self._shown(record)

    def _shown(self, record):
        pids = {"doi": {"identifier": record["doi"]}} if record["doi"] else {}
        parent = {"pids": {"doi": {"identifier": f"10.5072/zenodo.all-{record['of']}"}}}
        return {"pids": pids, "parent": parent, "is_published": record["public"]}

    def log_message(self, *args):
        pass


@contextmanager
def archive():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Archive)
    server.daemon_threads = True
    server.records, server.asked, server.wrong = {}, [], {}
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def zenodo(settings):
    with archive() as server:
        settings.LOOKUP_ALLOW_LOOPBACK = True
        settings.ZENODO_URL = f"http://127.0.0.1:{server.server_port}"
        settings.ZENODO_TOKEN = "secret"
        settings.BOOK_SECONDS = 0.01  # no PDF: setting one takes seconds
        yield server


@pytest.fixture
def version():
    ReferenceFactory(citekey="herz1945", title="Herniation of fat")
    consent = Consent.objects.create(who="A", shown_as="a", given="2026-01-01", scope="x")
    body = (
        f"<p>Fat herniates {cite('herz1945')}.</p>"
        f'<figure class="figure"><img src="{picture().file.url}" alt="Her back"></figure>'
        f'<div class="letter" data-consent="{consent.pk}"><p>Dear doctor.</p></div>'
    )
    chapter = ChapterFactory(title="Fat", body=body)
    comment(chapter, text="A word of a reader.")
    return publish_chapter(chapter=chapter, kind="studies", what_changed="The first.")


def test_the_doi_is_reserved_first_and_the_files_carry_it(zenodo, version):
    deposit = steps.begin(version=version)
    deposit.refresh_from_db()
    assert (deposit.step, deposit.error) == ("done", "")
    [record] = zenodo.records.values()
    html = record["files"]["fat-v1.html"].decode()
    assert "10.5072/zenodo.r1" in html
    assert "Fat herniates" in html
    for others in ("Dear doctor", "A word of a reader", "<img", "Her back", "/media/"):
        assert others not in html
    assert record["metadata"]["version"] == "1"
    assert not any(word in str(record["files"]) for word in ("Dear doctor", "word of a reader"))
    version.refresh_from_db()
    assert (version.doi, version.concept_doi) == ("10.5072/zenodo.r1", "10.5072/zenodo.all-r1")
    assert steps.begin(version=version).pk == deposit.pk
    assert len(zenodo.records) == 1


def test_the_next_version_is_one_of_the_same_record(zenodo, version):
    steps.begin(version=version)
    chapter = version.page
    chapter.body = "<p>Fat seldom herniates.</p>"
    chapter.save()
    second = publish_chapter(chapter=chapter, kind="conclusions", what_changed="Less sure.")
    steps.begin(version=second)
    assert [record["of"] for record in zenodo.records.values()] == ["r1", "r1"]


@pytest.mark.parametrize(
    ("at", "says", "after"),
    [
        ("POST /api/records", (429, {}), False),
        ("POST /api/records", (200, b"<html>hello", "text/html"), False),
        ("pids/doi", (500, b"no"), False),
        ("content", (502, b"no"), False),
        ("actions/publish", (504, b"no"), True),
    ],
)
def test_whatever_it_answers_it_goes_on_and_nothing_is_published_twice(
    zenodo, version, at, says, after
):
    zenodo.wrong[at] = {"says": says} | ({"after": True} if after else {})
    deposit = steps.begin(version=version)
    deposit.refresh_from_db()
    assert deposit.step != "done"
    assert deposit.error
    steps.begin(version=version)
    deposit.refresh_from_db()
    assert (deposit.step, deposit.error) == ("done", "")
    assert [record["public"] for record in zenodo.records.values()] == [True]
    published = [path for way, path in zenodo.asked if way == "POST" and "publish" in path]
    assert len(published) == (1 if after or at != "actions/publish" else 2)


def test_a_link_elsewhere_gets_no_token(zenodo, version, settings):
    settings.ZENODO_TOKEN = "wrong"
    deposit = steps.begin(version=version)
    deposit.refresh_from_db()
    assert "ZENODO_TOKEN" in deposit.error


def test_the_desk_deposits_after_the_password(zenodo, version, author_client, settings):
    address = reverse("admin:review_chapter_versions", args=[version.page_id])
    session = author_client.session
    session["proved"] = 0
    session.save()
    assert "again-password" in author_client.post(address, {"deposit": "1"}).content.decode()
    assert not Deposit.objects.exists()
    session["proved"] = int(time.time())
    session.save()
    said = author_client.post(address, {"deposit": "1"}, follow=True).content.decode()
    assert "Write your name into the site settings first" in said  # and not “The author”, for good
    assert not Deposit.objects.exists()
    SiteSettings.objects.update_or_create(pk=1, defaults={"author_name": "Anna Puig"})
    author_client.post(address, {"deposit": "1"})
    assert PublishedVersion.objects.get().doi
    settings.ZENODO_TOKEN = ""
    assert author_client.post(address, {"deposit": "1"}).status_code == 403
