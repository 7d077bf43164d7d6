import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from references.models import Notes
from review.models import Section
from tests.factories import ChapterFactory, ReferenceFactory

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once("what it asks for, the tests of the tree ask for too"),
]


def rows(client, address="/review/"):
    html = client.get(address).content.decode()
    return [re.sub(r"<[^>]+>|\s+", " ", row) for row in html.split('<li class="row')[1:]], html


def test_chapters_stand_in_order_with_their_numbers(client):
    one = ChapterFactory(title="Nodules")
    ChapterFactory(title="Early", parent=one)
    ChapterFactory(title="Nerves")
    found, html = rows(client)
    assert [("1" in found[0], "1.1" in found[1], "2" in found[2])] == [(True, True, True)]
    assert html.index("Nodules") < html.index("Early") < html.index("Nerves")


def test_front_matter_comes_first_and_carries_no_number(client):
    ChapterFactory(title="Nodules")
    ChapterFactory(title="The project", section=Section.FRONT)
    found, html = rows(client)
    assert "The project" in found[0]
    assert '<span class="n"></span>' in html
    assert 'href="/review/the-project/"' in html


@pytest.mark.parametrize(
    ("state", "rule", "words"),
    [
        ("published", "done", "Published"),
        ("construction", "building", "Under construction, last worked on"),
        ("planned", "planned", "Planned"),
    ],
)
def test_every_state_is_a_word_and_a_rule(client, state, rule, words):
    ChapterFactory(title="Nodules", state=state)
    found, html = rows(client)
    assert words in re.sub(r"\s+", " ", found[0])
    assert re.search(rf'class="row l1\s+{rule}"', html)


def test_the_day_of_the_last_review_is_shown(client):
    ChapterFactory(title="Nodules", reviewed=date(2026, 5, 3))
    assert "3 May 2026" in rows(client)[0][0]


def test_a_planned_chapter_is_linked(client):
    ChapterFactory(title="How pain arises", state="planned")
    assert 'href="/review/how-pain-arises/"' in rows(client)[1]
    assert client.get("/review/how-pain-arises/").status_code == 200


def test_drafts_and_future_chapters_and_what_is_below_them_are_not_there(client):
    draft = ChapterFactory(title="Secret", state="draft")
    ChapterFactory(title="Below secret", parent=draft)
    ChapterFactory(title="Tomorrow", publish_at=timezone.now() + timedelta(days=1))
    assert rows(client)[0] == []
    assert "No chapter is public yet" in rows(client)[1]


def test_what_is_placed_in_a_chapter_is_counted(client):
    first = ReferenceFactory(year=1935, notes="<p>Read.</p>")
    unread = ReferenceFactory(year=1968)
    Notes.objects.create(reference=unread, body="<p>Not yet.</p>", state="draft")
    ChapterFactory(title="Middle", references=[first, unread, ReferenceFactory(year=None)])
    found = rows(client)[0][0].replace("&#8288;", "").replace("⁠", "")
    assert "3 articles, 1935–1968, notes written for 1" in found


def test_a_book_among_the_articles_makes_them_works(client):
    ChapterFactory(
        references=[ReferenceFactory(year=1935), ReferenceFactory(year=1935, type="book")]
    )
    assert "2 works, 1935" in rows(client)[0][0]


def test_contents_ask_the_database_the_same_for_one_chapter_or_thirty(
    client, django_assert_max_num_queries
):
    for _ in range(30):
        ChapterFactory(references=[ReferenceFactory(notes="<p>Read.</p>")])
    client.get("/review/")
    # Two of them are what all pages share: the settings, and when it was searched.
    with django_assert_max_num_queries(4):
        assert client.get("/review/").status_code == 200


def test_the_interface_speaks_the_language_of_the_address(client):
    ChapterFactory(title="Nodules", reviewed=date(2026, 5, 3))
    html = client.get("/es/review/").content.decode()
    assert '<html lang="es">' in html
    assert "3 de mayo de 2026" in html
    assert 'href="/es/review/nodules/"' in html


def test_a_long_review_shows_its_first_levels_and_goes_by_pages(client, monkeypatch):
    monkeypatch.setattr("review.views.LINES", 3)
    first, second = ChapterFactory(title="First"), ChapterFactory(title="Second")
    part = ChapterFactory(title="Part of it", parent=first)
    ChapterFactory(title="Deeper still", parent=part)
    html = client.get("/review/").content.decode()
    assert ("Part of it" in html, "Deeper still" in html) == (True, False)
    assert "and 1 chapter in it" in html
    assert "4 published" in html
    monkeypatch.setattr("review.views.LINES", 1)
    html = client.get("/review/?page=2").content.decode()
    assert (first.title in html, second.title in html) == (False, True)
