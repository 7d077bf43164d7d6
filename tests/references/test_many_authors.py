"""One work of more authors than a database takes values in a question, wherever it is shown."""

import sqlite3

import pytest
from django.db import connection
from django.urls import reverse

from references.models import Authorship, Notes, Person, Reference
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory, cite

# The other one takes sixty thousand.
pytestmark = pytest.mark.once("about how many values an old SQLite takes in a question")
AUTHORS = 1200
LEAST_VARIABLES = 999


@pytest.fixture
def old_database(db):
    if connection.vendor != "sqlite":
        yield
        return
    kind = sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER
    before = connection.connection.setlimit(kind, LEAST_VARIABLES)
    yield
    connection.connection.setlimit(kind, before)


@pytest.fixture
def atlas(old_database):
    work = ReferenceFactory(
        citekey="atlas2012",
        title="Observation of a particle",
        people=[],
        tags=["physics"],
        year=2012,
        language="en",
        formatted=True,
    )
    people = Person.objects.bulk_create(
        Person(family=f"Berg{number:04}", given="Ana", slug=f"ana-berg-{number}")
        for number in range(1, AUTHORS + 1)
    )
    Authorship.objects.bulk_create(
        Authorship(reference=work, person=person, position=position)
        for position, person in enumerate(people, 1)
    )
    work = Reference.objects.get(pk=work.pk)
    work.refresh()
    Notes(reference=work, body="<p>All of them.</p>", state="published").save()
    ChapterFactory(slug="particles", body=f"<p>Seen {cite('atlas2012')}.</p>", tags=["physics"])
    PostFactory(slug="particle", body=f"<p>Seen {cite('atlas2012')}.</p>", tags=["physics"])
    return work


def test_it_is_shown_on_every_page_and_in_every_feed_and_file(client, atlas, author_client):
    assert atlas.authors_short.count("Berg") == 6
    addresses = [
        "/", "/references/", "/references/?q=particle", "/references/people/",
        "/references/people/ana-berg-1199/",
        "/references/evidence/", reverse("references:take") + "?key=atlas2012",
        "/review/particles/", "/blog/particle/",
        "/search/?q=particle",
        "/feed.atom", "/references/feed.atom", "/blog/feed.atom", "/review/feed.atom",
        reverse("tag", args=["physics"]),
        reverse("tag-feed", args=["physics"]), reverse("references:styles", args=["atlas2012"]),
    ]  # fmt: skip
    for address in addresses:
        assert client.get(address).status_code == 200, address
    page = client.get(atlas.get_absolute_url()).content.decode()
    assert "Berg1200, Ana" in page
    for ending in ("bib", "ris", "nbib", "csl.json", "csv"):
        for file in (f"/references/atlas2012.{ending}", f"/references/export.{ending}"):
            written = b"".join(client.get(file).streaming_content).decode()
            assert "Berg0001" in written, file
            assert "Berg1200" in written, file
    assert author_client.get(reverse("admin:references_reference_changelist")).status_code == 200
    page = author_client.get(
        reverse("admin:references_reference_change", args=[atlas.pk])
    ).content.decode()
    assert "1,200 people, too many for this form" in page
