"""Words that wait empty no kept page: who sends many would have every page made anew."""

import pytest
from django.db import connection

from comments.commenters import links
from comments.models import Comment, Status
from comments.moderation import actions
from tests.factories import PostFactory, comment

from .forms import send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.again]


@pytest.fixture
def page():
    return PostFactory()


@pytest.mark.parametrize("changes", [{}, {"language": "", "text": "No sé si això es pot curar."}])
def test_words_that_wait_leave_every_kept_page_as_it_is(client, page, changes):
    root = comment(page)
    before = connection.generation()
    assert before is not None
    assert send(client, page, reply_to=root, replies="on", **changes).status_code == 302
    sent = Comment.objects.get(parent=root)
    assert sent.status == Status.PENDING
    assert connection.generation() == before
    actions.approve(comments=[sent])
    assert connection.generation() != before


def test_words_of_whom_she_trusts_are_seen_at_once(client, page):
    send(client, page)
    first = Comment.objects.get()
    actions.approve(comments=[first])
    first.writer.trusted = True
    first.writer.save()
    before = connection.generation()
    send(client, page, writer=links.signed(first.writer), text="Thank you.")
    assert Comment.objects.latest("pk").status == Status.APPROVED
    assert connection.generation() != before


@pytest.fixture
def press(author_client):
    def press(what, do):
        address = f"/admin/comments/comment/desk/{what.pk}/"
        assert author_client.post(address, {"do": do}).status_code == 302
        what.refresh_from_db()
        return what.status

    return press


def waiting(page, **fields):
    return comment(page, status=Status.PENDING, **fields)


def test_what_was_never_public_goes_from_her_desk_without_a_page_made_anew(page, press):
    sent, other = waiting(page), waiting(page, text="Another")
    before = connection.generation()
    assert press(sent, "spam") == Status.SPAM
    assert press(other, "trash") == Status.TRASH
    actions.wait(comments=[sent])
    assert connection.generation() == before
    assert press(sent, "approve") == Status.APPROVED
    assert connection.generation() != before


@pytest.mark.parametrize("do", ["spam", "trash"])
def test_what_readers_see_goes_from_their_pages(page, press, do):
    shown = comment(page)
    before = connection.generation()
    press(shown, do)
    assert connection.generation() != before


@pytest.mark.parametrize("do", ["spam", "trash"])
def test_what_stands_above_a_public_reply_is_looked_at_anew(page, press, do):
    above = waiting(page)
    comment(page, parent=above)
    before = connection.generation()
    press(above, do)
    assert connection.generation() != before


def test_one_press_for_several_is_seen_if_one_of_them_was(page):
    shown, sent = comment(page), waiting(page)
    before = connection.generation()
    actions.spam(comments=[sent, shown])
    assert connection.generation() != before
    before = connection.generation()
    actions.wait(comments=[shown, sent])
    assert connection.generation() == before


def test_who_comes_in_at_the_desk_has_no_page_made_anew(client, author, page):
    author.set_password("a long password of hers")
    author.save()
    before, last = connection.generation(), author.last_login
    address = "/admin/login/"
    words = {"username": author.username, "password": "a long password of hers"}
    assert client.post(address, words).status_code == 302
    author.refresh_from_db()
    assert author.last_login != last
    assert connection.generation() == before
    author.first_name = "Marta"
    author.save()
    assert connection.generation() != before
