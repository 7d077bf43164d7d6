"""Asking: a form titled so, about the page one was on, and what is answered already."""

import pytest

from comments.models import Comment, KeptAnswer
from publishing import tags
from review.models import InShort
from tests.comments.forms import address, filled, send
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory, comment

pytestmark = pytest.mark.django_db


def answered(page, text="Does the lump go away?", answer="It may.", **fields):
    asked = comment(page, kind="question", text=text, **fields)
    comment(parent=asked, by_author=True, text=answer)
    return asked


def html_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_ask_leads_to_a_form_titled_so_with_question_chosen(client):
    chapter = ChapterFactory(title="Nodules")
    response = client.get("/questions/ask/", follow=True)
    assert response.redirect_chain == [(f"{address(chapter)}?kind=question", 302)]
    html = response.content.decode()
    assert "<h1>Ask a question</h1>" in " ".join(html.split())
    assert 'value="question"' in html
    assert response.context["form"].asks == "question"
    assert "1 Nodules</a>" in html


def test_ask_is_about_in_short_where_there_is_one(client):
    ChapterFactory()
    page = InShort.objects.create(title="Lumps", body="<p>Fat.</p>", state="published")
    assert client.get("/questions/ask/").url == f"{address(page)}?kind=question"
    closed = InShort.objects.create(title="Bultos", language="es", state="published")
    InShort.objects.filter(pk=closed.pk).update(comments_open=False)
    assert "review.chapter" in client.get("/es/questions/ask/").url


def test_where_nothing_takes_a_question_one_finds_those_that_were_answered(client):
    PostFactory(comments_open=False)
    assert client.get("/questions/ask/").url == "/questions/"


@pytest.mark.parametrize("make", [ChapterFactory, PostFactory, ReferenceFactory])
def test_the_menu_asks_about_the_page_one_is_on(client, make):
    page = make()
    menu = html_of(client, page.get_absolute_url()).partition('<nav aria-label="Site">')[2]
    assert f'href="{address(page)}?kind=question"' in menu.partition("</nav>")[0]
    assert 'href="/questions/ask/"' in html_of(client, "/questions/")


def test_a_refused_question_is_still_a_question(client):
    page = ChapterFactory()
    html = send(client, page, text="").content.decode()
    assert "<h1>Ask a question</h1>" in " ".join(html.split())


class TestIsItAnsweredHere:
    def found(self, client, words):
        response = client.get("/questions/answered/", {"q": words})
        assert response.status_code == 200
        return [each["title"] for each in response.json()["found"]]

    def test_answers_kept_answers_and_in_short_that_share_words_are_offered(self, client):
        page = ChapterFactory()
        answered(page, "Does the lump ever disappear without treatment?")
        answered(page, "Who pays for this site?")
        KeptAnswer.objects.create(
            title="Do lumps disappear?", body="<p>Without treatment, not known.</p>",
            state="published",
        )  # fmt: skip
        InShort.objects.create(
            title="In short", body="<p>A lump may disappear without treatment.</p>",
            state="published",
        )  # fmt: skip
        found = self.found(client, "Will my lump disappear without any treatment at all?")
        assert set(found) == {
            "Does the lump ever disappear without treatment?",
            "Do lumps disappear?",
            "In short",
        }

    def test_the_answer_is_looked_through_too(self, client):
        answered(ChapterFactory(), "And this?", "Ultrasound shows the herniation clearly.")
        assert self.found(client, "herniation on ultrasound") == ["And this?"]

    def test_what_is_hidden_or_unanswered_is_not(self, client):
        comment(ChapterFactory(), kind="question", text="Will the lump disappear?")
        answered(ChapterFactory(), "Will the lump disappear soon?", status="pending")
        answered(ChapterFactory(state="draft"), "Will the lump disappear today?")
        KeptAnswer.objects.create(title="Will the lump disappear?", body="<p>No.</p>")
        assert self.found(client, "Will the lump disappear?") == []

    @pytest.mark.parametrize("words", ["", "a", "?", "the of", "OR", '"', "x" * 5000])
    def test_whatever_is_typed_has_an_answer(self, client, words):
        assert self.found(client, words) == []

    def test_it_has_a_limit(self, client, settings):
        settings.LIMITS = {"suggestions": [("address", 1, 86_400)]}
        assert client.get("/questions/answered/?q=lump").status_code == 200
        assert client.get("/questions/answered/?q=lump").status_code == 429

    def test_the_preview_shows_them_without_a_script(self, client):
        page = ChapterFactory()
        answered(page, "Does the lump disappear?")
        sent = filled(page, text="Will the lump disappear?", preview="1")
        html = client.post(address(page), sent).content.decode()
        assert "Is it answered here?" in html
        assert "Does the lump disappear?</a>" in html
        assert Comment.objects.filter(name="Anna").count() == 0


class TestQuestions:
    def test_they_are_filtered_by_language_and_marked(self, client):
        page = ChapterFactory()
        answered(page, "Is it fat?")
        answered(page, "¿Es grasa?", language="es")
        html = html_of(client, "/questions/")
        assert 'lang="es" dir="auto"><p>¿Es grasa?' in html
        assert '<span class="lng">Spanish</span>' in html
        spanish = html_of(client, "/questions/?in=es")
        assert "¿Es grasa?" in spanish
        assert "Is it fat?" not in spanish
        assert "Is it fat?" in html_of(client, "/questions/?in=xx")

    def test_they_are_grouped_by_subject(self, client):
        first, second = ChapterFactory(), ChapterFactory()
        first.tags.add("surgery")
        second.tags.add("anatomy")
        tags.call(first.tags.get(), {"ca": "cirurgia"})
        answered(first, "About surgery")
        answered(second, "About anatomy")
        answered(PostFactory(), "About nothing")
        html = html_of(client, "/questions/?by=subject")
        order = ["Anatomy", "About anatomy", "Surgery", "About surgery", "Without a subject"]
        places = [html.index(f">{words}<") for words in order]
        assert places == sorted(places)
        assert ">Cirurgia<" in html_of(client, "/ca/questions/?by=subject")
