"""“Take to your doctor”: what a reader chose, on one page, kept nowhere."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from publishing.models import SiteSettings
from references.browsing.handout import MOST, first_sentence
from references.models import Condition, Name, NameUse, Notes
from tests.factories import ReferenceFactory

ADDRESS = "/references/take/to-your-doctor/"


def page(client, *keys, **query):
    return client.get(ADDRESS, {"key": keys, **query}).content.decode()


def part(html, name):
    """The sheet that is printed, or the form that is not."""
    start = html.find(f'class="{name}')
    return (
        ""
        if start < 0
        else html[start : html.index("</section>" if name == "taken" else "</form>", start)]
    )


@pytest.mark.django_db
def test_the_page_has_each_work_with_identifiers_and_the_authors_line(client):
    ReferenceFactory(
        citekey="sutro1935",
        title="Subcutaneous nodes",
        doi="10.1000/x",
        pmid="123",
        pmcid="PMC9",
        one_line="The first to call them fat.",
    )
    sheet = part(page(client, "sutro1935"), "taken")
    for words in ("Subcutaneous nodes", "The first to call them fat.", "PMC9"):
        assert words in sheet
    assert re.search(r"\b123\b", sheet)
    assert len(re.findall("10.1000/x(?![^<]*>)", sheet)) == 1
    assert "http://testserver/references/sutro1935/" in sheet


@pytest.mark.django_db
def test_without_a_line_the_first_sentence_of_public_notes_stands_in(client):
    ReferenceFactory(citekey="a1", notes="<p>The earliest article of all of them. It counts.</p>")
    hidden = ReferenceFactory(citekey="b2")
    Notes.objects.create(
        reference=hidden, body="<p>Still a secret of the author. Yes.</p>", state="draft"
    )
    sheet = part(page(client, "a1", "b2"), "taken")
    assert "The earliest article of all of them." in sheet
    assert "It counts" not in sheet
    assert "secret" not in sheet


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("The earliest article of all. It counts.", "The earliest article of all."),
        ("One sentence and no more of it", "One sentence and no more of it"),
        (
            "Written by Dr. Herz and William S. C. Copeman. Next.",
            "Written by Dr. Herz and William S. C. Copeman.",
        ),
        ("It counted 3.5 of every ten people. Next.", "It counted 3.5 of every ten people."),
        ("¿Por qué duele tanto la espalda? Nadie lo sabe.", "¿Por qué duele tanto la espalda?"),
        ("“It was the fat that hurt them.” So he said.", "“It was the fat that hurt them.”"),
        ("", ""),
    ],
)
def test_the_first_sentence_ends_where_a_reader_would_stop(text, sentence):
    assert first_sentence(text) == sentence


def test_a_sentence_without_end_is_cut_at_a_word():
    assert first_sentence("fat and pain " * 50).endswith(" …")
    assert len(first_sentence("fat and pain " * 50)) < 290


@pytest.mark.django_db
def test_names_used_date_and_disclaimer_are_on_it(client):
    SiteSettings(disclaimer="Ask your own doctor.").save()
    work, other = ReferenceFactory(citekey="a1"), ReferenceFactory(citekey="b2")
    condition = Condition.objects.create(title="Back mice", slug="back-mice")
    for title, reference in [("Episacral lipoma", work), ("Fibrositis", other)]:
        NameUse.objects.create(
            name=Name.objects.create(condition=condition, title=title), reference=reference
        )
    html = page(client, "a1")
    assert "Episacral lipoma" in part(html, "taken")
    assert "Fibrositis" not in part(html, "taken")
    assert "Ask your own doctor." in part(html, "taken")
    assert f'datetime="{timezone.localdate():%Y-%m-%d}"' in html


@pytest.mark.django_db
def test_works_come_in_the_order_of_years_each_once(client):
    ReferenceFactory(citekey="late", title="Late work", year=1990)
    ReferenceFactory(citekey="early", title="Early work", year=1904)
    ReferenceFactory(citekey="none", title="Undated work", year=None)
    sheet = part(page(client, "none", "late", "early", "late"), "taken")
    assert [sheet.count(title) for title in ("Early work", "Late work", "Undated work")] == [
        1,
        1,
        1,
    ]
    assert sheet.index("Early work") < sheet.index("Late work") < sheet.index("Undated work")


@pytest.mark.django_db
def test_what_is_not_known_or_too_much_is_said(client):
    keys = [
        ReferenceFactory(citekey=f"work{number}", year=1900 + number).citekey
        for number in range(MOST + 2)
    ]
    html = page(client, *keys, "nobody1900", "<b>")
    assert part(html, "taken").count("<li>") == MOST
    assert "Not in the library: nobody1900, &lt;b&gt;." in html
    assert "Left out:" in part(html, "choose")


@pytest.mark.django_db
def test_the_form_finds_works_and_keeps_what_is_chosen(client):
    ReferenceFactory(citekey="a1", title="Chosen nodules")
    ReferenceFactory(citekey="b2", title="Cluneal nerves")
    ReferenceFactory(citekey="c3", title="Something else")
    form = part(page(client, "a1", q="cluneal"), "choose")
    assert re.search(r'name="key" value="a1" checked', form)
    assert re.search(r'name="key" value="b2">', form)
    assert "c3" not in form
    assert 'value="cluneal"' in form
    assert "<form" in page(client)
    assert 'method="post"' not in page(client, "a1").lower()


@pytest.mark.django_db
def test_nothing_chosen_is_a_form_and_no_sheet(client):
    ReferenceFactory(citekey="a1")
    html = page(client)
    assert part(html, "taken") == ""
    assert 'value="a1"' in html


@pytest.mark.django_db
def test_the_choice_is_stored_nowhere(client):
    ReferenceFactory(citekey="a1")
    response = client.get(ADDRESS, {"key": "a1"})
    assert not response.cookies
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response.content.decode()
    assert Session.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    ["key=%00", "key=" + "x" * 3000, "q=%22%27*(", "page=-1&from=abc", "&".join(["key=a1"] * 500)],
)
def test_odd_addresses_are_no_error(client, query):
    ReferenceFactory(citekey="a1")
    assert client.get(f"{ADDRESS}?{query}").status_code < 500


@pytest.mark.django_db
def test_the_way_to_it_stands_in_the_library_and_under_each_work(client):
    work = ReferenceFactory(citekey="a1", title="Cluneal nerves")
    assert (
        f'href="{ADDRESS}?q=cluneal" rel="nofollow"'
        in client.get("/references/?q=cluneal").content.decode()
    )
    assert f'href="{ADDRESS}?key=a1"' in client.get(work.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_no_query_for_each_work(client, django_assert_max_num_queries):
    keys = [ReferenceFactory(notes="<p>Read, and read again.</p>").citekey for _ in range(MOST)]
    for _ in range(20):
        ReferenceFactory()
    with django_assert_max_num_queries(6):
        page(client, *keys)
