from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import ChapterFactory, PostFactory, ReferenceFactory, comment

pytestmark = pytest.mark.django_db


def answered(page, text="Why?", answer="Because.", **fields):
    return comment(
        parent=comment(page, kind="question", text=text, **fields), by_author=True, text=answer
    )


def test_answered_questions_stand_with_their_answer_and_page(client):
    answered(ChapterFactory(title="Nodules"), "Is it fat?", "Mostly.")
    answered(ReferenceFactory(title="A study"), "Who paid?", "Not stated.")
    html = client.get("/questions/").content.decode()
    for words in ("Is it fat?", "Mostly.", "1 Nodules", "Who paid?", "Not stated."):
        assert words in html


def test_what_is_unanswered_hidden_or_no_question_is_not_listed(client):
    comment(ChapterFactory(), kind="question", text="Nobody answered")
    comment(
        parent=comment(ChapterFactory(), kind="question", text="A reader answered"), text="Yes."
    )
    comment(parent=comment(ChapterFactory(), text="Only a remark"), by_author=True, text="Thanks.")
    answered(ChapterFactory(), "Still pending", status="pending")
    answered(PostFactory(state="draft"), "On a draft")
    answered(PostFactory(publish_at=timezone.now() + timedelta(days=1)), "On a future post")
    html = client.get("/questions/").content.decode()
    for words in (
        "Nobody",
        "A reader answered",
        "Only a remark",
        "Still pending",
        "On a draft",
        "On a future post",
    ):
        assert words not in html
    assert "No question has been answered yet" in html


@pytest.mark.parametrize("page", ["abc", "5"])
def test_any_page_number_gives_a_page(client, page):
    answered(ChapterFactory(), "Is it fat?")
    assert "Is it fat?" in client.get("/questions/", {"page": page}).content.decode()


def test_many_questions_cost_as_many_queries_as_few(client, django_assert_max_num_queries):
    client.get("/questions/")
    for _ in range(8):
        answered(ChapterFactory())
        answered(PostFactory())
    with django_assert_max_num_queries(10):
        client.get("/questions/")


class TestSearching:
    def test_words_of_the_question_or_of_the_answer_find_it(self, client):
        answered(ChapterFactory(), "Is it a lipoma?", "Probably a herniation.")
        answered(ChapterFactory(), "Who paid?", "Nobody.")
        for words in ("lipoma", "herniation"):
            html = client.get("/questions/", {"q": words}).content.decode()
            assert "Is it a lipoma?" in html
            assert "Who paid?" not in html
            assert "1 question with these words." in html

    @pytest.mark.parametrize("words", ["xyzzyplugh", "<script>", '"', "OR", "a" * 5000])
    def test_whatever_is_looked_for_there_is_a_page(self, client, words):
        answered(ChapterFactory(), "Is it fat?")
        response = client.get("/questions/", {"q": words})
        assert response.status_code == 200
        assert "<script>alert" not in response.content.decode()

    def test_nothing_found_says_so_and_shows_the_way_back(self, client):
        answered(ChapterFactory(), "Is it fat?")
        html = client.get("/questions/", {"q": "xyzzyplugh"}).content.decode()
        assert "No answered question has these words." in html
        assert 'href="/questions/"' in html

    def test_pages_of_results_keep_the_words(self, client):
        page = ChapterFactory()
        for number in range(21):
            answered(page, f"Is lipoma {number} it?")
        assert "?q=lipoma&amp;page=2" in client.get("/questions/", {"q": "lipoma"}).content.decode()


def test_chapters_come_in_their_order_then_everything_else(client):
    post, record = PostFactory(title="A post"), ReferenceFactory(title="A study")
    first, second = ChapterFactory(title="First"), ChapterFactory(title="Second")
    for page in (second, record, first, post, second):
        answered(page)
    html = client.get("/questions/").content.decode()
    places = [html.index(f">{each}</a></h2>") for each in (first, second)]
    assert places == sorted(places)
    assert html.count(f">{second}</a></h2>") == 1
    assert max(places) < min(html.index(f">{each}</a></h2>") for each in (post, record))


def test_each_leads_to_the_whole_conversation(client):
    answer = answered(ChapterFactory())
    path = f"/comments/thread/{answer.root_id}/"
    assert f'href="{path}"' in client.get("/questions/").content.decode()
    assert client.get(path).status_code == 200


def test_a_page_goes_on_where_the_one_before_ended(client):
    first, second = ChapterFactory(title="First"), PostFactory(title="Second")
    asked = {answered(page).parent_id for page in (first, second) for _ in range(11)}
    pages = [client.get("/questions/", {"page": number}).context["questions"] for number in (1, 2)]
    assert [len(page) for page in pages] == [20, 2]
    assert {question.pk for page in pages for question in page} == asked
    assert {question.page for question in pages[1]} == {second}


def test_the_page_a_question_was_asked_under_is_read_in_its_own_language(client):
    asked = answered(ChapterFactory(title="El proyecto", language="es")).parent
    marked = '<span lang="es">1 El proyecto</span>'
    for address in ("/questions/", f"/comments/thread/{asked.pk}/"):
        assert marked in client.get(address).text
        assert marked not in client.get(f"/es{address}").text
