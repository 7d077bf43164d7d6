import csv
import io

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from references.browsing import evidence
from references.models import Reference, StudyFacts
from references.models.evidence import FactFormField
from tests.factories import ChapterFactory, ReferenceFactory

pytestmark = pytest.mark.django_db
TABLE, CSV = "/references/evidence/", "/references/evidence.csv"
COMPARE = "/references/compare/"


def study(citekey="herz1952", *, tags=(), notes=None, record=None, **facts):
    reference = ReferenceFactory(citekey=citekey, tags=tags, notes=notes, **(record or {}))
    StudyFacts.objects.create(reference=reference, **facts)
    return reference


def keys(response):
    return [work.citekey for work in response.context["page"]]


def parsed(response):
    return list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


def test_an_empty_table_is_a_page(client):
    assert "No facts of any study have been entered yet" in client.get(TABLE).text


def test_a_study_is_there_with_its_sample_or_with_facts(client):
    study("a", intervention="Surgery", record={"sample_size": None})
    ReferenceFactory(citekey="b", sample_size=12, sample_unit="patients")
    ReferenceFactory(citekey="c", sample_size=None)
    response = client.get(TABLE)
    assert sorted(keys(response)) == ["a", "b"]
    assert ">12</a>" in response.text
    assert ">patients</a>" in response.text


def test_not_reported_is_not_the_same_as_not_yet_extracted(client):
    work = study(
        intervention="Surgery", funding="", recurrence=None, record={"study_design": "review"}
    )
    text = client.get(TABLE).text
    assert text.count(">not reported</a>") == 1
    assert text.count("not yet extracted</span>") == 1  # the number; columns with nothing fold
    page = client.get(work.get_absolute_url()).text
    assert '<dt>Funding</dt><dd class="none">Not reported</dd>' in page
    assert "<dt>Recurrence</dt>" not in page


def test_a_fact_survives_the_database_as_what_it_is():
    study(relief="31 of 37", funding="", recurrence=None)
    facts = StudyFacts.objects.get()
    assert (facts.relief, facts.funding, facts.recurrence) == ("31 of 37", "", None)
    assert facts.relief_share == pytest.approx(31 / 37)


@pytest.mark.parametrize(
    "value", ["31 of 37", "0 of 4", "6 of 6, by its title", "12 of 12; at two years"]
)
def test_relief_is_so_many_of_so_many(value):
    StudyFacts(reference=ReferenceFactory(), relief=value).full_clean()


@pytest.mark.parametrize("value", ["most of them", "80 %", "38 of 37", "31/37"])
def test_relief_is_nothing_else(value):
    with pytest.raises(ValidationError):
        StudyFacts(reference=ReferenceFactory(), relief=value).full_clean()


def test_none_of_none_is_no_share():
    study(relief="0 of 0")
    assert StudyFacts.objects.get().relief_share is None


def test_every_column_sorts_both_ways_with_the_unknown_last(client):
    study("low", relief="1 of 10", record={"year": 1990})
    study("high", relief="9 of 10", record={"year": 1950})
    study("unknown", record={"year": 1940})
    assert keys(client.get(TABLE + "?sort=relief")) == ["low", "high", "unknown"]
    assert keys(client.get(TABLE + "?sort=-relief")) == ["high", "low", "unknown"]
    assert keys(client.get(TABLE)) == ["unknown", "high", "low"]
    assert keys(client.get(TABLE + "?sort=-year")) == ["low", "high", "unknown"]
    for column in client.get(TABLE).context["columns"]:
        assert client.get(column["address"]).status_code == 200, column["label"]


def test_patients_sort_by_their_number(client):
    for number in (9, 100, 20):
        ReferenceFactory(citekey=f"n{number}", sample_size=number)
    assert keys(client.get(TABLE + "?sort=patients")) == ["n9", "n20", "n100"]


def test_a_heading_turns_the_order_round_and_says_which_it_is(client):
    study()
    first = {
        column["label"]: column for column in client.get(TABLE + "?sort=design").context["columns"]
    }
    assert first["Design"]["address"] == TABLE + "?sort=-design"
    assert first["Design"]["state"] == "ascending"
    assert first["Year"]["state"] == ""
    assert 'aria-sort="descending"' in client.get(TABLE + "?sort=-design").text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?design=case+series", ["a"]), ("?decade=1950", ["b"]), ("?tag=imaging", ["a", "b"]),
        ("?tag=imaging&decade=1940", ["a"]),
    ],
)  # fmt: skip
def test_the_table_is_narrowed_by(client, query, expected):
    study("a", tags=["imaging"], record={"study_design": "case series", "year": 1945})
    study("b", tags=["imaging"], record={"study_design": "review", "year": 1955})
    study("c", record={"study_design": "review", "year": 1965})
    assert keys(client.get(TABLE + query)) == expected


def test_a_choice_counts_what_it_leaves_and_keeps_the_order(client):
    study("a", tags=["imaging"], record={"study_design": "case series", "year": 1945})
    study("b", record={"study_design": "review", "year": 1945})
    response = client.get(TABLE + "?decade=1940&sort=-relief")
    counts = {
        value.label: value.count for facet in response.context["facets"] for value in facet.values
    }
    assert counts["Case series"] == 1
    column = next(column for column in response.context["columns"] if column["label"] == "Relief")
    assert column["address"] == TABLE + "?decade=1940&sort=relief"


@pytest.mark.parametrize(
    "query",
    [
        "?sort=",
        "?sort=--year",
        "?sort=nothing",
        "?decade=19x0",
        "?page=99",
        "?tag=%22%3E%3Cscript%3E",
        "?q=%27",
    ],
)
def test_no_address_of_it_is_an_error(client, query):
    study()
    assert client.get(TABLE + query).status_code == 200
    assert client.get(CSV + query).status_code == 200


def test_every_cell_leads_to_the_work_and_its_notes(client):
    study("noted", notes="<p>Words.</p>", intervention="Surgery")
    study("bare", intervention="Injection")
    text = client.get(TABLE).text
    assert 'href="/references/noted/#notes">Surgery</a>' in text
    assert text.count("/references/noted/#facts") == 0
    assert 'href="/references/bare/#facts">Injection</a>' in text


def test_the_csv_holds_the_same_rows_and_tells_the_three_apart(client):
    study(
        "a", intervention="Surgery", funding="", record={"study_design": "review", "sample_size": 5}
    )
    study("b", record={"study_design": "case series"})
    row = parsed(client.get(CSV + "?design=review"))
    assert [each["citekey"] for each in row] == ["a"]
    assert (row[0]["intervention"], row[0]["funding"], row[0]["recurrence"]) == (
        "Surgery",
        "not reported",
        "",
    )
    assert row[0]["sample"] == "5"


def test_a_cell_of_the_csv_is_no_formula(client):
    study(intervention="=1+1", record={"title": "@SUM(A1)"})
    row = parsed(client.get(CSV))[0]
    assert row["intervention"] == "'=1+1"
    assert row["title"] == "'@SUM(A1)"


def test_the_page_offers_the_csv_of_just_this_choice(client):
    study()
    assert f'href="{CSV}?decade=1930"' in client.get(TABLE + "?decade=1930").text


def test_the_table_costs_the_same_however_long(client, django_assert_max_num_queries):
    for number in range(20):
        study(
            f"s{number}",
            tags=[f"subject {number % 9}"],
            intervention="Surgery",
            notes="<p>-</p>" if number < 5 else None,
        )
    with django_assert_max_num_queries(8):
        client.get(TABLE)


def test_a_chapter_shows_it_when_the_author_wants_it(client):
    work = study(intervention="Surgery of the fascia")
    plain = ChapterFactory(references=[work])
    with_table = ChapterFactory(references=[work], evidence_table=True)
    empty = ChapterFactory(references=[ReferenceFactory()], evidence_table=True)
    assert "Surgery of the fascia" not in client.get(plain.get_absolute_url()).text
    page = client.get(with_table.get_absolute_url()).text
    assert "Surgery of the fascia" in page
    assert '<a href="#evidence">' in page
    assert "What each study did and found" not in client.get(empty.get_absolute_url()).text


# The desk


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (["", ""], None), (["none", ""], ""), (["given", "Surgery"], "Surgery"), (["", "Surgery"],
            "Surgery"),
        (["none", "Surgery"], "Surgery"), (["nonsense", ""], None),
    ],
)  # fmt: skip
def test_what_is_typed_becomes_the_fact(typed, kept):
    assert FactFormField(label="x").clean(typed) == kept


def test_reported_without_words_is_asked_for():
    with pytest.raises(ValidationError):
        FactFormField(label="x").clean(["given", " "])


@pytest.mark.parametrize("value", [None, "", "Surgery"])
def test_the_form_shows_a_fact_as_it_is(value):
    field = FactFormField(label="x")
    assert not field.has_changed(value, field.widget.decompress(value))


def test_the_author_enters_facts_beside_the_record(author_client):
    reference = ReferenceFactory(people=[])
    address = reverse("admin:references_reference_change", args=[reference.pk])
    page = author_client.get(address).text
    assert "not yet extracted" in page
    form = {
        "citekey": reference.citekey, "title": reference.title, "type": reference.type,
        "language": "en", "year": 1935,
        "reading_state": "in-hand", "facts-TOTAL_FORMS": 1, "facts-INITIAL_FORMS": 0,
        "facts-0-id": "",
        "facts-0-reference": reference.pk, "facts-0-relief_state": "given",
        "facts-0-relief_words": "5 of 6",
        "facts-0-funding_state": "none",
    }  # fmt: skip
    inlines = "authorships notes cites_rows relations notices keywords highlights"
    for prefix in inlines.split():
        form |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    response = author_client.post(address, form)
    assert response.status_code == 302, response.context["errors"]
    facts = StudyFacts.objects.get()
    assert (facts.relief, facts.funding, facts.recurrence) == ("5 of 6", "", None)


def test_the_desk_leads_to_the_works_whose_facts_are_not_all_extracted(author_client):
    done = ReferenceFactory(citekey="done", sample_size=3)
    StudyFacts.objects.create(reference=done, **dict.fromkeys(StudyFacts.FACTS, ""))
    open_ = ReferenceFactory(citekey="open", sample_size=3)
    ReferenceFactory(citekey="wanted", sample_size=3, reading_state="wanted")
    assert list(evidence.unfinished(Reference.objects.all())) == [open_]
    begun = ReferenceFactory(citekey="begun")
    StudyFacts.objects.create(reference=begun, **dict.fromkeys(StudyFacts.FACTS[1:], ""))
    ReferenceFactory(citekey="no-study")
    assert set(evidence.unfinished(Reference.objects.all())) == {open_, begun}
    begun.delete()
    html = author_client.get("/admin/").content.decode()
    assert "1 with facts not yet extracted" in html
    assert "?todo=facts" in html


def test_two_studies_stand_side_by_side_two_presses_from_the_table(client):
    study("a", intervention="Surgery", funding="", record={"year": 1946})
    study("b", intervention="Injection", record={"year": 1990, "study_design": "review"})
    assert f'{COMPARE}?work=a"' in client.get(TABLE).text
    one = client.get(f"{COMPARE}?work=a").text
    assert f"{COMPARE}?work=a&amp;work=b" in one
    two = client.get(f"{COMPARE}?work=a&work=b&work=c").text
    for words in ("Surgery", "Injection", "not reported", "not yet extracted", "1946", "1990"):
        assert words in two, words
    assert "Follow-up" not in two  # of neither anything is known
    assert 'scope="row">Notes' not in two
    assert client.get(f"{COMPARE}?work=no-such").status_code == 200


def test_comparing_asks_the_database_little_whatever_is_asked(
    client, django_assert_max_num_queries
):
    for number in range(4):
        study(f"n{number}", intervention="Surgery")
    client.get(COMPARE)
    keys = "&".join(f"work=n{number % 4}" for number in range(400))
    with django_assert_max_num_queries(6):
        client.get(f"{COMPARE}?work=n0")
        client.get(f"{COMPARE}?{keys}")


def test_an_empty_cell_leads_whoever_may_fill_it_to_the_form(client, admin_client):
    work = study(intervention="Surgery", record={"study_design": ""})
    form = f"/admin/references/reference/{work.pk}/change/#facts-group"
    assert form in admin_client.get(TABLE).text
    answer = client.get(TABLE)
    assert form not in answer.text
    assert "Cookie" not in answer.get("Vary", "")
    assert 'id="facts-group"' in admin_client.get(form).text
