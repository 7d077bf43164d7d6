"""A work is added from within the citing dialog: by its number, or with the least that names it."""

import pytest
from django.urls import reverse

from references.models import Reference
from tests.factories import ReferenceFactory

from ..importing.test_lookup import DOI, server  # noqa: F401

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once("about forms; works are saved in tests of their own"),
]
MAKE = reverse("admin:references_make")


def test_by_hand_with_its_people(author_client):
    words = {"authors": "Ries, E.; Copeman, W. S. C.", "year": "1937", "title": "Episacral lipoma",
             "container": "Am J Obstet Gynecol"}  # fmt: skip
    answer = author_client.post(MAKE, words)
    assert answer.status_code == 201
    work = Reference.objects.get(citekey=answer.json()["citekey"])
    assert (work.title, work.year) == ("Episacral lipoma", 1937)
    assert [row.person.family for row in work.authorships.all()] == ["Ries", "Copeman"]
    assert "Ries" in answer.json()["label"]
    again = author_client.post(MAKE, words)
    assert again.json()["citekey"] == work.citekey
    assert again.json()["known"] is True
    assert Reference.objects.count() == 1


def test_by_its_doi(author_client, server):  # noqa: F811
    row = author_client.post(MAKE, {"number": DOI}).json()
    assert Reference.objects.get(citekey=row["citekey"]).doi == DOI.lower()
    assert author_client.post(MAKE, {"number": DOI}).json()["known"] is True


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({}, "at least the title"),
        ({"title": "A", "year": "soon"}, "four digits"),
        ({"title": "A" * 600}, "too long"),
        ({"number": "not a number"}, "Give a DOI"),
    ],
)
def test_what_is_missing_is_said(author_client, words, said):
    answer = author_client.post(MAKE, words)
    assert answer.status_code == 400
    assert said in answer.json()["error"]
    assert not Reference.objects.exists()


def test_a_work_that_is_there_by_its_identifier_is_given(author_client, server):  # noqa: F811
    work = ReferenceFactory(doi=DOI.lower(), title="In the library already")
    assert author_client.post(MAKE, {"number": DOI}).json()["citekey"] == work.citekey
