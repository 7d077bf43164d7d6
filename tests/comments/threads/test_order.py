"""The order kept at write against the plainest possible model of a conversation."""

import pytest
from django.db.models import RestrictedError
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from comments.models import Comment, Status
from comments.threads import order, paging, places
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
    gap=st.sampled_from([1, 2, 9, places.GAP]),
)
def test_any_conversation_reads_like_the_recursive_model(db, monkeypatch, choices, gap):
    monkeypatch.setattr(places, "GAP", gap)
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
    """No two of a thread have one position, the root has the first; depths follow the parents."""
    places = {}
    for each in Comment.objects.on(page).select_related("parent"):
        places.setdefault(each.root_id, []).append(each.position)
        assert each.depth == (each.parent.depth + 1 if each.parent else 0)
    for positions in places.values():
        assert min(positions) == 0
        assert len(set(positions)) == len(positions)


def without_gaps(size):
    """A thread as it was written before there were gaps: a root and that many replies to it."""
    root = comment(PostFactory())
    kept = {"root": root, "parent": root, "depth": 1, "thread_at": root.thread_at}
    for name in ("page_type_id", "page_id", "name", "text", "html", "status", "language"):
        kept[name] = getattr(root, name)
    Comment.objects.bulk_create(Comment(**kept, position=at) for at in range(1, size + 1))
    return root


def test_a_reply_near_the_beginning_moves_none_but_now_and_then_a_few():
    root = without_gaps(300)
    early = Comment.objects.get(root=root, position=1)

    def positions():
        return dict(Comment.objects.filter(root=root).values_list("pk", "position"))

    moved, expected, known = [], [root.pk, early.pk], positions()
    rest = [pk for pk in sorted(known) if pk not in expected]
    for _ in range(60):
        expected.append(comment(parent=early).pk)
        now = positions()
        moved.append(sum(now[pk] != position for pk, position in known.items()))
        known = now
    assert in_order(root.page) == expected + rest
    assert moved[0] == 300  # stretched, once
    assert sum(moved[1:]) < 60
    assert sorted(moved[1:])[30] == 0


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
