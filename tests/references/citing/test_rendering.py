import re

import pytest

from publishing.models import State
from publishing.richtext import sanitise
from references.citing import entries
from references.citing.rendering import citekeys
from references.models import Citation, Notes
from tests.factories import ChapterFactory, PersonFactory, PostFactory, ReferenceFactory, cite
from tests.made_once import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.once("about HTML")]


@pytest.fixture
@made_once
def works(db):
    return [ReferenceFactory(citekey=f"w{number}") for number in range(1, 7)]


def marks(page):
    """What a reader sees at each place, in order."""
    root = sanitise.parse(page.body_html)
    return [
        node.text
        for node in root.iter("a", "span")
        if node.get("class") in ("cite", "cite missing")
    ]


def test_citations_are_numbered_in_order_of_appearance(works):
    page = ChapterFactory(body=f"<p>A {cite('w3')} b {cite('w1')} c {cite('w3')}.</p>")
    assert marks(page) == ["[1]", "[2]", "[1]"]
    rows = Citation.objects.order_by("number").values_list("reference__citekey", "number", "places")
    assert list(rows) == [("w3", 1, ["cite-1", "cite-3"]), ("w1", 2, ["cite-2"])]


def test_neighbours_are_collapsed_into_one_mark(works):
    page = ChapterFactory(
        body=(
            f"<p>A {cite('w1', 'w2', 'w3')}, b {cite('w5', 'w1')}, c {cite('w3', 'w4')}"
            f" {cite('w5')}.</p>"
        )
    )
    assert marks(page) == ["[1–3]", "[1, 4]", "[3–5]"]


def test_words_between_two_citations_keep_them_apart(works):
    page = ChapterFactory(body=f"<p>A {cite('w1')} and {cite('w2')}, {cite('w3')}.</p>")
    assert marks(page) == ["[1]", "[2]", "[3]"]


def test_an_unknown_citekey_shows_a_question_mark_and_is_named(works):
    page = ChapterFactory(body=f"<p>A {cite('nobody')} b {cite('w1', 'nobody')}.</p>")
    assert marks(page) == ["[?]", "[1, ?]"]
    assert page.unknown_citekeys == ["nobody"]


def test_a_locator_stands_beside_its_number(works):
    body = '<p>A <span class="cite" data-cite="w1" data-locator="p. 5">[w1]</span>.</p>'
    assert marks(ChapterFactory(body=body)) == ["[1, p.\xa05]"]
    assert marks(ChapterFactory(body=body, language="es")) == ["[1, p.\xa05]"]


def test_each_of_several_works_keeps_its_place(works):
    where = {"w1": "5-7", "w2": "", "w3": "cap. 3"}
    body = "".join(
        f'<span class="cite" data-cite="{key}" data-locator="{place}">x</span>'
        for key, place in where.items()
    )
    page = ChapterFactory(body=f"<p>A {body}.</p>", language="en")
    assert marks(page) == ["[1, pp.\xa05–7; 2; 3, chap.\xa03]"]
    note = next(
        node for node in sanitise.parse(page.body_html).iter("span") if node.get("id") == "n-1"
    )
    assert "pp.\xa05–7." in note[0].text_content()
    assert "pp." not in note[1].text_content()


def test_a_mark_leads_to_its_note_and_the_list_leads_back(works):
    page = ChapterFactory(body=f"<p>A {cite('w1')} b {cite('w1')}.</p>")
    assert 'id="cite-1" href="#n-1"' in page.body_html.replace(
        'href="#n-1" id="cite-1"', 'id="cite-1" href="#n-1"'
    )
    assert 'id="n-1"' in page.body_html
    assert page.references_html.count("<li") == 1
    assert 'href="#cite-1"' in page.references_html
    assert 'href="#cite-2"' in page.references_html


def test_a_note_in_the_margin_leaves_the_identifiers_to_the_list(db):
    ReferenceFactory(citekey="w", doi="10.1000/abc.2-4", pmid="123456", pmcid="PMC9876", title="T")
    page = ChapterFactory(body=f"<p>A {cite('w')}.</p>")
    written = sanitise.text_of(page.references_html)
    assert all(each in written for each in ("10.1000/abc.2-4", "123456", "PMC9876"))
    root = sanitise.parse(page.body_html)
    note = next(node for node in root.iter("span") if node.get("id") == "n-1").text_content()
    assert not re.search(r"doi|PMID|PMC", note)
    assert "Am J Med Sci. 1935;190:833–7. " in note


def test_the_list_leads_to_notes_only_once_they_are_public(works):
    page = ChapterFactory(body=f"<p>{cite('w1')}</p>")
    notes = Notes.objects.create(reference=works[0], body="<p>x</p>", state=State.DRAFT)
    page.refresh_from_db()
    assert "/references/w1/#notes" not in page.references_html
    notes.state = State.PUBLISHED
    notes.save()
    page.refresh_from_db()
    assert "/references/w1/#notes" in page.references_html
    notes.delete()
    page.refresh_from_db()
    assert "/references/w1/#notes" not in page.references_html


def test_a_change_of_the_record_reaches_every_page_that_cites_it(works):
    chapter, post = (
        ChapterFactory(body=f"<p>{cite('w1')}</p>"),
        PostFactory(body=f"<p>{cite('w1')}</p>"),
    )
    worked_on = chapter.updated
    works[0].title = "A new title"
    works[0].save()
    works[0].refresh()
    for page in (chapter, post):
        page.refresh_from_db()
        assert "A new title" in page.body_html
        assert "A new title" in page.references_html
    assert chapter.updated == worked_on


def test_a_new_name_of_a_person_reaches_the_works_and_the_pages(works):
    person = PersonFactory(family="Heerz", given="R.")
    ReferenceFactory(citekey="herz", people=[person])
    page = ChapterFactory(body=f"<p>{cite('herz')}</p>")
    person.family = "Herz"
    person.save()
    person.refresh_works()
    page.refresh_from_db()
    assert "Herz R" in page.references_html
    assert "Heerz" not in page.references_html


def test_markup_in_a_record_is_text_wherever_it_is_cited():
    evil = '<img src=x onerror=alert(1)>"&'
    reference = ReferenceFactory(
        citekey="evil",
        title=evil,
        container_short=evil,
        volume="<b>1",
        people=[PersonFactory(family=evil, given="")],
        language="fr",
        translated_title=evil,
    )
    page = ChapterFactory(body=f"<p>{cite('evil')}</p>")
    for html in (
        reference.citation_html,
        reference.where_html,
        page.body_html,
        page.references_html,
    ):
        assert "<img" not in html
        assert "<b>1" not in html
        assert "{" not in html
    assert "&lt;img" in page.body_html


def test_braces_in_a_record_are_text():
    reference = ReferenceFactory(title="A {0} title {x}", container_short="J {y}")
    assert "A {0} title {x}" in reference.citation_html
    assert "J {y}" in reference.citation_html


def test_citekeys_of_a_text_come_once_and_in_order():
    assert citekeys(f"<p>{cite('b', 'a')} {cite('b')}</p>") == ["b", "a"]
    assert citekeys("<p>none</p>") == []


# How a reference is written


@pytest.mark.parametrize(
    ("name", "short"),
    [
        (("Copeman", "William S. C."), "Copeman WSC"),
        (("Copeman", "W.S.C."), "Copeman WSC"),
        (("Maigne", "Jean-Yves"), "Maigne JY"),
        (("van der Berg", "Anna", "Jr"), "van der Berg A Jr"),
        (("World Health Organization", "", "", True), "World Health Organization"),
        (("Strong", ""), "Strong"),
    ],
)
def test_names_are_shortened_as_lists_have_them(name, short):
    assert entries.short_name(*name) == short


def test_more_than_six_authors_end_in_et_al():
    people = [PersonFactory(family=f"F{number}", given="A.") for number in range(8)]
    assert ReferenceFactory(people=people[:6]).authors_short == "F0 A, F1 A, F2 A, F3 A, F4 A, F5 A"
    assert (
        ReferenceFactory(people=people).authors_short == "F0 A, F1 A, F2 A, F3 A, F4 A, F5 A, et al"
    )


def test_labels_name_one_two_or_the_first_of_many():
    people = [PersonFactory(family=name) for name in ("Copeman", "Ackerman", "Mason")]
    labels = [ReferenceFactory(people=people[:count], year=1944).label for count in (1, 2, 3)]
    assert labels == ["Copeman 1944", "Copeman and Ackerman 1944", "Copeman and others 1944"]


@pytest.mark.parametrize(
    ("fields", "citation"),
    [
        ({}, "Herz R. T. Am J Med Sci. 1935;190:833–7."),
        ({"title": "Really?"}, "Herz R. Really? Am J Med Sci. 1935;190:833–7."),
        ({"year": None}, "Herz R. T. Am J Med Sci. 190:833–7."),
        ({"year_approximate": True, "issue": "2"}, "Herz R. T. Am J Med Sci. 1935;190(2):833–7."),
        (
            {"title": "", "translated_title": "X", "language": "ro"},
            "Herz R. [X]. Am J Med Sci. 1935;190:833–7. Romanian.",
        ),
        (
            {"translated_title": "X", "language": "ro"},
            "Herz R. T [X]. Am J Med Sci. 1935;190:833–7. Romanian.",
        ),
        (
            {
                "type": "book",
                "container": "",
                "container_short": "",
                "volume": "",
                "pages": "",
                "place": "London",
                "publisher": "P",
            },
            "Herz R. T. London: P; 1935.",
        ),
        ({"container": "", "container_short": "", "volume": "", "pages": ""}, "Herz R. T. 1935."),
        (
            {"container": "", "container_short": "", "volume": "", "pages": "", "year": None},
            "Herz R. T.",
        ),
    ],
)
def test_a_citation_says_what_is_known_and_no_more(fields, citation):
    reference = ReferenceFactory(
        **{"title": "T", "people": [PersonFactory(family="Herz", given="Ralph")], **fields}
    )
    assert sanitise.text_of(reference.citation_html) == citation
