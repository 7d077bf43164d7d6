"""Many writing at once: nothing lost, nothing doubled, nobody told that the database is locked."""

from django.test import Client

from comments.models import Comment
from comments.moderation import actions
from tests.factories import PostFactory, comment
from tests.simultaneous import at_once

from .forms import address, filled
from .threads.test_order import assert_sound

MANY = 50


def posted(target, form):
    """As a reader does who is told, on a machine that is late, that nothing was sent yet."""
    for _ in range(10):
        status = Client().post(target, form).status_code
        if status != 503:
            break
    return status


def test_fifty_readers_posting_into_one_thread_are_all_kept_in_order(transactional_db):
    page = PostFactory()
    root = comment(page)
    replies = [comment(parent=root) for _ in range(5)]
    sent = [filled(page, name=f"Reader {each}") for each in range(MANY)]
    targets = [address(page, [None, root, *replies][each % 7]) for each in range(MANY)]

    assert at_once(MANY, lambda each: posted(targets[each], sent[each])) == [302] * MANY
    assert Comment.objects.waiting().count() == MANY
    assert set(Comment.objects.waiting().values_list("name", flat=True)) == {
        f"Reader {each}" for each in range(MANY)
    }
    assert_sound(page)


def test_one_form_sent_ten_times_at_once_makes_one_comment(transactional_db):
    page = PostFactory()
    data = filled(page)
    answers = at_once(10, lambda each: Client().post(address(page), data)["Location"])
    assert Comment.objects.count() == 1
    assert len(set(answers)) == 1


def test_answers_and_replies_at_once_keep_every_place(transactional_db):
    page = PostFactory()
    root = comment(page)
    asked = [comment(parent=root, status="pending") for _ in range(8)]
    forms = [filled(page) for _ in asked]

    def work(each):
        if each % 2:
            actions.answer(comment=asked[each], text="Yes.")
        else:
            Client().post(address(page, root), forms[each])

    at_once(8, work)
    assert Comment.objects.on(page).count() == 1 + 8 + 8
    assert_sound(page)
