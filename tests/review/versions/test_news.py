"""What's new: for patients in one sentence, for colleagues with all there is."""

import csv
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from review.versions.freezing import publish_chapter
from tests.factories import ChapterFactory, ReferenceFactory, cite
from tests.made_once import made_once

pytestmark = pytest.mark.django_db


@pytest.fixture
@made_once
def chapter():
    """Three versions of one chapter, the last of wording alone; another chapter is a draft."""
    ReferenceFactory(citekey="herz1945", title="Herniation of fat")
    chapter = ChapterFactory(title="Fat", body="<p>Fat herniates.</p>")
    publish_chapter(chapter=chapter, kind="studies", what_changed="The first.")
    chapter.body = f"<p>Fat herniates {cite('herz1945')}.</p>"
    chapter.save()
    publish_chapter(
        chapter=chapter, kind="conclusions", what_changed="=One study more.",
        what_to_do="No: go on as you do.",
    )  # fmt: skip
    chapter.title = "Fat and fascia"
    chapter.save()
    publish_chapter(chapter=chapter, kind="wording", what_changed="Another title.")
    hidden = ChapterFactory(title="Hidden", body="<p>Secret.</p>")
    publish_chapter(chapter=hidden, kind="studies", what_changed="A secret.")
    hidden.state = "draft"
    hidden.save()
    return chapter


def text(response):
    html = response.getvalue() if response.streaming else response.content
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html.decode()))


def test_patients_read_what_it_means_for_them(client, chapter):
    for address in ("/whats-new/", "/es/whats-new/", "/whats-new/feed.atom"):
        page = text(client.get(address))
        assert "No: go on as you do." in page
        assert "Another title." not in page
        assert "secret" not in page.lower()


def test_colleagues_read_every_version_with_its_works(client, chapter):
    for address in ("/whats-new/in-detail/", "/whats-new/in-detail/feed.atom"):
        page = client.get(address).content.decode()
        assert "Another title." in page
        assert "Herniation of fat" in page or "Family" in page
        assert "secret" not in page.lower()
    assert 'href="/review/fat/v/1-2/"' in client.get("/whats-new/in-detail/").content.decode()


def test_the_table_runs_no_formula(client, chapter):
    table = client.get("/whats-new/in-detail/versions.csv").getvalue().decode("utf-8-sig")
    rows = list(csv.DictReader(table.splitlines()))
    assert [row["version"] for row in rows] == ["3", "2", "1"]
    assert rows[1]["what changed"] == "'=One study more."
    assert rows[1]["works in"] == "herz1945"


@pytest.mark.parametrize("address", ["", "in-detail/", "feed.atom"])
def test_it_asks_the_database_little(client, chapter, address):
    client.get(f"/whats-new/{address}")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(f"/whats-new/{address}")
    assert len(asked) <= 4, [each["sql"][:80] for each in asked]
