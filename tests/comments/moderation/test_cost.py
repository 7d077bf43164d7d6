"""What a press of the author's costs the database: whoever writes at that moment waits for it."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.models import Comment, Status
from comments.moderation import actions
from tests.factories import PostFactory, comment

pytestmark = pytest.mark.django_db
MOST = {"postgresql": 10, "sqlite": 11}  # whose index of words is a table of its own


def test_approving_a_reply_asks_ten_questions_and_goes_back_to_no_savepoint():
    user = get_user_model().objects.create(username="author")
    page = PostFactory()
    asked = comment(page)
    actions.approve(comments=[comment(parent=asked, status=Status.PENDING)], user=user)
    waiting = Comment.objects.get(pk=comment(parent=asked, status=Status.PENDING).pk)
    with CaptureQueriesContext(connection) as asking:
        actions.approve(comments=[waiting], user=user)
    asked_for = [
        each["sql"]
        for each in asking.captured_queries
        # The transaction is the test's.
        if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))
    ]
    savepoints = len(asking) - len(asked_for)
    assert len(asked_for) <= MOST[connection.vendor], "\n".join(asked_for)
    assert savepoints <= 2
    waiting.refresh_from_db()
    assert waiting.status == Status.APPROVED
