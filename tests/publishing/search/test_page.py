"""The search page and its suggestions, as a browser gets them."""

from io import StringIO

import pytest
from django.core.management import call_command

from publishing.models import IndexEntry
from tests.factories import PersonFactory, PostFactory, ReferenceFactory

pytestmark = pytest.mark.django_db


def test_a_correction_is_said_with_a_way_to_what_was_typed(client):
    PostFactory(title="On lumbago")
    page = client.get("/search/", {"q": "lunbago"}).content.decode()
    assert "<mark>lumbago</mark>" in page
    assert "exact=1" in page
    assert "<mark>" not in client.get("/search/", {"q": "lunbago", "exact": "1"}).content.decode()


def test_suggestions_are_the_same_for_everybody_and_may_be_kept(client):
    PersonFactory(family="Copeman", given="William")
    ReferenceFactory(title="Copeman and his nodules", citekey="copeman1944", year=1944, people=[])
    response = client.get("/search/suggest/", {"q": "cop"})
    assert response.json() == {
        "suggestions": [
            {
                "title": "Copeman and his nodules",
                "url": "/references/copeman1944/",
                "kind": "Reference, 1944",
            },
            {
                "title": "William Copeman",
                "url": "/references/people/william-copeman/",
                "kind": "Person",
            },
        ]
    }
    assert response["Cache-Control"] == "public, max-age=300"
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_suggestions_lead_to_pages_in_the_language_of_the_menus(client):
    PersonFactory(family="Copeman", given="William")
    suggestion = client.get("/es/search/suggest/", {"q": "cop"}).json()["suggestions"][0]
    assert suggestion["url"] == "/es/references/people/william-copeman/"
    assert client.get(suggestion["url"]).status_code == 200


@pytest.mark.parametrize("typed", ["", "a", '"', "-", "💥", "a" * 5000])
def test_suggestions_for_anything_are_an_answer(client, typed):
    assert client.get("/search/suggest/", {"q": typed}).json() == {"suggestions": []}


@pytest.mark.parametrize(
    "typed", ['"', "-", "OR", "author:", "year:x", "%", "💥 " * 50, "NEAR(", "a" * 5000]
)
def test_the_page_answers_whatever_is_typed(client, typed):
    assert client.get("/search/", {"q": typed}).status_code == 200


def test_the_index_can_be_rebuilt_from_the_command_line(client):
    PostFactory(title="On lumbago")
    IndexEntry.objects.all().delete()
    said = StringIO()
    call_command("rebuild_search", stdout=said)
    assert "1 posts" in said.getvalue()
    assert "<mark>lumbago</mark>" in client.get("/search/", {"q": "lumbago"}).content.decode()
