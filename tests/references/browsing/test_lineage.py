import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from publishing import compiled
from references.browsing import lineage
from references.models import Cites
from tests.factories import PersonFactory, ReferenceFactory
from tests.made_once import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.once("a drawing of what other tests ask for too")]


def cites(citing, cited, note=""):
    return Cites.objects.create(citing=citing, cited=cited, note=note)


def work(citekey, year, tags=("back mice",), **fields):
    family = citekey.rstrip("0123456789").title()
    return ReferenceFactory(
        citekey=citekey, year=year, tags=tags, people=[PersonFactory(family=family)], **fields
    )


@pytest.fixture
@made_once
def line():
    """herz1952 cites copeman1944, is cited by curtis1993, and says nothing of ries1937."""
    works = {
        key: work(key, int(key[-4:]))
        for key in ("ries1937", "copeman1944", "herz1952", "curtis1993")
    }
    cites(works["herz1952"], works["copeman1944"], "in its first line")
    cites(works["curtis1993"], works["herz1952"])
    return works


def text_of(client, reference):
    return client.get(reference.get_absolute_url()).text


def test_a_work_says_what_it_cites_and_what_cites_it(client, line):
    text = text_of(client, line["herz1952"])
    cited, later = text.index("It cites"), text.index("Cited later by")
    assert cited < text.index(">Copeman 1944</a>") < later < text.index(">Curtis 1993</a>")
    assert "in its first line" in text


def test_without_an_entry_it_says_that_nothing_has_been_entered(client):
    text = text_of(client, work("alone1950", 1950))
    assert "is entered by hand, when the author has gone through its list of references" in text
    assert "not mentioned" not in text


def test_with_its_list_gone_through_it_says_that_it_cites_none(client):
    text = text_of(client, work("alone1950", 1950, cites_checked=True))
    assert "It cites no other work of this library" in text


def test_earlier_works_on_the_subject_are_named_once_something_has_been_entered(client, line):
    text = text_of(client, line["herz1952"])
    assert "not among what has been entered so far" in text
    assert ">Ries 1937</a>" in text
    # what only cites others says nothing of what it leaves out
    assert "Earlier on the same subject" not in text_of(client, line["ries1937"])


def test_only_a_list_gone_through_is_said_not_to_mention(client, line):
    line["herz1952"].cites_checked = True
    line["herz1952"].save()
    assert "not mentioned by it" in text_of(client, line["herz1952"])


def test_unmentioned_are_those_that_share_most_and_are_earlier(line):
    herz = line["herz1952"]
    herz.tags.add("treatment")
    work("near1940", 1940, ["back mice", "treatment"])
    work("later1960", 1960)
    work("other1930", 1930, ["anatomy"])
    for number in range(20):
        work(f"many{1900 + number}", 1900 + number, ["treatment"])
    found = lineage.lineage(herz, list(herz.tags.all())).unmentioned
    keys = [each.work.citekey for each in found]
    assert len(keys) == lineage.UNMENTIONED
    assert "near1940" in keys
    assert not {"later1960", "other1930", "copeman1944", "herz1952"} & set(keys)
    assert keys == sorted(keys, key=lambda key: int(key[-4:]))


def test_it_is_drawn_by_year_with_a_table_of_the_same_behind(client, line):
    herz = line["herz1952"]
    drawing = lineage.lineage(herz, list(herz.tags.all())).drawing
    assert [(mark.work.citekey, mark.kind) for mark in drawing.marks] == [
        ("ries1937", "unmentioned"), ("copeman1944", "cited"), ("curtis1993", "citing"),
    ]  # fmt: skip
    places = [float(mark.x.rstrip("%")) for mark in drawing.marks]
    assert places == sorted(places)
    assert places[1] < float(drawing.x.rstrip("%")) < places[2]
    text = text_of(client, herz)
    assert text.count('<line class="tie"') == 2
    table = text[text.index("The same as a table") :]
    for words in (
        "Ries 1937",
        "Copeman 1944",
        "Curtis 1993",
        "cited by it",
        "cites it",
        "not mentioned",
    ):
        assert words in table, words


def test_works_without_a_year_are_in_the_table_alone(line):
    herz = line["herz1952"]
    cites(herz, ReferenceFactory(citekey="undated", year=None))
    found = lineage.lineage(herz, [])
    assert "undated" in [each.work.citekey for each in found.rows]
    assert "undated" not in [mark.work.citekey for mark in found.drawing.marks]
    assert found.drawing.left_out == 1


def test_a_work_without_a_year_is_not_drawn(client):
    undated = ReferenceFactory(year=None)
    cites(undated, ReferenceFactory(year=1900))
    assert "It cites" in text_of(client, undated)
    assert "descent" not in text_of(client, undated)


def test_more_than_can_be_drawn_is_said_to_be_in_the_table(client):
    review = work("review2020", 2020)
    for number in range(50):
        cites(review, work(f"w{1950 + number}", 1950 + number, ()))
    assert "10 more in the table" in text_of(client, review)


def test_a_work_cites_another_once_and_never_itself(line):
    herz = line["herz1952"]
    with pytest.raises(ValidationError, match="does not cite itself"):
        Cites(citing=herz, cited=herz).full_clean()
    for citing, cited in ((herz, herz), (herz, line["copeman1944"])):
        with pytest.raises(IntegrityError), transaction.atomic():
            cites(citing, cited)


def test_what_is_deleted_leaves_the_lineage(client, line):
    line["curtis1993"].delete()
    assert "Cited later by" not in text_of(client, line["herz1952"])


def test_related_works_are_those_that_share_most_subjects(line):
    herz = line["herz1952"]
    work("far1999", 1999, ["anatomy"])
    keys = [each.citekey for each in lineage.beside(herz, list(herz.tags.all()))[2]]
    assert keys == ["ries1937", "copeman1944", "curtis1993"]
    assert lineage.beside(herz, [])[2] == []


@pytest.fixture
def two_closest(monkeypatch):
    compiled.forget()
    monkeypatch.setattr(lineage, "CLOSEST", 2)
    yield
    compiled.forget()


def test_of_a_subject_that_many_have_the_works_that_share_more_are_found(two_closest):
    herz = work("herz1952", 1952, ["back mice", "fat"])
    for number in range(4):
        work(f"a{1900 + number}", 1900 + number)
    work("z1990", 1990, ["back mice", "fat"])
    keys = [each.citekey for each in lineage.beside(herz, list(herz.tags.all()))[2]]
    assert keys == ["a1900", "z1990"]


def test_lineage_costs_the_same_however_long(client, django_assert_max_num_queries):
    herz = work("herz1952", 1952)
    for number in range(10):
        cites(herz, work(f"a{1900 + number}", 1900 + number))
        cites(work(f"b{1960 + number}", 1960 + number), herz)
    with django_assert_max_num_queries(17):
        client.get(herz.get_absolute_url())


def test_the_author_enters_it_and_is_warned_of_a_later_work(author_client):
    herz, later = work("herz1952", 1952), work("curtis1993", 1993)
    address = reverse("admin:references_reference_change", args=[herz.pk])
    form = {
        "citekey": herz.citekey, "title": herz.title, "type": herz.type, "language": "en",
        "year": 1952,
        "reading_state": "in-hand", "cites_rows-TOTAL_FORMS": 1, "cites_rows-INITIAL_FORMS": 0,
        "cites_rows-0-id": "",
        "cites_rows-0-citing": herz.pk, "cites_rows-0-cited": later.pk, "cites_rows-0-note": "",
        "authorships-TOTAL_FORMS": 0, "authorships-INITIAL_FORMS": 0, "notes-TOTAL_FORMS": 0,
        "notes-INITIAL_FORMS": 0,
        "facts-TOTAL_FORMS": 0, "facts-INITIAL_FORMS": 0, "relations-TOTAL_FORMS": 0,
        "relations-INITIAL_FORMS": 0, "highlights-TOTAL_FORMS": 0, "highlights-INITIAL_FORMS": 0,
        "notices-TOTAL_FORMS": 0, "notices-INITIAL_FORMS": 0, "keywords-TOTAL_FORMS": 0,
        "keywords-INITIAL_FORMS": 0,
    }  # fmt: skip
    response = author_client.post(address, form, follow=True)
    assert Cites.objects.get().cited == later
    assert "is later than the work that is said to cite it" in response.text
