"""The answering desk, pressed button by button as a browser without a script would."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone
from post_office.models import STATUS, Email, Log

from comments.desk import statistics
from comments.models import Comment, Decision, Kind, Snippet, Status, Writer
from comments.moderation import actions
from publishing.models import SiteSettings
from tests.factories import (
    AuthorUserFactory,
    ChapterFactory,
    PostFactory,
    ReferenceFactory,
    comment,
)

pytestmark = pytest.mark.django_db

DESK = "/admin/comments/comment/desk/"


@pytest.fixture
def page():
    return PostFactory(title="The page in question")


@pytest.fixture
def desk(author_client):
    return Desk(author_client)


class Desk:
    """Opens the desk, presses its buttons, follows where they lead."""

    def __init__(self, client):
        self.client = client

    def open(self, query=""):
        return self._read(self.client.get(f"{DESK}{query}"))

    def press(self, comment, do, query="", **fields):
        return self._read(
            self.client.post(f"{DESK}{comment.pk}/{query}", {"do": do, **fields}, follow=True)
        )

    def answer(self, comment, words, query="", **fields):
        data = {"answer-text": words, "answer-language": "en", "answer-token": "t" * 24, **fields}
        return self.press(comment, "answer", query, **data)

    def undo(self):
        address = unescape(re.search(r'action="([^"]+undo/[^"]*)"', self.html)[1])
        batch = re.search(r'name="batch" value="(\w+)"', self.html)[1]
        return self._read(self.client.post(address, {"batch": batch}, follow=True))

    def _read(self, response):
        assert response.status_code == 200
        self.response, self.html = response, response.content.decode()
        return self.html

    @property
    def at(self):
        shown = self.response.context["comment"]
        return shown.pk if shown else None


def ago(**length):
    return timezone.now() - timedelta(**length)


def waiting(page, **fields):
    return comment(page, **{"status": Status.PENDING, **fields})


class TestWhatIsShown:
    def test_the_longest_waiting_comes_first_with_all_that_is_needed(self, desk, page):
        root = comment(page, name="Berta", text="What she began with")
        mine = comment(parent=root, by_author=True, name="The author", text="What was answered")
        asked = waiting(
            page,
            parent=mine,
            name="Anna",
            email="anna@example.org",
            text="The question",
            created=ago(days=9),
        )
        waiting(page, text="Came later")
        comment(
            ChapterFactory(title="Elsewhere"),
            email="Anna@example.org",
            text="What Anna wrote before",
        )
        html = desk.open()
        assert desk.at == asked.pk
        for words in ("What she began with", "What was answered", "The question",
            "The page in question",
                      "What Anna wrote before", "Elsewhere", "anna@example.org"):  # fmt: skip
            assert words in html, words
        assert f'<iframe src="{page.get_absolute_url()}"' in html

    def test_an_empty_desk_says_so(self, desk, page):
        comment(page, kind=Kind.COMMENT)
        assert "Everything is read and answered" in desk.open()

    @pytest.mark.parametrize(
        ("queue", "shown"),
        [
            ("", {"waiting", "question", "suspect"}),
            ("pending", {"waiting", "suspect"}),
            ("unanswered", {"question"}),
            ("suspect", {"suspect"}),
            ("spam", {"spam"}),
            ("trash", {"trash"}),
            ("nonsense", {"waiting", "question", "suspect"}),
        ],
    )
    def test_each_queue_has_what_its_name_says(self, desk, page, queue, shown):
        waiting(page, name="waiting")
        waiting(page, name="suspect", spam_score=7)
        waiting(page, name="withdrawn", withdrawn=timezone.now())
        comment(page, name="question", kind=Kind.QUESTION)
        comment(
            parent=comment(page, name="answered", kind=Kind.QUESTION),
            by_author=True,
            name="The author",
        )
        comment(page, name="settled", kind=Kind.QUESTION, settled=True)
        comment(page, name="said", kind=Kind.COMMENT)
        comment(page, name="spam", status=Status.SPAM)
        comment(page, name="trash", status=Status.TRASH)
        desk.open(f"?queue={queue}")
        assert {each.name for each in desk.response.context["listed"]} == shown

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ("?language=ca", {"Catalan"}),
            ("?age=30", {"old"}),
            ("?page={chapter}", {"chapter"}),
            ("?language=xx&age=x&page=1-99999999999&at=abc", {"old", "Catalan", "chapter"}),
            ("?at=99999999999999999999&page=a-b", {"old", "Catalan", "chapter"}),
        ],
    )
    def test_it_is_narrowed_by_language_age_and_page(self, desk, page, query, shown):
        waiting(page, name="old", created=ago(days=40))
        waiting(page, name="Catalan", language="ca", created=ago(days=3))
        chapter = waiting(ChapterFactory(), name="chapter")
        desk.open(query.format(chapter=f"{chapter.page_type_id}-{chapter.page_id}"))
        assert {each.name for each in desk.response.context["listed"]} == shown

    def test_the_newest_first_if_she_likes(self, desk, page):
        waiting(page, created=ago(days=4))
        newest = waiting(page, created=ago(days=1))
        desk.open("?order=newest")
        assert desk.at == newest.pk

    def test_flags_are_explained_and_marked(self, desk, page):
        waiting(page, text="Dr. Smith told me. I want to die.")
        html = desk.open()
        assert "A clinician by name" in html
        assert "self-harm or an emergency" in html
        assert '<mark class="clinician">Dr. Smith</mark>' in html

    def test_what_may_be_an_emergency_is_named_on_top_wherever_she_is(self, desk, page):
        first, urgent = (
            waiting(page, created=ago(days=9)),
            waiting(page, name="Berta", text="I want to die"),
        )
        desk.open()
        assert desk.at == first.pk
        assert "1 that waits may be about self-harm" in desk.html
        assert f'href="?at={urgent.pk}"' in desk.html
        assert "read first" in desk.html
        assert "that waits may be about self-harm" not in desk.open(f"?at={urgent.pk}")
        urgent.status = Status.APPROVED
        urgent.save()
        assert "read first" not in desk.open()

    def test_she_is_told_while_readers_have_no_way_to_her_by_mail(self, desk, page):
        assert "has no other way to write to you" in desk.open()
        SiteSettings(contact="contact@example.org").save()
        assert "has no other way to write to you" not in desk.open()

    def test_suspected_spam_says_why(self, desk, page):
        waiting(page, spam_score=7, spam_reasons=[["links", 5, 6], ["gone", 2, ""]])
        html = desk.open()
        assert "Perhaps spam (7 points)" in html
        assert "6 links" in html

    def test_mail_that_cannot_be_sent_is_told_and_tried_again(self, desk, page):
        mail = Email.objects.create(
            from_email="a@example.org", to=["b@example.org"], status=STATUS.failed
        )
        Log.objects.create(email=mail, status=STATUS.failed, message="nobody there")
        assert "nobody there" in desk.open()
        desk.client.post(f"{DESK}mail/")
        assert "nobody there" not in desk.open()

    def test_what_readers_wrote_is_never_markup(self, desk, page):
        bad = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
        waiting(
            page,
            name=bad[:80],
            text=bad + " Dr. <b>Smith</b>",
            email="a@example.org",
            gloss=bad,
            original_text=bad,
        )
        comment(page, email="a@example.org", text=bad, name=bad[:80])
        html = desk.open()
        assert "<script>alert" not in html
        assert "<img src=x" not in html

    @pytest.mark.parametrize("number", [3, 40])
    def test_its_queries_do_not_grow_with_what_waits(
        self, desk, page, number, django_assert_max_num_queries
    ):
        root = comment(page)
        for _ in range(number):
            waiting(page, parent=root, email="a@example.org")
        desk.open()
        with django_assert_max_num_queries(42):
            desk.open()


class TestDeciding:
    @pytest.mark.parametrize(
        ("do", "status"), [("approve", "approved"), ("spam", "spam"), ("trash", "trash")]
    )
    def test_one_press_decides_and_shows_the_next(self, desk, page, author, do, status):
        first = waiting(page, created=ago(days=3))
        second = waiting(page, created=ago(days=2))
        desk.press(first, do)
        first.refresh_from_db()
        assert first.status == status
        assert desk.at == second.pk
        assert Decision.objects.get().user == author

    @pytest.mark.parametrize("do", ["approve", "spam", "trash", "settle"])
    def test_each_can_be_taken_back_from_the_notice(self, desk, page, do):
        made = comment(page, kind=Kind.QUESTION) if do == "settle" else waiting(page)
        waiting(page)
        before = (made.status, made.settled, made.decided)
        desk.press(made, do)
        assert "Undo" in desk.html
        html = desk.undo()
        made.refresh_from_db()
        assert (made.status, made.settled, made.decided) == before
        assert desk.at == made.pk
        assert "is as before" in html
        assert "taken back" in html

    def test_the_choice_of_the_queue_goes_along(self, desk, page):
        waiting(page, language="en", created=ago(days=9))
        first, second = (
            waiting(page, language="ca", created=ago(days=3)),
            waiting(page, language="ca"),
        )
        desk.press(first, "approve", "?language=ca")
        assert desk.at == second.pk
        desk.undo()
        assert "language=ca" in desk.response.redirect_chain[-1][0]

    def test_the_last_of_the_queue_leads_to_the_empty_desk(self, desk, page):
        desk.press(waiting(page), "trash")
        assert desk.at is None
        assert "Everything is read" in desk.html
        assert "Undo" in desk.html

    def test_no_answer_is_needed(self, desk, page):
        asked = comment(page, kind=Kind.QUESTION)
        desk.press(asked, "settle")
        assert "Everything is read" in desk.open()

    def test_looking_changes_nothing(self, desk, page):
        made = waiting(page)
        assert desk.client.get(f"{DESK}{made.pk}/?do=approve").status_code == 302
        assert desk.client.get(f"{DESK}undo/").status_code == 302
        assert desk.client.get(f"{DESK}{made.pk}/draft/").status_code == 405
        made.refresh_from_db()
        assert made.status == Status.PENDING

    def test_a_step_nobody_knows_and_a_comment_nobody_has_are_refused(self, desk, page):
        made = waiting(page)
        assert desk.client.post(f"{DESK}{made.pk}/", {"do": "explode"}).status_code == 400
        assert desk.client.post(f"{DESK}999/", {"do": "approve"}).status_code == 404
        own = comment(page, by_author=True)
        assert desk.client.post(f"{DESK}{own.pk}/", {"do": "trash"}).status_code == 404

    def test_only_who_may_change_comments_gets_in(self, client, page):
        made = waiting(page)
        client.force_login(AuthorUserFactory(is_superuser=False))
        viewer = AuthorUserFactory(is_superuser=False)
        viewer.user_permissions.add(Permission.objects.get(codename="view_comment"))
        for path in ("", f"{made.pk}/", f"{made.pk}/draft/", "undo/", "figures/", "mail/"):
            assert client.post(DESK + path, {"do": "approve"}).status_code == 403
        client.force_login(viewer)
        assert client.get(DESK).status_code == 403
        client.logout()
        assert client.get(DESK)["Location"].startswith("/admin/login/")


class TestAnswering:
    def test_approve_and_answer_in_one_step(self, desk, page):
        asked, following = waiting(page, created=ago(days=2)), waiting(page)
        desk.answer(asked, "Here it is.")
        reply = asked.replies.get()
        assert (reply.text, reply.by_author, reply.is_approved) == ("Here it is.", True, True)
        assert Comment.objects.get(pk=asked.pk).is_approved
        assert desk.at == following.pk

    def test_taking_it_back_hides_the_answer_and_keeps_its_words(self, desk, page):
        root = waiting(page)
        asked = waiting(page, parent=root)
        desk.answer(asked, "Half a thought")
        desk.undo()
        for each in (root, asked):
            each.refresh_from_db()
            assert each.status == Status.PENDING
        assert not Comment.objects.filter(by_author=True).approved().exists()
        assert asked.draft == "Half a thought"
        assert "Half a thought</textarea>" in desk.html

    def test_what_is_refused_keeps_what_she_wrote(self, desk, page):
        asked = waiting(page)
        html = desk.answer(asked, "My words", **{"answer-language": "xx"})
        assert "My words</textarea>" in html
        assert 'class="error"' in html
        assert asked.replies.count() == 0
        assert "Nothing is written here yet" in desk.answer(asked, " \n")

    def test_pressing_twice_makes_one_answer(self, desk, page):
        asked = waiting(page)
        for _ in range(2):
            desk.answer(asked, "Once.")
        assert asked.replies.count() == 1

    def test_a_draft_is_kept_while_she_types_and_gone_with_the_answer(self, desk, page):
        asked = waiting(page)
        kept = desk.client.post(
            f"{DESK}{asked.pk}/draft/", {"answer-text": "Half\r\na thought\x00"}
        )
        assert re.fullmatch(r"\d\d:\d\d", kept.json()["saved"])
        assert "Half\na thought</textarea>" in desk.open()
        desk.press(asked, "draft", **{"answer-text": "More of it"})
        assert "More of it</textarea>" in desk.html
        assert asked.replies.count() == 0
        desk.answer(asked, "All of it")
        assert Comment.objects.get(pk=asked.pk).draft == ""

    def test_nobody_else_sees_a_draft(self, client, desk, page):
        asked = comment(page)
        desk.press(asked, "draft", **{"answer-text": "Secret thought"})
        client.logout()
        assert "Secret thought" not in client.get(page.get_absolute_url()).content.decode()

    def test_a_snippet_is_put_below_what_is_there(self, desk, page):
        asked = waiting(page, language="es")
        snippet = Snippet.objects.create(
            title="See a doctor", language="es", text="Enseñe esto a su médico."
        )
        desk.press(asked, "snippet", snippet=snippet.pk, **{"answer-text": "Gracias. "})
        assert "Gracias.\n\nEnseñe esto a su médico.</textarea>" in desk.html
        desk.press(asked, "snippet", snippet="x", **{"answer-text": "Gracias."})
        assert "Gracias.</textarea>" in desk.html


class TestCiting:
    @pytest.fixture
    def work(self):
        return ReferenceFactory(citekey="sutro1935")

    def test_a_citation_becomes_a_link_to_the_work(self, desk, page, work):
        asked = waiting(page)
        desk.answer(asked, "See [@sutro1935].")
        html = asked.replies.get().html
        assert f'<a class="cited" href="/references/sutro1935/">{work.label}</a>.' in html
        assert work.citations.get().page == asked.replies.get()

    def test_an_unknown_one_stays_as_typed_and_is_named(self, desk, page):
        asked = waiting(page)
        html = desk.answer(asked, "See [@nobody1900] and [@x.")
        assert "Not in the library: nobody1900" in html
        assert asked.replies.get().html == "<p>See [@nobody1900] and [@x.</p>"

    def test_readers_do_not_cite(self, page, work):
        assert comment(page, text="See [@sutro1935]").html == "<p>See [@sutro1935]</p>"
        assert not work.citations.exists()

    def test_it_follows_the_work_to_another_citekey_and_name(self, page, work):
        reply = actions.answer(comment=comment(page), text="See [@sutro1935].")
        work.rename("sutro1935a")
        reply.refresh_from_db()
        assert reply.text == "See [@sutro1935a]."
        assert "/references/sutro1935a/" in reply.html
        person = work.people.first() if hasattr(work, "people") else work.authorships.first().person
        person.family = "Newname"
        person.save()
        person.refresh_works()
        reply.refresh_from_db()
        assert "Newname" in reply.html

    def test_a_work_cited_in_an_answer_is_not_deleted_until_the_answer_is(self, page, work):
        reply = actions.answer(comment=comment(page), text="See [@sutro1935].")
        with pytest.raises(Exception, match="protected"):
            work.delete()
        reply.delete()
        work.delete()

    def test_its_page_does_not_list_the_answer_as_a_page(self, client, page, work):
        actions.answer(comment=comment(page), text="See [@sutro1935].")
        assert work.cited_in() == []
        assert client.get(work.get_absolute_url()).status_code == 200


class TestPuttingRight:
    TEXT = "Dr. Smith cut me. Write to anna@example.org or 612 345 678."

    def test_one_press_takes_out_all_that_should_not_be_public(self, desk, page):
        made = waiting(page, text=self.TEXT)
        html = desk.press(made, "redact")
        made.refresh_from_db()
        assert (
            made.text == "[name removed] cut me. Write to [e-mail removed] or [telephone removed]."
        )
        assert made.original_text == self.TEXT
        assert desk.at == made.pk
        assert "As it was written" in html
        desk.undo()
        made.refresh_from_db()
        assert (made.text, made.original_text) == (self.TEXT, "")
        assert "Dr. Smith" in made.html

    def test_or_one_thing_only(self, desk, page):
        made = waiting(page, text=self.TEXT, language="es")
        desk.open()
        flag = re.search(r'name="flag" value="(email:[\d:]+)"', desk.html)[1]
        desk.press(made, "redact", flag=flag)
        made.refresh_from_db()
        assert (
            made.text == "Dr. Smith cut me. Write to [correo electrónico eliminado] or 612 345 678."
        )

    def test_the_original_stays_the_first_one(self, desk, page):
        made = waiting(page, text=self.TEXT)
        desk.press(
            made, "redact", flag=desk.open() and re.search(r'value="(email:[\d:]+)"', desk.html)[1]
        )
        desk.press(made, "redact")
        made.refresh_from_db()
        assert made.original_text == self.TEXT

    def test_readers_never_see_the_original(self, client, desk, page):
        made = comment(page, text=self.TEXT)
        desk.press(made, "redact")
        client.logout()
        html = client.get(page.get_absolute_url()).content.decode()
        assert "[name removed]" in html
        assert "Dr. Smith" not in html
        assert "anna@example.org" not in html

    def edit(self, desk, made, **changes):
        fields = {
            "name": made.name,
            "kind": made.kind,
            "language": made.language,
            "text": made.text,
            **changes,
        }
        return desk.press(made, "edit", **{f"edit-{name}": value for name, value in fields.items()})

    def test_a_correction_is_kept_beside_what_was_written(self, desk, page):
        made = waiting(page, text="My name is Anna Puig", name="Anna Puig")
        self.edit(desk, made, text="My name is [name removed]", name="Anna", language="ca")
        made.refresh_from_db()
        assert (made.text, made.name, made.language, made.original_text) == (
            "My name is [name removed]", "Anna", "ca", "My name is Anna Puig")  # fmt: skip
        desk.undo()
        made.refresh_from_db()
        assert (made.text, made.name, made.language, made.original_text) == (
            "My name is Anna Puig", "Anna Puig", "en", "")  # fmt: skip

    def test_a_correction_without_words_is_refused_and_shown_again(self, desk, page):
        made = waiting(page, text="Words")
        html = self.edit(desk, made, text="", name="Other")
        assert '<details class="more" id="edit" open>' in html
        made.refresh_from_db()
        assert (made.text, made.name) == ("Words", "Reader")

    def test_saving_without_a_change_is_no_decision(self, desk, page):
        made = waiting(page)
        self.edit(desk, made)
        assert not Decision.objects.exists()

    def test_a_summary_is_shown_to_readers_as_hers(self, client, desk, page):
        made = comment(page, language="ca", text="Em fa mal")
        desk.press(
            made,
            "gloss",
            **{"gloss-gloss": "It hurts, she <writes>.", "gloss-gloss_language": "en"},
        )
        made.refresh_from_db()
        assert (made.gloss, made.gloss_language) == ("It hurts, she <writes>.", "en")
        html = client.get(page.get_absolute_url()).content.decode()
        assert "It hurts, she &lt;writes&gt;." in html
        desk.undo()
        made.refresh_from_db()
        assert (made.gloss, made.gloss_language) == ("", "")

    def test_a_summary_says_its_language(self, desk, page):
        made = waiting(page)
        html = desk.press(made, "gloss", **{"gloss-gloss": "It hurts", "gloss-gloss_language": ""})
        assert "Say which language it is in" in html
        assert "It hurts</textarea>" in html


class TestPersonAndConversation:
    def test_what_the_same_person_wrote_is_found_by_link_and_by_address(self, desk, page):
        writer = Writer.objects.create()
        comment(page, text="By the same link", writer=writer)
        comment(
            page,
            text="With the same address",
            email="Anna@example.org",
            writer=Writer.objects.create(),
        )
        comment(page, text="Somebody else", writer=Writer.objects.create())
        html = desk.open(f"?at={waiting(page, writer=writer, email='anna@example.org').pk}")
        earlier = html[html.index('id="person"') : html.index('id="where"')]
        assert "By the same link" in earlier
        assert "With the same address" in earlier
        assert "Somebody else" not in earlier

    def test_trust_is_given_and_taken_back(self, desk, page):
        made = waiting(page, writer=Writer.objects.create())
        desk.press(made, "trust", trusted="1")
        assert Writer.objects.get().trusted
        assert "appears unread" in desk.html
        desk.undo()
        assert not Writer.objects.get().trusted

    def test_nobody_to_trust_where_nobody_has_a_link(self, desk, page):
        made = waiting(page)
        assert "Trust this person" not in desk.press(made, "trust", trusted="1")

    def test_a_conversation_is_closed_by_hand_and_opened_again(self, client, desk, page):
        root = comment(page)
        made = waiting(page, parent=root)
        desk.press(made, "close", closed="1")
        assert Comment.objects.get(pk=root.pk).closed
        assert "This conversation is closed" in desk.html
        reply = f"/comments/new/blog.post/{page.pk}/?reply_to={root.pk}"
        assert reply not in client.get(page.get_absolute_url()).content.decode()
        assert "Replies are closed" in client.get(reply).content.decode()
        desk.press(made, "close", closed="0")
        assert not Comment.objects.get(pk=root.pk).closed
        assert reply in client.get(page.get_absolute_url()).content.decode()

    def test_it_closes_by_itself_when_nobody_has_written_for_long(self, client, page, settings):
        settings.COMMENTS_CLOSE_AFTER_DAYS = 30
        old = comment(page, created=ago(days=60))
        lively = comment(page, created=ago(days=60))
        comment(parent=lively, created=ago(days=3))
        html = client.get(page.get_absolute_url()).content.decode()
        assert f"?reply_to={old.pk}" not in html
        assert f"?reply_to={lively.pk}" in html


class TestUndo:
    def test_what_was_decided_since_is_not_overturned(self, desk, page, author):
        made = waiting(page)
        actions.approve(comments=[made], user=author, batch="first")
        actions.trash(comments=[made], user=author, batch="second")
        with pytest.raises(actions.CannotUndo):
            actions.undo(batch="first", user=author)
        actions.undo(batch="second", user=author)
        actions.undo(batch="first", user=author)
        made.refresh_from_db()
        assert made.status == Status.PENDING

    @pytest.mark.parametrize("batch", ["", "unknown", "x" * 5000])
    def test_what_never_was_cannot_be_taken_back(self, desk, batch):
        html = desk.client.post(f"{DESK}undo/", {"batch": batch}, follow=True).content.decode()
        assert "Take that back first" in html

    def test_not_twice(self, page, author):
        made = waiting(page)
        actions.approve(comments=[made], user=author, batch="once")
        actions.undo(batch="once", user=author)
        with pytest.raises(actions.CannotUndo):
            actions.undo(batch="once", user=author)


class TestFigures:
    def test_they_are_counted(self, desk, page):
        for days in (1, 3, 8):
            asked = comment(page, kind=Kind.QUESTION, created=ago(days=20))
            comment(parent=asked, by_author=True, created=ago(days=20 - days))
            comment(parent=asked, by_author=True, created=ago(days=1))
        comment(page, kind=Kind.QUESTION)
        waiting(page, created=ago(days=50))
        desk._read(desk.client.get(f"{DESK}figures/"))
        figures = desk.response.context["figures"]
        assert (figures.waiting, figures.unanswered, figures.median.days) == (1, 1, 3)
        chart = desk.response.context["chart"]
        assert len(chart) == 12
        assert sum(month.came for month in chart) == 5
        assert sum(month.answered for month in chart) == 6
        assert "<svg" in desk.html
        assert "style=" not in re.search(r"<svg.*?</svg>", desk.html, re.S)[0]

    def test_a_month_begins_at_midnight_by_the_authors_clock(self, page):
        month = statistics.midnight(timezone.localdate().replace(day=1))
        for moment in (month - timedelta(seconds=1), month, month + timedelta(minutes=30)):
            comment(page, created=moment)
        this, before, *earlier = statistics.chart()
        assert (this.came, before.came) == (2, 1)
        assert not any(each.came or each.answered for each in earlier)

    def test_without_a_single_comment_they_are_a_page_too(self, desk):
        html = desk._read(desk.client.get(f"{DESK}figures/"))
        assert "Nothing has been decided yet" in html

    def test_the_log_says_who_did_what(self, desk, page, author):
        made = waiting(page, name="Anna")
        actions.approve(comments=[made], user=author)
        actions.trash(comments=[made])
        html = desk._read(desk.client.get(f"{DESK}figures/"))
        assert "Approved:" in html
        assert author.username in html
        assert "from a mail" in html


@pytest.mark.parametrize(
    "model",
    ["snippet", "blocked", "wordlist", "desksettings", "decision", "snippet/add", "blocked/add"],
)
def test_its_lists_open(author_client, page, author, model):
    actions.approve(comments=[waiting(page)], user=author)
    assert author_client.get(f"/admin/comments/{model}/", follow=True).status_code == 200


def test_the_log_cannot_be_rewritten(author_client, page, author):
    actions.approve(comments=[waiting(page)], user=author)
    pk = Decision.objects.get().pk
    assert (
        author_client.post(f"/admin/comments/decision/{pk}/delete/", {"post": "yes"}).status_code
        == 403
    )
    assert (
        author_client.post(f"/admin/comments/decision/{pk}/change/", {"action": "spam"}).status_code
        == 403
    )
    assert Decision.objects.get().action == "approved"
