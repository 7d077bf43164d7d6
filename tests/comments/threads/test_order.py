"""The order kept at write against the plainest possible model of a conversation."""

from unittest.mock import patch

import pytest
from django.db.models import F, RestrictedError
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from comments.models import Comment, Status
from comments.threads import order, paging
from tests.factories import PostFactory, comment

pytestmark = pytest.mark.django_db


def in_order(page):
    """What the public sees of a page's conversations, by the order that was written."""
    found = Comment.objects.shown().on(page).order_by("-thread_at", "-root_id", "position")
    return [each.pk for each in found]


def reading_order(children, pk=None):
    """Newest conversation first; below each comment its replies, oldest first."""
    below = children.get(pk, [])
    for each in reversed(below) if pk is None else below:
        yield each
        yield from reading_order(children, each)


@profile(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    choices=st.lists(st.integers(min_value=0, max_value=10**6), max_size=25),
    step=st.sampled_from([1, 3, 1024]),
    stretch=st.sampled_from([2, 64]),
)
def test_any_conversation_reads_like_the_recursive_model(db, choices, step, stretch):
    with patch.multiple(order, STEP=step, STRETCH=stretch):
        reads_like_the_recursive_model(choices)


def reads_like_the_recursive_model(choices):
    page = PostFactory()
    made, children = [], {}
    for choice in choices:
        parent = [None, *made][choice % (len(made) + 1)]
        each = comment(page) if parent is None else comment(parent=parent)
        made.append(each)
        children.setdefault(parent and parent.pk, []).append(each.pk)
    assert in_order(page) == list(reading_order(children))
    assert_sound(page)


def assert_sound(page):
    """No two comments of a thread stand at one place, the first at 0; depths follow the parents."""
    places = {}
    for each in Comment.objects.on(page).select_related("parent"):
        places.setdefault(each.root_id, []).append(each.position)
        assert each.depth == (each.parent.depth + 1 if each.parent else 0)
    for positions in places.values():
        assert min(positions) == 0
        assert len(set(positions)) == len(positions)


@pytest.mark.again
@pytest.mark.parametrize("apart", [1, order.STEP])
def test_a_reply_at_the_beginning_of_a_long_conversation_moves_few(apart):
    """One that was stored with its comments close together is moved apart once."""
    page = PostFactory()
    root, early = comment(page), None
    early = comment(parent=root)
    last = comment(parent=root)
    kept = {"page_type": root.page_type, "page_id": root.page_id, "name": "R", "status": "approved"}
    Comment.objects.bulk_create(
        Comment(**kept, parent=root, root=root, depth=1, thread_at=root.thread_at,
                position=last.position + (each + 1) * order.STEP)
        for each in range(300)
    )  # fmt: skip
    Comment.objects.filter(root=root).update(position=F("position") * apart / order.STEP)
    comment(parent=early)
    before = dict(Comment.objects.values_list("pk", "position"))
    answers = [comment(parent=early).pk for _each in range(40)]
    after = dict(Comment.objects.values_list("pk", "position"))
    moved = [pk for pk, position in before.items() if after[pk] != position]
    assert len(moved) <= 2 * order.STRETCH
    assert in_order(page)[3 : 3 + 40] == answers
    assert_sound(page)


def test_editing_a_comment_keeps_its_place_even_when_it_moved_meanwhile():
    page = PostFactory()
    root = comment(page)
    late = comment(parent=root)
    early = comment(parent=root)
    comment(parent=late)
    early.text = "Read before the other reply pushed it down."
    early.save()
    assert_sound(page)
    assert in_order(page)[-1] == early.pk


def test_what_a_comment_answers_is_found_up_to_the_beginning():
    chain = [comment(PostFactory())]
    for _ in range(50):
        chain.append(comment(parent=chain[-1]))
    assert order.above(chain[-1]) == chain[:-1]
    assert order.above(chain[0]) == []


class TestDeleting:
    def test_a_beginning_with_replies_cannot_be_deleted(self):
        root = comment(PostFactory())
        comment(parent=root)
        with pytest.raises(RestrictedError):
            root.delete()
        with pytest.raises(RestrictedError):
            Comment.objects.filter(pk=root.pk).delete()
        assert Comment.objects.count() == 2

    def test_a_beginning_without_replies_can(self):
        comment(PostFactory()).delete()
        assert not Comment.objects.exists()

    def test_a_whole_conversation_can(self):
        root = comment(PostFactory())
        comment(parent=comment(parent=root))
        Comment.objects.filter(root=root).delete()
        assert not Comment.objects.exists()

    def test_replies_to_a_deleted_reply_stay_readable_in_their_place(self):
        page = PostFactory()
        root = comment(page)
        middle = comment(parent=root)
        last = comment(parent=middle)
        after = comment(parent=root)
        middle.delete()
        left = list(paging.of_page(page))
        assert [each.pk for each in left] == [root.pk, last.pk, after.pk]
        assert left[1].depth == 2
        assert left[1].answers_hidden
        new = comment(parent=Comment.objects.get(pk=last.pk))
        assert in_order(page) == [
            root.pk,
            last.pk,
            new.pk,
            after.pk,
        ]

    def test_the_trash_keeps_every_reply(self):
        page = PostFactory()
        root = comment(page)
        reply = comment(parent=root)
        root.status = Status.TRASH
        root.save()
        assert in_order(page) == [reply.pk]


def test_the_latest_answered_questions_are_those_of_the_whole_list():
    page = PostFactory()
    for number in range(3):
        comment(parent=comment(page, kind="question", text=f"{number}?"), by_author=True)
    assert list(order.answered_last(2)) == list(order.answered()[:2])
    for _ in range(2 * order.LOOKED_AT):  # she says other things since
        comment(parent=comment(page), by_author=True)
    assert list(order.answered_last(2)) == list(order.answered()[:2])
    assert len(order.answered_last(5)) == 3
