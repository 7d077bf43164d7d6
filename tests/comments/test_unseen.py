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
