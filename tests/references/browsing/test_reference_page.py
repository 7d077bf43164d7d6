import re
from datetime import timedelta

import pytest
from django.utils import timezone

from publishing.models import State
from references.models import Authorship, Notes
from tests.factories import (
    ChapterFactory,
    PersonFactory,
    PostFactory,
    ReferenceFactory,
    cite,
    comment,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once("what it asks for, the library and the merging ask for too"),
]


def text_of(client, reference):
    response = client.get(reference.get_absolute_url())
    assert response.status_code == 200
    return response.text


def test_an_unknown_citekey_is_no_page(client):
    assert client.get("/references/nothing/").status_code == 404


def test_it_shows_what_is_known(client):
    herz = ReferenceFactory(
        citekey="herz1945", title="Herniation of fat", year=1945, month=7, day=28,
        doi="10.1001/jama.1945.1",
        pmid="21006920", pmcid="PMC12", sample_size=6, sample_unit="patients",
        study_design="case series", country="US",
        abstract="First.\n\nSecond.", record_note="First page only.", tags=["back mice"],
        full_text_url="https://example.org/full", people=[PersonFactory(family="Herz",
            given="Ralph", born=1900, died=1960)],
    )  # fmt: skip
    text = " ".join(text_of(client, herz).split())
    for words in (
        '<span class="numeral year">1945 </span><span lang="en">Herniation of fat</span>',
        "28 July 1945",
        "6 patients",
        "Case series",
        "United States",
        'href="https://doi.org/10.1001/jama.1945.1"',
        'href="https://pubmed.ncbi.nlm.nih.gov/21006920/"',
        'href="https://pmc.ncbi.nlm.nih.gov/articles/PMC12/"',
        "<p>First.</p>",
        "First page only.",
        'href="/references/?tag=back-mice"',
        'href="https://example.org/full"',
        "Herz, Ralph</a>, 1900–1960",
        'href="/references/?decade=1940"',
    ):
        assert words in text, words


@pytest.mark.parametrize(
    ("fields", "english", "catalan"),
    [
        ({"month": 3}, "March 1998", "març del 1998"),
        ({"month": 3, "until": "1998-04"}, "March – April 1998", "març–abril del 1998"),
        ({"season": 1}, "Spring 1998", "1998"),
        ({"season": 4, "until": "1999-24"}, "Winter 1998–1999", "1998–1999"),
    ],
)
def test_the_date_is_said_as_far_as_it_is_known(client, fields, english, catalan):
    work = ReferenceFactory(year=1998, **fields)
    assert f"<dd>{english}</dd>" in text_of(client, work).replace("\u2009", " ")
    assert catalan in client.get("/ca" + work.get_absolute_url()).content.decode().replace(
        "\u2009", " "
    )


def test_what_is_not_known_is_said_or_left_out(client):
    text = text_of(
        client,
        ReferenceFactory(
            year=None, container="", container_short="", volume="", pages="", people=[]
        ),
    )
    assert "No DOI or PMID known" in text
    assert "None known online" in text
    assert "Periodical not recorded" in text
    assert ">n.d.<" in text
    assert "None" not in text.replace("None known online", "")


def test_a_translated_title_stands_below_the_original(client):
    text = text_of(
        client, ReferenceFactory(title="Lipomes", translated_title="Lipomas", language="fr")
    )
    assert '<span lang="fr">Lipomes</span></h1>' in text
    assert '<p class="standfirst" lang="en">Lipomas</p>' in text


def test_a_title_known_only_in_translation_is_in_brackets(client):
    text = text_of(client, ReferenceFactory(title="", translated_title="Lipomas", language="ro"))
    assert '<span lang="en">[Lipomas]</span></h1>' in text
    assert "standfirst" not in text


@pytest.mark.parametrize(
    ("fields", "public"),
    [
        ({"state": State.PUBLISHED}, True),
        ({"state": State.CONSTRUCTION}, True),
        ({"state": State.DRAFT}, False),
        ({"state": State.PUBLISHED, "publish_at": timezone.now() + timedelta(days=1)}, False),
    ],
)
def test_notes_are_seen_when_they_are_public(client, fields, public):
    reference = ReferenceFactory()
    Notes.objects.create(reference=reference, body="<p>Her own words.</p>", **fields)
    assert ("Her own words." in text_of(client, reference)) == public


def test_notes_have_their_own_list_of_what_they_cite(client):
    ReferenceFactory(citekey="sutro1935")
    herz = ReferenceFactory(notes=f"<p>See {cite('sutro1935')}.</p>")
    text = text_of(client, herz)
    assert '<li id="ref-1">' in text
    assert 'id="cite-1"' in text


def test_it_is_cited_in_pages_each_place_linked(client):
    herz = ReferenceFactory(citekey="herz1952")
    other = ReferenceFactory(citekey="other")
    twice = f"<p>One {cite('herz1952')}.</p><p>Two {cite('other')}, and {cite('herz1952')}.</p>"
    chapter = ChapterFactory(title="Middle", body=twice)
    PostFactory(title="A post", body=f"<p>{cite('herz1952')}</p>")
    Notes.objects.create(reference=other, body=f"<p>{cite('herz1952')}</p>", state=State.PUBLISHED)
    text = text_of(client, herz)
    assert (
        f'<span class="n">1</span> <a href="{chapter.get_absolute_url()}" lang="en">Middle</a>'
        in text
    )
    assert f'{chapter.get_absolute_url()}#cite-1"' in text
    assert f'{chapter.get_absolute_url()}#cite-3"' in text
    assert "A post" in text
    assert 'href="/references/other/#cite-1"' in text
    assert "Notes on " in text


def test_pages_nobody_sees_do_not_show_that_they_cite_it(client):
    herz = ReferenceFactory(citekey="herz1952")
    body = f"<p>{cite('herz1952')}</p>"
    ChapterFactory(title="Secret chapter", body=body, state=State.DRAFT)
    PostFactory(
        title="Secret post",
        body=body,
        state=State.PUBLISHED,
        publish_at=timezone.now() + timedelta(days=1),
    )
    ChapterFactory(
        title="Below", body=body, parent=ChapterFactory(title="Hidden above", state=State.DRAFT)
    )
    text = text_of(client, herz)
    assert "Cited in" not in text
    assert "Secret" not in text
    assert "Below" not in text


def test_its_own_notes_are_no_place_that_cites_it(client):
    herz = ReferenceFactory(citekey="herz1952", notes=f"<p>{cite('herz1952')}</p>")
    assert "Cited in<" not in text_of(client, herz)


def test_the_work_before_and_the_work_after(client):
    first, second, third = (
        ReferenceFactory(citekey=f"w{n}", year=year) for n, year in enumerate((1930, 1940, 1940))
    )
    ReferenceFactory(year=None)
    text = text_of(client, second)
    assert f'href="{first.get_absolute_url()}" rel="prev"' in text
    assert f'href="{third.get_absolute_url()}" rel="next"' in text
    assert 'rel="prev"' not in text_of(client, first)
    assert 'rel="next"' not in text_of(client, third)


def test_the_citation_can_be_copied(client):
    herz = ReferenceFactory(
        title='Fat & "mice"', people=[PersonFactory(family="Herz", given="Ralph")], year=1952,
        formatted=True,
    )  # fmt: skip
    text = text_of(client, herz)
    copied = re.search(r'<span id="as-1">(.*?)</span> <button[^>]*data-copy="as-1"', text)[1]
    assert copied.startswith("Herz R. Fat &amp;")
    assert "1952" in copied


def test_comments_stand_below(client):
    herz = ReferenceFactory()
    comment(herz, text="Is there more?")
    text = text_of(client, herz)
    assert "Is there more?" in text
    assert f'href="/comments/new/references.reference/{herz.pk}/"' in text


def test_seven_thousand_authors_are_a_page(client, monkeypatch):
    monkeypatch.setattr("references.browsing.views.PEOPLE_SHOWN", 200)
    crowd = ReferenceFactory(people=[])
    people = [PersonFactory.build(family=f"F{n}", slug=f"f{n}") for n in range(300)]
    type(people[0]).objects.bulk_create(people)
    Authorship.objects.bulk_create(
        Authorship(reference=crowd, person=p, position=n) for n, p in enumerate(people)
    )
    crowd.refresh()
    text = text_of(client, crowd)
    assert "180 more" in text
    assert "And 100 more, who stand in the files below." in text
    assert text.count('name="citation_author"') == 300
    assert "and others" in text


def test_the_page_costs_the_same_however_much_cites_it(client, django_assert_max_num_queries):
    herz = ReferenceFactory(citekey="herz1952", notes="<p>Words.</p>", tags=["a", "b"])
    for number in range(10):
        ChapterFactory(body=f"<p>{cite('herz1952')}</p>")
        PostFactory(body=f"<p>{cite('herz1952')}</p>")
        comment(herz, text=f"Comment {number}")
    with django_assert_max_num_queries(17):
        text_of(client, herz)


# People


def test_a_person_page_shows_life_and_works(client):
    person = PersonFactory(
        family="Copeman", given="William S. C.", born=1900, died=1970, orcid="0000-0002-1825-0097",
        biography="<p>Rheumatologist.</p>",
    )  # fmt: skip
    ReferenceFactory(title="Later", year=1944, people=[person])
    ReferenceFactory(title="Earlier", year=1943, people=[person])
    edited = ReferenceFactory(title="Edited", year=1954, people=[])
    Authorship.objects.create(reference=edited, person=person, role="editor")
    text = client.get(person.get_absolute_url()).text
    assert "<h1>William S. C. Copeman</h1>" in text
    assert "1900–1970" in text
    assert "<p>Rheumatologist.</p>" in text
    assert 'href="https://orcid.org/0000-0002-1825-0097"' in text
    assert text.index("Earlier") < text.index("Later") < text.index("Edited")
    assert "as editor" in text


def test_a_biography_cites_and_links_like_any_text(client):
    herz = ReferenceFactory(citekey="herz1952")
    chapter = ChapterFactory(title="Fat")
    person = PersonFactory(
        biography=(
            f"<p>He wrote {cite('herz1952')}, see <a"
            f' href="{chapter.get_absolute_url()}">Fat</a>.</p>'
        )
    )
    assert "page:review.chapter" in person.biography
    text = client.get(person.get_absolute_url()).text
    assert f'<a href="{chapter.get_absolute_url()}">Fat</a>' in text
    assert '<li id="ref-1">' in text
    assert str(person.get_absolute_url()) in text_of(client, herz)


def test_an_unknown_person_is_no_page(client):
    assert client.get("/references/people/nobody/").status_code == 404
    assert client.get("/references/people/nobody").status_code in (301, 404)
