"""Sources wanted, people, and what is typed as in PubMed."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from references.browsing import pubmed
from references.models import Notes, Reference
from tests.factories import ChapterFactory, PersonFactory, PostFactory, ReferenceFactory, cite

pytestmark = pytest.mark.django_db
LIST = "/references/"


def keys(response):
    return [work.citekey for work in response.context["page"]]


# Sources wanted


def test_nothing_wanted_is_a_page(client):
    assert "Nothing is being looked for" in client.get("/references/wanted/").text


def test_wanted_works_are_listed_with_a_way_to_offer_them(client):
    wanted = ReferenceFactory(
        citekey="baciu1968", reading_state="wanted", record_note="The periodical was not seen."
    )
    ReferenceFactory(citekey="had", reading_state="read")
    text = client.get("/references/wanted/").text
    assert "The periodical was not seen." in text
    assert f'href="/comments/new/references.reference/{wanted.pk}/"' in text
    assert "/references/had/" not in text
    assert "The author is looking for a copy" in client.get(wanted.get_absolute_url()).text


def test_where_comments_are_closed_the_offer_leads_to_the_work(client):
    ReferenceFactory(citekey="closed", reading_state="wanted", comments_open=False)
    text = client.get("/references/wanted/").text
    assert "/comments/new/" not in text
    assert "More about it" in text


# People


def test_people_stand_as_in_a_printed_index_accents_aside(client):
    for family in ("Gwyther", "van der Berg", "Gómez", "Ästrand", "Zeller", "Ångström"):
        PersonFactory(family=family, given="A")
    names = re.findall(
        r'<li><a href="/references/people/[^"]+">([^<,]+),', client.get("/references/people/").text
    )
    assert names == ["Ångström", "Ästrand", "Gómez", "Gwyther", "van der Berg", "Zeller"]


def test_people_are_listed_and_found_by_the_beginning_of_a_name(client):
    copeman = PersonFactory(family="Copeman", given="William", born=1900, died=1970)
    PersonFactory(family="Herz", given="Ralph")
    ReferenceFactory(people=[copeman])
    ReferenceFactory(people=[copeman])
    everybody = client.get("/references/people/").text
    assert "Copeman, William</a>, 1900–1970" in everybody
    assert "2 works" in everybody
    found = client.get("/references/people/?q=cop").text
    assert "Copeman" in found
    assert "Herz" not in found
    assert "Nobody in the library" in client.get("/references/people/?q=zzzz").text


def test_the_library_is_narrowed_to_a_person(client):
    herz = PersonFactory(family="Herz", given="Ralph")
    ReferenceFactory(citekey="his", people=[herz])
    ReferenceFactory(citekey="other")
    response = client.get(f"{LIST}?person={herz.slug}")
    assert keys(response) == ["his"]
    assert "Ralph Herz" in [choice.label for choice in response.context["chosen"]]
    response = client.get(f"{LIST}?person=nobody")
    assert len(keys(response)) == 2
    assert "person “nobody”" in response.text


@pytest.mark.parametrize(
    ("query", "expected"),
    [("country=FR", ["b"]), ("reading=wanted", ["b"]), ("reading=perhaps", ["a", "b"])],
)
def test_the_list_is_narrowed_by_country_and_by_reading(client, query, expected):
    ReferenceFactory(citekey="a", country="US", year=1950)
    ReferenceFactory(citekey="b", country="FR", reading_state="wanted", year=1951)
    assert keys(client.get(f"{LIST}?{query}")) == expected


# As in PubMed


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("herz[au] 1940:1959[dp]", "author:herz year:1940-1959"),
        ("copeman ws[au] AND fibrositis", "author:copeman fibrositis"),
        ('"Copeman WS"[Author]', 'author:"Copeman"'),
        ("Herz R[Author - First]", "author:Herz"),
        ("1950[dp] lipoma[tiab] NOT cadaver", "year:1950 lipoma -cadaver"),
        ('"fat herniation"[ti]', '"fat herniation"'),
        ("1940/05/01[dp] : 1959[dp]", "year:1940-1959"),
        ("1990:3000[pdat]", "year:1990-3000"),
        ("low back pain[MeSH Terms]", "low back pain"),
        ("back mice OR lipoma", "back mice OR lipoma"),
        ("x] [ 10:30 [", "x] [ 10:30 ["),
    ],
)
def test_pubmeds_words_are_understood(typed, meant):
    assert pubmed.translate(typed) == meant


def test_a_search_as_in_pubmed_finds_in_the_library(client):
    herz = PersonFactory(family="Herz", given="Ralph")
    ReferenceFactory(
        citekey="herz1945", year=1945, title="Herniation of fascial fat", people=[herz]
    )
    ReferenceFactory(citekey="herz1962", year=1962, title="Something else", people=[herz])
    ReferenceFactory(citekey="other1945", year=1945, title="What Herz left open; fat herniation")
    for query, expected in {
        "herz[au] 1940:1959[dp]": ["herz1945"],
        "Herz R[au]": ["herz1945", "herz1962"],
        '"fat herniation"': ["other1945"],
        "1962[dp]": ["herz1962"],
        "herz NOT fascial": ["other1945", "herz1962"],
    }.items():
        assert keys(client.get(LIST, {"q": query})) == expected, query


def test_what_was_typed_stays_in_the_field_as_it_was(client):
    ReferenceFactory()
    assert 'value="herz[au]"' in client.get(LIST, {"q": "herz[au]"}).text


# Around a work


def test_a_work_is_shown_where_it_is_only_listed_with_what_stands_beside_it(client):
    works = [ReferenceFactory(citekey=f"w{year}", year=year) for year in (1940, 1945, 1950)]
    chapter = ChapterFactory(title="Middle", references=works)
    text = client.get("/references/w1945/").text
    assert "listed there" in text
    assert chapter.get_absolute_url() in text
    beside = text[
        text.index('class="beside') : text.index('id="lineage"', text.index('class="beside'))
    ]
    assert 'href="/references/w1940/"' in beside
    assert 'href="/references/w1950/"' in beside
    assert (
        'href="/references/w1940/"'
        not in client.get("/references/w1940/").text.split('class="beside')[1].split("</p>")[0]
    )


def test_pages_of_every_kind_that_cite_a_work_are_named_by_one_question(
    client, django_assert_num_queries
):
    work, body = ReferenceFactory(citekey="w1945"), f"<p>{cite('w1945')}</p>"
    other = ReferenceFactory(citekey="w1950", year=1950, title="Later")
    second = ChapterFactory(title="Second", body=body, position=2)
    first = ChapterFactory(title="First", body=body, position=1)
    older = PostFactory(title="Older", body=body, first_published=date(2020, 1, 2))
    newer = PostFactory(title="Newer", body=body, first_published=date(2021, 1, 2))
    PostFactory(title="Unseen", body=body, state="draft")
    Notes.objects.create(reference=work, state="published", body=body)
    notes = Notes.objects.create(reference=other, state="published", body=body)
    Reference(pk=work.pk).cited_in()  # kinds of pages are read once for a process
    with django_assert_num_queries(1):
        pages = [row.page for row in Reference(pk=work.pk).cited_in()]
        said = [str(page) for page in pages]
        addresses = [page.get_absolute_url() for page in pages]
    second.refresh_from_db()  # it has moved
    expected = [first, second, newer, older, notes]
    assert pages == expected
    assert said == [str(page) for page in expected]
    assert addresses == [page.get_absolute_url() for page in expected]
    text = client.get("/references/w1945/").text
    assert all(f'href="{address}"' in text for address in addresses)


def test_a_chapter_that_cites_and_lists_it_stands_there_once(client):
    work = ReferenceFactory(citekey="w1945")
    chapter = ChapterFactory(
        title="Only chapter", body=f"<p>{cite('w1945')}</p>", references=[work]
    )
    text = client.get("/references/w1945/").text
    assert "listed there" not in text
    section = text[text.index('<h2 id="cited"') : text.index('<h2 id="lineage"')]
    assert section.count(f'href="{chapter.get_absolute_url()}"') == 1


@pytest.mark.parametrize(
    "hidden", [{"state": "draft"}, {"publish_at": timezone.now() + timedelta(days=1)}]
)
def test_a_chapter_nobody_sees_does_not_show_that_it_lists_it(client, hidden):
    ChapterFactory(title="Secret", references=[ReferenceFactory(citekey="w1945")], **hidden)
    assert "Secret" not in client.get("/references/w1945/").text


def test_a_reference_asks_at_most_seventeen_questions(client, django_assert_max_num_queries):
    herz = ReferenceFactory(citekey="herz1952", notes="<p>Words.</p>", tags=["a", "b"])
    for number in range(10):
        other = ReferenceFactory(tags=["a"], notes=f"<p>{cite('herz1952')}</p>", year=1900 + number)
        ChapterFactory(body=f"<p>{cite('herz1952')}</p>", references=[herz, other])
        PostFactory(body=f"<p>{cite('herz1952')}</p>")
    client.get(herz.get_absolute_url())
    with django_assert_max_num_queries(17):
        client.get(herz.get_absolute_url())


@pytest.mark.parametrize("citekey", ["evidence", "people", "wanted"])
def test_no_citekey_hides_a_page_of_the_library(citekey):
    reference = Reference(citekey=citekey, title="A title")
    assert "citekey" in _errors(reference)


def _errors(reference):
    try:
        reference.clean()
    except Exception as error:
        return error.message_dict
    return {}


# The timeline in words


def test_the_years_stand_as_a_table_too(client):
    for year in (1944, 1946, 1952, None):
        ReferenceFactory(year=year, language="fr" if year == 1944 else "en")
    rows = client.get(LIST + "?language=fr").context["timeline"].table
    assert [(row["label"], row["total"], row["shown"]) for row in rows] == [
        ("1940s", 2, 1), ("1950s", 1, 0), ("No year", 1, 0),
    ]  # fmt: skip
    assert rows[0]["address"] == LIST + "?decade=1940&language=fr"
