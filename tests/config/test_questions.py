from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import ChapterFactory, PostFactory, ReferenceFactory, comment

pytestmark = pytest.mark.django_db


def answered(page, text="Why?", answer="Because.", **fields):
    return comment(parent=comment(page, kind="question", text=text, **fields), by_author=True, text=answer)


def test_answered_questions_stand_with_their_answer_and_page(client):
    answered(ChapterFactory(title="Nodules"), "Is it fat?", "Mostly.")
    answered(ReferenceFactory(title="A study"), "Who paid?", "Not stated.")
    html = client.get("/questions/").content.decode()
    for words in ("Is it fat?", "Mostly.", "1 Nodules", "Who paid?", "Not stated."):
        assert words in html


def test_what_is_unanswered_hidden_or_no_question_is_not_listed(client):
    comment(ChapterFactory(), kind="question", text="Nobody answered")
    comment(parent=comment(ChapterFactory(), kind="question", text="A reader answered"), text="Yes.")
    comment(parent=comment(ChapterFactory(), text="Only a remark"), by_author=True, text="Thanks.")
    answered(ChapterFactory(), "Still pending", status="pending")
    answered(PostFactory(state="draft"), "On a draft")
    answered(PostFactory(publish_at=timezone.now() + timedelta(days=1)), "On a future post")
    html = client.get("/questions/").content.decode()
    for words in ("Nobody", "A reader answered", "Only a remark", "Still pending", "On a draft", "On a future post"):
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
    with django_assert_max_num_queries(7):
        client.get("/questions/")
