"""The ranking at the desk."""

import pytest
from django.urls import reverse

from references.chasing import keeping
from references.chasing.answers import Answer, Cited
from references.formats import Record
from references.models import Candidate, CitationFound, Hit, SearchRun, StudyFacts
from tests.factories import PersonFactory, ReferenceFactory

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:references_chasing")


@pytest.fixture
def offered(server):
    """Two of her works, cited by one work both, by another one only, which has no title yet."""
    run = SearchRun.objects.create(
        source="openalex", method="citations", on="2026-11-01", counted=0, cursor="seed 0"
    )
    found = [
        Cited(True, {"doi": "10.1000/a", "openalex": "W1"}, Record(title="Lumps of the back")),
        Cited(True, {"doi": "10.1000/b"}),
    ]
    for at, works in enumerate((found, found[:1])):
        people = [PersonFactory(family=f"Herz{at}")]
        seed = ReferenceFactory(doi=f"10.1000/{at}", people=people, year=1945)
        StudyFacts.objects.create(reference=seed)
        keeping.keep(run, seed, Answer(works), f"seed {seed.pk}")
        run.refresh_from_db()
    return list(Candidate.objects.all())


def test_what_touches_most_of_hers_comes_first_with_its_seeds(author_client, offered):
    html = author_client.get(PAGE).content.decode()
    assert html.index("Cites 2 of your 2") < html.index("Cites 1 of your 2")
    assert "Lumps of the back" in html
    assert html.count("Herz0 1945") == 2
    assert "Its title is not known yet" in html
    # Since then it came into the library by another way: that is said, and no button is left.
    ReferenceFactory(title="Lumps of the back", doi="10.1000/a", citekey="lumps")
    html = author_client.get(PAGE).content.decode()
    assert "it is in the library already, as lumps" in html
    assert html.count('value="take"') == 1
    assert Candidate.objects.get(doi="10.1000/a").state == "offered"  # looking changes nothing


def test_one_press_takes_in_or_puts_aside(author_client, offered):
    first, second = offered

    def press(**data):
        return author_client.post(PAGE, data, follow=True).content.decode()

    html = press(do="aside", row=first.pk, reason=" ")
    assert "Say in a word why" in html
    assert "Taken in, to be judged" in press(do="take", row=first.pk)
    assert Hit.objects.get().stage == "sought"
    assert "decided on already" in press(do="take", row=first.pk)
    assert "what this work is" in press(do="take", row=second.pk)
    assert "Put aside" in press(do="aside", row=second.pk, reason="a veterinary study")
    assert "a veterinary study" in author_client.get(f"{PAGE}?state=aside").content.decode()
    assert "Offered again" in press(do="again", row=second.pk, state="aside")
    for data in ({"do": "x"}, {"do": "take", "row": "9" * 30}, {"do": "take", "row": "x"}):
        assert "Choose one" in (html := press(**data)) or "decided on already" in html


def test_asked_by_hand(author_client, server):
    ask = {"do": "ask"}
    html = author_client.post(PAGE, ask, follow=True).content.decode()
    assert "no work yet with a DOI or PMID" in html
    StudyFacts.objects.create(reference=ReferenceFactory(doi="10.1000/1"))
    html = author_client.post(PAGE, ask, follow=True).content.decode()
    assert set(SearchRun.objects.values_list("source", "state")) == {
        ("openalex", "done"), ("opencitations", "done"),
    }  # fmt: skip
    assert "1 warning" in html  # neither of them knows it
    assert "OpenAlex and OpenCitations are asked" in html
    assert not CitationFound.objects.exists()
