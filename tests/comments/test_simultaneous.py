"""Deciding at the same moment: one decision, and who comes second knows of the first."""

import re

import pytest
from django.test import Client
from django.utils import timezone
from post_office.models import Email

from comments.commenters import links, retention, subscriptions
from comments.mailing import digest
from comments.models import Comment, Decision, Status, Subscription, Writer
from comments.moderation import actions
from publishing.models import IndexEntry
from tests.factories import AuthorUserFactory, PostFactory, comment
from tests.simultaneous import at_once

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/admin/comments/comment/"
DESK = f"{LIST}desk/"


@pytest.fixture
def waiting():
    return comment(
        PostFactory(), name="Anna", status=Status.PENDING, writer=Writer.objects.create()
    )


@pytest.fixture
def people():
    """Four people logged in."""
    return [logged_in(AuthorUserFactory(username=f"person-{each}")) for each in range(4)]


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def seen(client, address, name="seen"):
    return re.search(rf'name="{name}" value="(\w+)"', client.get(address).content.decode())[1]


def press(client, made, do, mark, **fields):
    return client.post(f"{DESK}{made.pk}/", {"do": do, "seen": mark, **fields}, follow=True)


def status(made):
    return Comment.objects.get(pk=made.pk).status


class TestAtTheDesk:
    def test_four_presses_on_approve_are_one_decision_and_one_mail(self, people):
        root = comment(PostFactory(), email="listens@example.org")
        Subscription.objects.create(comment=root, language="en", confirmed=timezone.now())
        reply = comment(parent=root, status=Status.PENDING)
        marks = [seen(each, f"{DESK}?at={reply.pk}") for each in people]
        answers = at_once(4, lambda each: press(people[each], reply, "approve", marks[each]))
        assert status(reply) == Status.APPROVED
        assert Decision.objects.count() == 1
        assert Email.objects.count() == 1
        told = [answer for answer in answers if "Approved at" in answer.content.decode()]
        assert len(told) == 3

    def test_of_approve_and_trash_at_once_the_second_does_nothing_and_says_why(
        self, people, waiting
    ):
        marks = [seen(each, f"{DESK}?at={waiting.pk}") for each in people]
        steps = ["approve", "trash", "approve", "trash"]
        answers = at_once(4, lambda each: press(people[each], waiting, steps[each], marks[each]))
        made = Decision.objects.get()
        assert status(waiting) == {"approved": Status.APPROVED, "trash": Status.TRASH}[made.action]
        told = [each for each in answers if "You had not seen that" in each.content.decode()]
        assert len(told) == 2

    def test_having_been_told_one_can_go_on(self, people, waiting):
        mark = seen(people[0], f"{DESK}?at={waiting.pk}")
        actions.trash(comments=[waiting], user=AuthorUserFactory(username="marta"))
        html = press(people[0], waiting, "approve", mark).content.decode()
        moment = timezone.localtime(Decision.objects.get().at)
        assert f"Put in the trash at {moment:%H:%M} by marta." in html
        mark = re.search(r'name="seen" value="(\w+)"', html)[1]
        press(people[0], waiting, "approve", mark)
        assert status(waiting) == Status.APPROVED

    def test_an_answer_typed_meanwhile_is_kept_and_sent_by_pressing_again(self, people, waiting):
        mark = seen(people[0], f"{DESK}?at={waiting.pk}")
        actions.trash(comments=[waiting])
        form = {"answer-text": "Long words.", "answer-language": "en", "answer-token": "t" * 24}
        html = press(people[0], waiting, "answer", mark, **form).content.decode()
        assert "Long words." in html
        assert not waiting.replies.exists()
        mark = re.search(r'name="seen" value="(\w+)"', html)[1]
        press(people[0], waiting, "answer", mark, **form)
        assert waiting.replies.get().text == "Long words."

    @pytest.mark.parametrize("do", ["edit", "gloss"])
    def test_so_are_a_correction_and_a_summary(self, people, waiting, do):
        mark = seen(people[0], f"{DESK}?at={waiting.pk}")
        actions.edit(comment=waiting, text="Corrected by somebody else")
        fields = {"edit-name": "Anna", "edit-language": "en", "edit-kind": "comment",
            "edit-text": "Mine",
                  "gloss-gloss": "Mine", "gloss-gloss_language": "en"}  # fmt: skip
        html = press(people[0], waiting, do, mark, **fields).content.decode()
        assert "Edited at" in html
        assert ">\nMine</textarea>" in html
        waiting.refresh_from_db()
        assert (waiting.text, waiting.gloss) == ("Corrected by somebody else", "")

    def test_words_corrected_by_their_writer_are_not_approved_unread(self, people, waiting):
        mark = seen(people[0], f"{DESK}?at={waiting.pk}")
        links.correct(comment=waiting, changes={"text": "Buy this"})
        html = press(people[0], waiting, "approve", mark).content.decode()
        assert "Its writer corrected it at" in html
        assert status(waiting) == Status.PENDING

    def test_taking_back_four_times_at_once_takes_back_once(self, people, waiting):
        actions.approve(comments=[waiting], batch="once")
        at_once(4, lambda each: people[each].post(f"{DESK}undo/", {"batch": "once"}).status_code)
        assert status(waiting) == Status.PENDING
        assert Decision.objects.filter(action=Decision.Action.UNDONE).count() == 1
        html = people[0].post(f"{DESK}undo/", {"batch": "once"}, follow=True).content.decode()
        assert "It has been taken back already." in html

    def test_what_its_writer_changed_since_is_not_taken_back_over_it(self, people, waiting):
        actions.approve(comments=[waiting], batch="once")
        links.correct(comment=waiting, changes={"text": "Better words"})
        html = people[0].post(f"{DESK}undo/", {"batch": "once"}, follow=True).content.decode()
        assert "Its writer has corrected or withdrawn it since" in html

    @pytest.mark.parametrize("do", ["settle", "trust", "close"])
    def test_other_steps_pressed_twice_are_one_too(self, people, waiting, do):
        mark = actions.mark(waiting)
        fields = {"trusted": "1", "closed": "1"}
        at_once(4, lambda each: press(people[each], waiting, do, mark, **fields).status_code)
        assert Decision.objects.count() == 1


class TestInTheList:
    def test_the_same_action_at_once_decides_each_once(self, people):
        page = PostFactory()
        made = [comment(page, status=Status.PENDING) for _ in range(3)]
        data = {"action": "approve", "_selected_action": [each.pk for each in made]}
        answers = at_once(4, lambda each: people[each].post(LIST, data).status_code)
        assert answers == [302] * 4
        assert Decision.objects.count() == 3

    def test_what_was_decided_since_the_list_was_opened_is_left_and_told(self, people, waiting):
        other = comment(waiting.page, status=Status.PENDING)
        data = {
            f"seen-{each.pk}": seen(people[0], LIST, f"seen-{each.pk}") for each in (waiting, other)
        }
        actions.trash(comments=[waiting])
        data |= {"action": "approve", "_selected_action": [waiting.pk, other.pk]}
        html = people[0].post(LIST, data, follow=True).content.decode()
        assert "1 is public now." in html
        assert "Anna: Put in the trash at" in html
        assert (status(waiting), status(other)) == (Status.TRASH, Status.APPROVED)

    def test_the_form_of_a_comment_does_not_write_over_what_happened_since(self, people, waiting):
        address = f"{LIST}{waiting.pk}/change/"
        data = {"name": "Anna", "kind": "comment", "language": "en", "text": "Mine",
            "status": "pending",
                "seen": seen(people[0], address)}  # fmt: skip
        actions.trash(comments=[waiting])
        html = people[0].post(address, data).content.decode()
        assert "Put in the trash at" in html
        assert "Mine" in html
        assert status(waiting) == Status.TRASH
        data["seen"] = re.search(r'name="seen" value="(\w+)"', html)[1]
        assert people[0].post(address, data).status_code == 302
        assert status(waiting) == Status.PENDING
        assert Decision.objects.count() == 2


class TestByMail:
    def test_four_presses_are_one_decision(self, waiting):
        address = digest.link(waiting, "approve").removeprefix("http://testserver")
        clients = [Client() for _ in range(4)]
        mark = seen(clients[0], address)
        at_once(
            4, lambda each: clients[each].post(address, {"do": "approve", "seen": mark}).status_code
        )
        assert Decision.objects.count() == 1

    def test_approve_against_trash(self, waiting):
        address = digest.link(waiting, "approve").removeprefix("http://testserver")
        clients = [Client() for _ in range(2)]
        mark, steps = seen(clients[0], address), ["approve", "trash"]
        answers = at_once(
            2,
            lambda each: (
                clients[each].post(address, {"do": steps[each], "seen": mark}).content.decode()
            ),
        )
        assert Decision.objects.count() == 1
        assert sum("Done" in each for each in answers) == 1
        assert sum("Decided: " in each and " at " in each for each in answers) == 1


class TestWritersAndTheAuthor:
    def test_erased_while_it_is_approved_nothing_of_it_comes_back(self, people):
        made = [
            comment(PostFactory(), text="unforgettable", status=Status.PENDING) for _ in range(4)
        ]
        for each in made[::2]:
            comment(parent=each)
        marks = [actions.mark(each) for each in made]

        def work(number):
            if number % 2:
                retention.erase([made[number // 2]])
                return None
            return press(
                people[number // 2], made[number // 2], "approve", marks[number // 2]
            ).status_code

        assert set(at_once(8, work)) <= {None, 200, 404}
        assert not Comment.objects.filter(text="unforgettable").exists()
        assert not IndexEntry.objects.filter(text="unforgettable").exists()

    def test_corrected_and_approved_at_once_the_new_words_are_never_public_unread(
        self, people, waiting
    ):
        mark = actions.mark(waiting)

        def work(number):
            if number:
                links.correct(
                    comment=Comment.objects.get(pk=waiting.pk), changes={"text": "New words"}
                )
            else:
                press(people[0], waiting, "approve", mark)

        at_once(2, work)
        waiting.refresh_from_db()
        assert (waiting.text, waiting.status) == ("New words", Status.PENDING)

    def test_what_is_erased_is_neither_corrected_nor_brought_back(self, waiting):
        comment(parent=waiting)
        stale = Comment.objects.get(pk=waiting.pk)
        retention.erase([waiting])
        links.withdraw(stale)
        links.bring_back(stale)
        assert not links.correct(comment=stale, changes={"text": "Words"})
        waiting.refresh_from_db()
        assert (waiting.text, waiting.withdrawn) == ("", None)

    def test_confirmed_twice_and_ended_at_once_is_no_error(self, waiting):
        asked = Subscription.objects.create(comment=waiting, language="en")
        address = f"/comments/confirm/{subscriptions.signed(asked)}/"
        answers = at_once(4, lambda each: Client().post(address).status_code)
        assert answers == [200] * 4
        stale = Subscription.objects.get(pk=asked.pk)
        stale.confirmed = None
        subscriptions.end(asked)
        subscriptions.confirm(stale)
        assert not Subscription.objects.exists()
