"""Facts of studies find works and narrow lists."""

import pytest

from publishing import search
from references.models import StudyFacts
from tests.factories import ReferenceFactory
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
LIBRARY, TABLE = "/references/", "/references/evidence/"


@pytest.fixture(autouse=True)
@made_once
def studies():
    for citekey, year, intervention in (
        ("rosati1990", 1990, "Surgery"),
        ("maigne1997", 1997, "Surgery"),
        ("herz1945", 1945, "Surgery"),
        ("nacir2011", 2011, "Local injection"),
    ):
        work = ReferenceFactory(citekey=citekey, title=f"A study of {year}", year=year, people=[])
        StudyFacts.objects.create(
            reference=work, intervention=intervention, patients="Low back pain", outcome=""
        )


def keys(response):
    return {work.citekey for work in response.context["page"]}


def facet(response, title):
    return {
        value.label: value
        for facet in response.context["facets"]
        if facet.title == title
        for value in facet.values
    }


def test_surgery_of_some_years_finds_the_studies(client):
    found = search.run("surgery 1990:2020").entries
    assert {entry.title for entry in found} == {"A study of 1990", "A study of 1997"}
    assert keys(client.get(LIBRARY, {"q": "surgery 1990:2020"})) == {"rosati1990", "maigne1997"}


def test_a_fact_corrected_is_found_by_its_new_words():
    facts = StudyFacts.objects.get(reference__citekey="nacir2011")
    facts.intervention = "Acupuncture"
    facts.save()
    assert [entry.title for entry in search.run("acupuncture").entries] == ["A study of 2011"]
    assert search.run("local injection", as_typed=True).total == 0


@pytest.mark.parametrize("address", [LIBRARY, TABLE])
def test_lists_are_narrowed_by_what_studies_state(client, address):
    choice = facet(client.get(address), "Intervention")["Surgery"]
    assert choice.count == 3
    response = client.get(choice.address)
    assert keys(response) == {"rosati1990", "maigne1997", "herz1945"}
    assert facet(response, "Intervention")["Surgery"].chosen
    assert keys(client.get(address, {"population": "Low back pain", "decade": "2010"})) == {
        "nacir2011"
    }
    assert keys(client.get(address, {"outcome": "nobody states this"})) == set()


def test_empty_columns_fold_and_say_so(client):
    response = client.get(TABLE)
    labels = [column["label"] for column in response.context["columns"]]
    assert labels == ["Year", "Study", "Design", "Number", "Patients", "Intervention", "Outcome"]
    assert "left out: Comparator, Relief, Recurrence" in " ".join(response.text.split())


def test_thousands_stand_apart(client):
    ReferenceFactory(citekey="ries1937", sample_size=12000, sample_unit="patients")
    assert "12\u202f000</a>" in client.get(TABLE).text
    assert "12000" not in client.get(TABLE).text


def test_the_list_of_works_is_one_press_away(client):
    html = client.get(LIBRARY).text
    main = html[html.index("<main") :]
    assert main.index('href="#works"') < main.index('<form class="seek"')
    assert '<ol class="works broad" id="works" tabindex="-1">' in main
