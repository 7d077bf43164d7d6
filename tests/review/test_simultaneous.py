"""Moving and saving chapters at the same moment: every move is done, one after the other, and the
tree is sound."""

import pytest
from django.db import connection, transaction
from django.test import Client

from comments.models import Comment
from comments.moderation import actions
from publishing import search
from publishing.models import IndexEntry
from review import moves, tree
from review.models import Chapter, Placement
from tests.factories import (
    AuthorUserFactory,
    ChapterFactory,
    PostFactory,
    ReferenceFactory,
    cite,
    comment,
)
from tests.simultaneous import at_once

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/admin/review/chapter/"
AT_ONCE = 8


@pytest.fixture
def chapters():
    made = [ChapterFactory(title=f"Part {letter}") for letter in "ABCDEF"]
    for parent in made[:3]:
        for letter in "xyz":
            ChapterFactory(title=f"{parent.title}{letter}", parent=parent)
    for page in made[:3]:
        PostFactory(body=f'<p><a href="{page.get_absolute_url()}">There</a></p>')
    return made


def assert_sound():
    assert tree.arrange(Chapter._base_manager) == []
    orders = list(Chapter.objects.values_list("order", flat=True))
    assert len(set(orders)) == len(orders)
    entries = IndexEntry.objects.filter(kind="chapter").values_list("page_id", "label", "url")
    kept = {pk: (label, url) for pk, label, url in entries}
    assert kept == {
        each.pk: (each.number, each.get_absolute_url()) for each in Chapter.objects.all()
    }


def test_moves_up_and_down_at_once_are_all_done(chapters):
    moved = at_once(AT_ONCE, lambda each: moves.shift([chapters[each % 6]], 1 if each % 2 else -1))
    assert set(moved) <= {0, 1}
    assert sum(moved) > 0
    assert_sound()


def test_moves_under_others_and_saves_at_once_leave_no_ring_and_no_old_place(chapters):
    def work(each):
        if each % 2:
            return moves.move_under([chapters[each % 3]], chapters[3 + each % 3])
        stale = Chapter.objects.get(pk=chapters[each % 6].pk)
        stale.summary = f"Saved by {each}"
        return stale.save()

    at_once(AT_ONCE, work)
    assert_sound()


def test_two_that_go_under_each_other_at_once_make_no_ring(chapters):
    one, two = chapters[4:]

    def work(each):
        try:
            return moves.move_under([one], two) if each else moves.move_under([two], one)
        except Exception as error:
            return type(error).__name__

    assert sorted(at_once(2, work), key=str) == [1, "ValidationError"]
    assert_sound()


def test_moves_while_a_work_they_cite_is_renamed_wait_for_nobody_in_a_ring(chapters):
    work = ReferenceFactory(citekey="ries1937", title="Nodes")
    for each in chapters:
        each.body = f"<p>{cite('ries1937')}</p>"
        each.save()

    def act(each):
        if each % 2:
            return moves.shift([chapters[each % 6]], -1)
        stale = type(work).objects.get(pk=work.pk)
        stale.title = f"Nodes {each}"
        return stale.save()

    at_once(AT_ONCE, act)
    assert_sound()


def test_the_list_moves_for_all_who_press_at_once(chapters):
    clients = [Client() for _ in range(4)]
    for client in clients:
        client.force_login(AuthorUserFactory())
    data = {"action": "move_up", "_selected_action": [chapters[5].pk]}
    assert at_once(4, lambda each: clients[each].post(LIST, data).status_code) == [302] * 4
    assert Chapter.objects.get(pk=chapters[5].pk).number == "2"


def test_what_is_said_on_a_moved_or_renamed_page_is_found_under_its_new_name(chapters):
    page = chapters[1]
    made = comment(page, name="Anna", text="Unmistakable")
    actions.approve(comments=[comment(page, status="pending", text="Also")])
    moves.shift([page], -1)
    assert {entry.label for entry in IndexEntry.objects.filter(kind="comment")} == {"1 Part B"}
    page = Chapter.objects.get(pk=page.pk)
    page.title = "Elsewhere"
    page.save()
    entries, _ = search.find("unmistakable elsewhere")
    assert entries[0].page_id == made.pk
    assert entries[0].title == "Anna: 1 Elsewhere"


def test_what_is_no_longer_public_gets_no_row_again(chapters):
    page = chapters[0]
    made = comment(page, text="Hidden")
    actions.trash(comments=[Comment.objects.get(pk=made.pk)])
    moves.shift([page], 1)
    assert not IndexEntry.objects.filter(kind="comment").exists()


class TestForms:
    def data(self, page, **changes):
        fields = {"title": page.title, "slug": page.slug, "language": "en", "state": "published",
            "section": "b-main",
                  "position": page.position, "placements-TOTAL_FORMS": "0",
                  "placements-INITIAL_FORMS": "0"}  # fmt: skip
        return {**fields, **changes}

    def test_the_form_of_a_new_chapter_sent_twice_at_once_makes_one(self):
        clients = [Client() for _ in range(3)]
        for client in clients:
            client.force_login(AuthorUserFactory())
        data = self.data(Chapter(title="New", slug="new"))
        answers = at_once(3, lambda each: clients[each].post(f"{LIST}add/", data))
        assert sorted(answer.status_code for answer in answers) == [200, 200, 302]
        assert Chapter.objects.filter(slug="new").count() == 1
        refused = next(answer for answer in answers if answer.status_code == 200)
        assert "has this address already" in refused.content.decode()

    def test_one_work_placed_by_two_at_once_is_placed_once(self, chapters):
        page, work = chapters[5], ReferenceFactory()
        clients = [Client() for _ in range(2)]
        for client in clients:
            client.force_login(AuthorUserFactory())
        data = self.data(page, **{"placements-TOTAL_FORMS": "1", "placements-0-reference": work.pk})
        answers = at_once(
            2, lambda each: clients[each].post(f"{LIST}{page.pk}/change/", data).status_code
        )
        assert sorted(answers) == [200, 302]
        assert Placement.objects.filter(chapter=page).count() == 1


def test_the_lock_is_one_for_all_connections(chapters):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite locks the whole file")
    with transaction.atomic():
        tree.hold()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
            assert cursor.fetchone()[0] == 1
