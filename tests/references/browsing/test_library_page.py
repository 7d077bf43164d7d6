import re

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from publishing.http import parts
from publishing.models import State
from references.browsing.selection import Selection
from references.models import Authorship, Notes, Reference
from tests.factories import PersonFactory, ReferenceFactory
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
LIST = reverse("references:library")


def page(client, query=""):
    response = client.get(LIST + query)
    assert response.status_code == 200
    return response


def keys(response):
    return [work.citekey for work in response.context["page"]]


def labels(response):
    return {
        (facet.title, value.label): value.count
        for facet in response.context["facets"]
        for value in facet.values
    }


@pytest.fixture
@made_once
def library(db):
    ReferenceFactory(citekey="gowers1904", title="On lumbago", year=1904, study_design="lecture")
    ReferenceFactory(
        citekey="lageze1929", title="", translated_title="Cellulalgic infiltrates", year=1929,
        language="fr", type="thesis",
        people=[PersonFactory(family="Lagèze", given="Pierre")], tags=["fibrositis"], container="",
        container_short="",
    )  # fmt: skip
    ReferenceFactory(citekey="herz1952", year=1952, tags=["back mice", "treatment"],
        notes="<p>Her word: anvil.</p>",
                     full_text_url="https://example.org/herz",
                     study_design="case series")  # fmt: skip
    ReferenceFactory(citekey="sicard1952", title="Lipomes", translated_title="Lipomas", year=1952,
        language="fr",
                     tags=["back mice"])  # fmt: skip
    ReferenceFactory(citekey="undated", year=None, tags=["treatment"])


def test_an_empty_library_is_a_page(client):
    assert "holds nothing yet" in page(client).text


def test_the_list_is_in_the_order_of_the_years_and_the_undated_come_last(client, library):
    assert keys(page(client)) == ["gowers1904", "lageze1929", "herz1952", "sicard1952", "undated"]


def test_a_year_is_said_once(client, library):
    works = list(page(client).context["page"])
    assert [work.same_year for work in works] == [False, False, False, True, False]


def test_a_title_carries_its_language(client, library):
    text = " ".join(page(client).text.split())
    assert '<span lang="fr">Lipomes</span></a> [<span lang="en">Lipomas</span>]' in text
    assert '<span lang="en">[Cellulalgic infiltrates]</span>' in text


# Filters


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=lumbago", ["gowers1904"]),
        ("?q=lageze", ["lageze1929"]),
        ("?q=LAGÈZE+1929", ["lageze1929"]),
        ("?q=anvil", ["herz1952"]),
        ("?decade=1950", ["herz1952", "sicard1952"]),
        ("?decade=none", ["undated"]),
        ("?from=1905&to=1950", ["lageze1929"]),
        ("?from=1950&to=1905", ["lageze1929"]),
        ("?from=1950", ["herz1952", "sicard1952"]),
        ("?to=1910", ["gowers1904"]),
        ("?tag=back-mice", ["herz1952", "sicard1952"]),
        ("?tag=back-mice&tag=treatment", ["herz1952"]),
        ("?language=fr", ["lageze1929", "sicard1952"]),
        ("?design=lecture", ["gowers1904"]),
        ("?notes=yes", ["herz1952"]),
        ("?fulltext=yes", ["herz1952"]),
        ("?language=fr&decade=1950&tag=back-mice", ["sicard1952"]),
        ("?language=xx", []),
        ("?tag=nothing", []),
        ("?sort=newest&language=fr", ["sicard1952", "lageze1929"]),
        ("?sort=author&language=fr", ["sicard1952", "lageze1929"]),
    ],
)
def test_the_list_is_narrowed_by(client, library, query, expected):
    response = page(client, query)
    assert keys(response) == expected
    assert response.context["shown"] == len(expected)
    assert "not understood" not in response.text.lower()


def test_what_is_shown_is_counted_against_all(client, library):
    assert "2 of 5" in page(client, "?decade=1950").text
    assert "5 works" in page(client).text


def test_every_facet_counts_what_it_would_leave(client, library):
    found = labels(page(client, "?language=fr"))
    assert found["Subject", "Back mice"] == 1
    assert found["Subject", "Fibrositis"] == 1
    assert ("Subject", "Treatment") not in found
    assert found["Language", "English"] == 3
    assert found["Decade", "1950s"] == 1
    assert ("Having", "Notes by the author") not in found


def test_every_facet_leads_to_as_many_works_as_it_says(client, library):
    for query in ("", "?decade=1950", "?tag=back-mice", "?q=lipomes"):
        for facet in page(client, query).context["facets"]:
            for value in facet.values:
                if not value.chosen:
                    response = client.get(value.address)
                    assert response.context["shown"] == value.count, (
                        query,
                        facet.title,
                        value.label,
                    )


@pytest.mark.parametrize("query", [
    "?language=fr", "?language=fr&from=1950", "?from=1905&to=1952", "?from=1905&decade=1950",
    "?decade=none", "?decade=1920&language=en", "?notes=yes", "?notes=yes&decade=1950",
    "?fulltext=yes&language=en", "?language=fr&design=lecture", "?language=en&notes=yes&to=1960",
    "?tag=back-mice&language=fr", "?tag=back-mice&notes=yes&from=1900", "?q=lipomes&language=fr",
    "?language=ca&to=1950", "?reading=wanted&design=lecture",
])  # fmt: skip
def test_each_number_is_how_many_works_the_list_behind_it_has(client, library, monkeypatch, query):
    """By what is kept of the whole library, and where nothing is kept by asking for it all."""
    again = page(client, query)
    monkeypatch.setattr(parts, "name", lambda: "kept for this test")
    parts.forget()
    found = page(client, query)
    parts.forget()
    told = labels(found)
    for facet in found.context["facets"]:
        for value in facet.values:
            asked = QueryDict(value.address.partition("?")[2])
            if not value.chosen:
                assert value.count == Selection(asked, LIST).works().count(), value.address
    chosen = Selection(QueryDict(query[1:]), LIST)
    assert found.context["shown"] == chosen.works().count()
    assert found.context["total"] == 5
    assert labels(again) == told
    assert again.context["timeline"] == found.context["timeline"]


@pytest.mark.parametrize(
    ("title", "name", "column"),
    [("Language", "language", "language"), ("Kind of study", "design", "study_design")],
)
def test_what_would_leave_something_is_offered_whatever_is_chosen(
    client, library, title, name, column
):
    query = "?language=en&design=lecture&to=1960"
    left = Reference.objects.filter(Selection(QueryDict(query[1:]), LIST).q(name))
    told = {label: number for (facet, label), number in labels(page(client, query)).items()
            if facet == title}  # fmt: skip
    assert sum(told.values()) == left.exclude(**{column: ""}).count() > 0


def test_each_choice_can_be_taken_back_alone(client, library):
    response = page(client, "?q=family&from=1950&to=1960&tag=back-mice&language=en&notes=yes")
    chosen = {value.label: value.address for value in response.context["chosen"]}
    assert set(chosen) == {"“family”", "1950–1960", "Back mice", "English", "Notes by the author"}
    assert chosen["Back mice"] == f"{LIST}?q=family&from=1950&to=1960&language=en&notes=yes"
    assert chosen["1950–1960"] == f"{LIST}?q=family&tag=back-mice&language=en&notes=yes"


def test_one_list_is_one_address(client, library):
    first = page(client, "?tag=treatment&tag=back-mice&language=en").context["selection"].address()
    second = (
        page(client, "?language=en&tag=back-mice&tag=treatment&page=1")
        .context["selection"]
        .address()
    )
    assert first == second


def test_forms_keep_the_other_choices(client, library):
    text = page(client, "?q=family&tag=back-mice&from=1950").text
    search, years = re.findall(r"<form class=\"(?:seek|range-form)\".*?</form>", text, re.S)
    assert '<input type="hidden" name="tag" value="back-mice">' in search
    assert '<input type="hidden" name="from" value="1950">' in search
    assert '<input type="hidden" name="q" value="family">' in years
    assert 'type="hidden" name="from"' not in years


def test_a_facet_shows_what_is_frequent_and_folds_the_rest(client):
    for number in range(12):
        ReferenceFactory(tags=[f"subject {number:02d}"])
    subjects = page(client).context["facets"][0]
    assert [len(subjects.open), len(subjects.more)] == [8, 4]
    assert "4 more" in page(client).text


def test_what_is_chosen_is_never_folded_away(client):
    for number in range(12):
        ReferenceFactory(tags=["common", f"subject {number:02d}"])
    response = page(client, "?tag=subject-11")
    assert 'aria-current="true"><span>Subject 11' in response.text


# Bad values


def test_bad_values_are_left_out_and_said_so(client, library):
    response = page(
        client, "?page=abc&from=xyz&decade=19x0&notes=perhaps&sort=colour&to=99999&language=fr"
    )
    assert keys(response) == ["lageze1929", "sicard1952"]
    line = re.search(r"Not understood, and left out: (.*?)\.</p>", response.text)[1]
    for word in (
        "page “abc”",
        "from “xyz”",
        "decade “19x0”",
        "notes “perhaps”",
        "sort “colour”",
        "to “99999”",
    ):
        assert word in line


@pytest.mark.parametrize(
    "query",
    [
        "?decade=1955",
        "?page=0",
        "?page=-1",
        "?page=99",
        "?page=9999999999999999999999",
        "?from=%D9%A1%D9%A9%D9%A3%D9%A5",
        "?decade=",
        "?q=%22%27%3B--%20*%20AND%20(",
        "?q=" + "a" * 5000,
        "?q=%F0%9F%A6%B4",
        "?tag=" + "&tag=".join(f"t{n}" for n in range(200)),
        "?tag=%22%3E%3Cscript%3E",
        "?language=%27",
        "?unknown=1&utm_source=x",
        "?q=...",
    ],
)
def test_no_address_is_an_error(client, library, query):
    response = page(client, query)
    assert "<script>" not in response.text.replace('<script src="', "")


def test_a_null_byte_finds_no_page(client, library):
    assert client.get(LIST + "?q=%00").status_code in (200, 404)


# Paging, timeline, cost


def test_fifty_works_a_page_and_links_that_keep_the_choice(client):
    for number in range(60):
        ReferenceFactory(year=1900 + number)
    response = page(client, "?language=en")
    assert len(keys(response)) == 50
    assert f'href="{LIST}?language=en&amp;page=2" rel="next"' in response.text
    response = page(client, "?language=en&page=2")
    assert len(keys(response)) == 10
    assert f'href="{LIST}?language=en" rel="prev"' in response.text


def test_the_timeline_marks_every_work_and_links_every_period(client, library):
    drawing = page(client, "?decade=1950").context["timeline"]
    assert len(drawing.bars) == 4
    assert sum(bar.chosen for bar in drawing.bars) == 2
    assert [period.label for period in drawing.fine] == [
        "1900s",
        "1910s",
        "1920s",
        "1930s",
        "1940s",
        "1950s",
    ]
    assert [period.chosen for period in drawing.fine] == [False] * 5 + [True]
    assert drawing.fine[2].words == "1920 to 1929, 1 work"
    assert drawing.fine[2].address == f"{LIST}?decade=1920"
    assert drawing.fine[5].address == LIST


def test_nothing_is_marked_in_the_timeline_until_something_is_chosen(client, library):
    assert not any(bar.chosen for bar in page(client).context["timeline"].bars)


def test_crowded_years_become_bars(client):
    for _ in range(30):
        ReferenceFactory(year=1950)
    ReferenceFactory(year=1534)
    drawing = page(client).context["timeline"]
    assert len(drawing.bars) == 2
    assert max(float(bar.height) for bar in drawing.bars) <= 58
    assert len(drawing.fine) <= 14
    assert len(drawing.coarse) <= 7


def test_the_timeline_is_drawn_the_same_where_commas_divide(client, library):
    assert "%," not in page(client).text
    spanish = client.get("/es" + LIST).text
    assert re.findall(r'<rect class="slug[^>]*>', spanish) == re.findall(
        r'<rect class="slug[^>]*>', page(client).text
    )


@pytest.mark.again  # a search narrowed in every way
def test_the_list_costs_at_most_nine_queries(client):
    person = PersonFactory()
    for number in range(55):
        ReferenceFactory(
            year=1900 + number % 120,
            people=[person],
            tags=[f"subject {number % 40}"],
            language="en" if number % 3 else "fr",
            notes="<p>Some words.</p>" if number < 5 else None,
        )
    for query in (
        "",
        "?q=study&language=en&tag=subject-1&decade=1900&notes=yes&sort=newest",
        "?page=2",
    ):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(client, query)
        assert len(queries) <= 9, [each["sql"][:80] for each in queries]


def test_the_page_is_the_same_for_everybody(client, library, author):
    anonymous = page(client).content
    client.force_login(author)
    assert page(client).content == anonymous


# Notes


@pytest.mark.parametrize(
    ("state", "public"), [(State.PUBLISHED, True), (State.CONSTRUCTION, True), (State.DRAFT, False)]
)
def test_only_public_notes_are_marked(client, state, public):
    reference = ReferenceFactory()
    Notes.objects.create(reference=reference, body="<p>anvil</p>", state=state)
    assert (keys(page(client, "?notes=yes")) == [reference.citekey]) == public
    assert (keys(page(client, "?q=anvil")) == [reference.citekey]) == public


def test_markup_in_a_record_stays_text(client):
    person = PersonFactory(family="<b>Bold</b>")
    ReferenceFactory(
        title="A <script>alert(1)</script>", container_short="<i>J</i>", people=[person]
    )
    text = page(client).text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "<b>Bold" not in text


def test_a_work_is_said_to_be_by_its_editors_where_it_has_no_author(client):
    reference = ReferenceFactory(people=[])
    Authorship.objects.create(
        reference=reference, person=PersonFactory(family="Trescot", given="A."), role="editor"
    )
    reference.refresh()
    assert "Trescot A, ed." in page(client).text
