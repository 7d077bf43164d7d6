import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.template import Context, Template

from comments.models import Comment, Status
from tests.factories import AuthorUserFactory, PostFactory, comment

pytestmark = pytest.mark.django_db

LIST = "/admin/comments/comment/"


@pytest.fixture
def page():
    return PostFactory(title="The page in question")


def waiting(page, **fields):
    return comment(page, **{"status": Status.PENDING, **fields})


def answer_form(response):
    html = response.content.decode()
    return {"token": re.search(r'name="token" value="([^"]+)"', html)[1], "language": "en"}


class TestTheList:
    def test_it_shows_what_waits_the_oldest_first(self, author_client, page):
        waiting(page, text="Newer words", created="2026-03-01T10:00:00Z")
        waiting(page, text="Older words", created="2026-01-01T10:00:00Z")
        comment(page, text="Approved words")
        html = author_client.get(LIST).content.decode()
        assert html.index("Older words") < html.index("Newer words")
        assert "Approved words" not in html

    def test_a_row_says_what_where_to_whom_and_since_when(self, author_client, page):
        first = comment(page, name="Berta", text="What she asked")
        reply = waiting(
            page, parent=first, name="Anna", text="What Anna says", kind="question", language="ca"
        )
        html = author_client.get(LIST).content.decode()
        said = (
            "Anna",
            "What Anna says",
            "in reply to Berta",
            "What she asked",
            "Question",
            "Catalan",
            "<time datetime=",
        )
        links = (
            "The page in question",
            page.get_absolute_url(),
            f"{LIST}{reply.pk}/answer/",
            "Approve and answer",
        )
        for words in (*said, *links):
            assert words in html, words

    def test_a_long_text_is_folded_and_all_there(self, author_client, page):
        waiting(page, text="word " * 200 + "end of it")
        html = author_client.get(LIST).content.decode()
        assert "<details" in html
        assert "end of it" in html

    @pytest.mark.parametrize("status", Status)
    def test_every_status_can_be_listed(self, author_client, page, status):
        for each in Status:
            comment(page, text=f"Words {each.value}", status=each)
        query = "" if status == Status.PENDING else f"?status={status.value}"
        html = author_client.get(LIST + query).content.decode()
        assert [each for each in Status if f"Words {each.value}" in html] == [status]
        assert "Words trash" in author_client.get(f"{LIST}?status=all").content.decode()

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("q=Berta", 1),
            ("q=berta@", 1),
            ("q=sacrum", 1),
            ("kind__exact=question", 1),
            ("language__exact=ca", 1),
            ("q=nobody", 0),
        ],
    )
    def test_it_is_searched_and_filtered(self, author_client, page, query, found):
        waiting(page, text="Other")
        waiting(
            page,
            name="Berta",
            email="berta@example.org",
            text="The sacrum",
            kind="question",
            language="ca",
        )
        html = author_client.get(f"{LIST}?{query}").content.decode()
        assert html.count("<tr><td") + html.count('class="field-words"') >= found
        assert ("The sacrum" in html) is bool(found)
        assert ">Other<" not in html

    @pytest.mark.parametrize(
        ("action", "status"),
        [("approve", "approved"), ("spam", "spam"), ("trash", "trash"), ("wait", "pending")],
    )
    def test_many_are_decided_at_once(self, author_client, page, action, status):
        made = [comment(page, status=each) for each in Status]
        chosen = {"action": action, "_selected_action": [each.pk for each in made]}
        response = author_client.post(f"{LIST}?status=all", chosen, follow=True)
        assert {each.status for each in Comment.objects.all()} == {status}
        assert (
            'class="success"' in response.content.decode()
            or 'class="info"' in response.content.decode()
        )

    def test_a_comment_whose_page_is_gone_is_still_listed(self, author_client, page):
        waiting(page, text="Orphan words")
        page.delete()
        html = author_client.get(LIST).content.decode()
        assert "Orphan words" in html
        assert "The page is gone" in html

    @pytest.mark.parametrize("number", [2, 40])
    def test_its_queries_do_not_grow_with_it(
        self, author_client, page, number, django_assert_max_num_queries
    ):
        first = comment(page)
        for _ in range(number):
            waiting(page, parent=first)
        author_client.get(LIST)
        with django_assert_max_num_queries(9):
            author_client.get(LIST)

    def test_readers_do_not_get_in(self, client, page):
        made = waiting(page)
        for path in (LIST, f"{LIST}{made.pk}/answer/", f"{LIST}{made.pk}/change/"):
            assert client.get(path)["Location"].startswith("/admin/login/")


class TestApproveAndAnswer:
    def test_one_step_approves_answers_and_returns_to_the_list_as_it_was(self, author_client, page):
        asked = waiting(page, name="Anna", kind="question")
        listed = author_client.get(f"{LIST}?kind__exact=question").content.decode()
        address = re.search(r'class="answer" href="([^"]+)"', listed)[1].replace("&amp;", "&")
        opened = author_client.get(address)
        assert "Approve and answer" in opened.content.decode()
        response = author_client.post(
            address, {**answer_form(opened), "text": "Here is the answer."}, follow=True
        )
        assert response.redirect_chain[-1][0] == f"{LIST}?kind__exact=question"
        assert "Anna has your answer" in response.content.decode()
        reply = asked.replies.get()
        assert (reply.by_author, reply.text, reply.is_approved) == (
            True,
            "Here is the answer.",
            True,
        )
        asked.refresh_from_db()
        assert asked.is_approved
        assert f"{LIST}{reply.pk}/change/" in response.content.decode()

    def test_the_screen_shows_the_comment_and_what_it_answers(self, author_client, page):
        chain = [comment(page, text="Beginning")]
        for number in range(8):
            chain.append(comment(parent=chain[-1], text=f"Step {number}."))
        asked = waiting(page, parent=chain[-1], text="The question")
        html = author_client.get(f"{LIST}{asked.pk}/answer/").content.decode()
        assert "4 more before these" in html
        assert "Step 3." in html
        assert "Step 2." not in html
        assert "The question" in html

    def test_an_empty_answer_is_asked_for_again_and_changes_nothing(self, author_client, page):
        asked = waiting(page)
        address = f"{LIST}{asked.pk}/answer/"
        response = author_client.post(
            address, {**answer_form(author_client.get(address)), "text": " \n\u200b"}
        )
        assert "Nothing is written here yet" in response.content.decode()
        asked.refresh_from_db()
        assert asked.status == Status.PENDING

    def test_pressing_twice_makes_one_answer(self, author_client, page):
        asked = waiting(page)
        address = f"{LIST}{asked.pk}/answer/"
        data = {**answer_form(author_client.get(address)), "text": "Once."}
        for _ in range(2):
            assert author_client.post(address, data).status_code == 302
        assert asked.replies.count() == 1

    def test_it_needs_the_permission(self, client, page):
        asked = waiting(page)
        viewer = AuthorUserFactory(is_superuser=False)
        viewer.user_permissions.add(Permission.objects.get(codename="view_comment"))
        client.force_login(viewer)
        assert client.get(f"{LIST}{asked.pk}/answer/").status_code == 403

    def test_her_own_answers_and_what_is_gone_have_no_such_screen(self, author_client, page):
        own = comment(page, by_author=True)
        assert author_client.get(f"{LIST}{own.pk}/answer/").status_code == 404
        assert author_client.get(f"{LIST}999/answer/").status_code == 404


class TestEditing:
    def fields(self, each, **changes):
        return {"name": each.name, "email": each.email, "kind": each.kind,
            "language": each.language, "text": each.text,
                "status": each.status, **changes}  # fmt: skip

    def test_a_correction_keeps_the_place_and_renders_anew(self, author_client, page):
        root = comment(page)
        reply = comment(parent=root, text="Full name")
        comment(parent=reply)
        response = author_client.post(
            f"{LIST}{reply.pk}/change/", self.fields(reply, text="[name removed]")
        )
        assert response.status_code == 302
        after = Comment.objects.get(pk=reply.pk)
        assert (after.html, after.root, after.position, after.depth) == (
            "<p>[name removed]</p>",
            root,
            reply.position,
            1,
        )

    def test_a_decision_can_be_taken_back_there(self, author_client, page):
        made = comment(page)
        author_client.post(f"{LIST}{made.pk}/change/", self.fields(made, status=Status.PENDING))
        made.refresh_from_db()
        assert (made.status, made.decided) == (Status.PENDING, None)

    def test_nobody_becomes_the_author_by_editing(self, author_client, page):
        made = comment(page)
        author_client.post(f"{LIST}{made.pk}/change/", self.fields(made, by_author="on"))
        made.refresh_from_db()
        assert not made.by_author

    def test_deleting_erases_and_leaves_what_was_answered_in_its_place(self, author_client, page):
        root = comment(page, name="Particular", text="Her words")
        reply = comment(parent=root)
        assert "Are you sure" in author_client.get(f"{LIST}{root.pk}/delete/").content.decode()
        assert Comment.objects.get(pk=root.pk).erased is None
        author_client.post(f"{LIST}{root.pk}/delete/", {"post": "yes"})
        root.refresh_from_db()
        assert (root.name, root.text, root.erased is None) == ("", "", False)
        assert Comment.objects.get(pk=reply.pk).parent == root
        assert "Particular" not in str(
            LogEntry.objects.values_list("object_repr", "change_message")
        )
        author_client.post(f"{LIST}{reply.pk}/delete/", {"post": "yes"})
        assert not Comment.objects.filter(pk=reply.pk).exists()


def test_the_first_page_of_the_admin_can_say_how_many_wait(page):
    waiting(page)
    comment(page)
    words = Template("{% load comments %}{% comments_waiting as n %}{{ n }}").render(Context())
    assert words == "1"
