"""The evidence in pictures: what a reader sees of each study, and what is not claimed."""

import csv
import io

import pytest
from lxml import etree

from publishing.richtext import sanitise, unrender
from references.models import Reference, StudyFacts, WorkNotice
from tests.factories import ChapterFactory, ReferenceFactory

pytestmark = pytest.mark.django_db
PAGE = "/references/evidence/pictures/"


def study(citekey, year, design, **facts):
    work = ReferenceFactory(citekey=citekey, year=year, study_design=design, sample_size=None)
    StudyFacts.objects.create(reference=work, **facts)
    return work


@pytest.fixture
def three(db):
    study(
        "herz1945", 1945, "case series", relief="31 of 37, free of pain", follow_up="2 years",
        histology="",
    )  # fmt: skip
    study("<b>1990", 1990, "", relief="0 of 20", follow_up="")
    study("one1972", 1972, "controlled trial", outcome="Pain <i>", histology="Fat")


def rows(response):
    return list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


def test_each_study_stands_by_itself_with_its_interval_definition_and_follow_up(client, three):
    text = client.get(PAGE).text
    for said in (
        "31 of 37", "84% (69–92)", "free of pain", "2 years", "0% (0–16)", "follow-up not reported",
        "must not be averaged", "One more study gives no such number.", "Design not recorded",
    ):  # fmt: skip
        assert said in text, said
    studied = text[text.index('id="map"') :]
    assert studied.index("Controlled trial") < studied.index("Case series")


def test_the_map_tells_not_reported_from_not_yet_extracted(client, three):
    found = rows(client.get(f"{PAGE}map.csv"))
    cell = {(row["design"], row["outcome"]): row for row in found}
    assert cell["Case series", "histology"]["not reported"] == "1"
    assert cell["Case series", "recurrence"]["not yet extracted"] == "1"
    assert cell["Controlled trial", "histology"]["reported"] == "1"


def test_each_picture_is_a_drawing_and_its_data(client, three):
    for name, lines in (("forest", 2), ("map", 15), ("years", 3)):
        drawn = client.get(f"{PAGE}{name}.svg")
        assert drawn["Content-Type"] == "image/svg+xml; charset=utf-8"
        svg = etree.fromstring(drawn.content)
        assert svg.findtext("{*}title")
        assert "must not" in svg.findtext("{*}desc") or name != "forest"
        assert b"style=" not in drawn.content
        assert len(rows(client.get(f"{PAGE}{name}.csv"))) == lines, name
    share = rows(client.get(f"{PAGE}forest.csv"))[0]
    assert (share["events"], share["total"], share["low"], share["high"]) == (
        "31", "37", "0.6886", "0.9235",
    )  # fmt: skip
    assert client.get(f"{PAGE}diamond.svg").status_code == 404


def test_a_retracted_study_leaves_the_pictures_and_stays_in_the_table(client, three):
    work = study("bad2001", 2001, "case series", relief="9 of 9")
    WorkNotice.objects.create(reference=work, kind=WorkNotice.Kind.RETRACTION, doi="10.1000/r")
    work.refresh()
    text = client.get(PAGE).text
    assert "One retracted study is left out here" in text
    assert "9 of 9" not in text
    assert "bad2001" in client.get("/references/evidence/").text


def test_the_choice_of_the_table_is_that_of_the_pictures(client, three):
    assert f'href="{PAGE}?design=case%20series"' in (
        client.get("/references/evidence/?design=case+series").text.replace("+", "%20")
    )
    text = client.get(f"{PAGE}?design=case+series").text
    assert "31 of 37" in text
    assert "0 of 20" not in text
    assert "forest.svg?design=case" in text


def test_an_empty_library_has_a_page_and_empty_drawings(client):
    assert "No facts of any study have been entered yet" in client.get(PAGE).text
    for name in ("forest", "map", "years"):
        etree.fromstring(client.get(f"{PAGE}{name}.svg").content)
        assert rows(client.get(f"{PAGE}{name}.csv")) == []


def test_it_asks_the_database_little(client, three, django_assert_max_num_queries):
    client.get(PAGE)
    with django_assert_max_num_queries(3):
        client.get(PAGE)


def test_a_picture_in_a_text_is_drawn_and_follows_the_library(client, three):
    plot = '<figure class="plot"><a href="{}">Relief, by study</a></figure>'
    chapter = ChapterFactory(
        language="es",
        body=plot.format(f"/es{PAGE}?design=case+series#forest") + plot.format("/review/#forest"),
    )
    page = client.get(chapter.get_absolute_url()).text
    _before, drawn, other = page.split('<figure class="plot">')
    assert "31 of 37" not in drawn
    assert "31 de 37" in drawn
    assert "0 de 20" not in drawn
    assert "no deben promediarse" in drawn
    assert f'href="{PAGE}forest.csv?design=case+series"' in drawn
    assert "<table" not in other[: other.index("</figure>")]
    StudyFacts.objects.get(reference__citekey="herz1945").delete()
    chapter.refresh_from_db()
    assert "31 de 37" not in chapter.body_html
    assert "Relief, by study" in chapter.body_html


def test_what_is_retracted_leaves_the_picture_in_a_text(three):
    chapter = ChapterFactory(
        body=f'<figure class="plot"><a href="{PAGE}#years">When</a></figure><p>After it.</p>'
    )
    assert "1945" in chapter.body_html
    work = Reference.objects.get(citekey="herz1945")
    WorkNotice.objects.create(reference=work, kind="retraction", source="crossref")
    work.refresh()
    chapter.refresh_from_db()
    assert "1945" not in chapter.body_html
    assert "One retracted study is left out here" in chapter.body_html
    root = sanitise.parse(chapter.body_html)
    unrender.undo(root)
    assert sanitise.clean(sanitise.serialise(root)) == chapter.body
