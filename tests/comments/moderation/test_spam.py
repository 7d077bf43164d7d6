"""Spam gets points with reasons. Only beyond doubt does it leave the queue, and the author can
still see it."""

from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone
from post_office.models import Email

from comments.commenters import links
from comments.models import SUSPECT, Blocked, Comment, DeskSettings, Status, WordList, Writer
from comments.moderation import actions, flags, spam
from tests.factories import PostFactory, comment

from ..akismet_server import akismet_server
from ..forms import send

pytestmark = pytest.mark.django_db
WORDS = "I have had it for years, and nobody knows why."


@pytest.fixture
def page():
    return PostFactory()


def received(page, facts=None, **fields):
    fields = {"name": "Anna", "text": WORDS, **fields}
    return actions.receive(comment=Comment(page=page, **fields), facts=facts)


def codes(made):
    return [row[0] for row in made.spam_reasons]


class TestReasons:
    def test_what_people_write_has_none(self, page):
        made = received(
            page, text="See https://example.org/a for it.\n\nThank you!", email="a@example.org"
        )
        assert (made.spam_score, made.spam_reasons, made.status) == (0, [], Status.PENDING)

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"text": "good words here https://a.example https://b.example"}, "links"),
            ({"text": "buy https://a.example/very-long-address"}, "only_links"),
            ({"text": "[url=https://a.example]x[/url] and words and words"}, "markup"),
            ({"text": '<a href="x">good</a> and words'}, "markup"),
        ],
    )
    def test_how_it_is_written(self, page, fields, code):
        assert code in codes(received(page, **fields))

    def test_too_quick_for_a_person(self, page):
        assert codes(received(page, spam.Facts(seconds=3.2))) == ["haste"]
        assert codes(received(page, spam.Facts(seconds=300), text="other words")) == []

    def test_the_same_words_again(self, page):
        received(page)
        made = received(page)
        assert codes(made) == ["duplicate"]
        assert (
            received(page, text="Thank you!").spam_score
            == received(page, text="Thank you!").spam_score
            == 0
        )

    @pytest.mark.parametrize(
        ("facts", "email", "code"),
        [("hash", "", "address_rate"), ("", "a@example.org", "email_rate")],
    )
    def test_many_within_an_hour_from_one_sender(self, page, facts, email, code):
        for number in range(3):
            made = received(
                page, spam.Facts(address_hash=facts), email=email, text=f"words {number}"
            )
            assert codes(made) == []
        made = received(page, spam.Facts(address_hash=facts), email=email, text="more words")
        assert codes(made) == [code]
        Comment.objects.update(created=timezone.now() - timedelta(hours=2))
        assert (
            codes(received(page, spam.Facts(address_hash=facts), email=email, text="next day"))
            == []
        )

    def test_numbers_alone_make_nobody_a_spammer(self, page):
        for number in range(20):
            made = received(
                page, spam.Facts(address_hash="hash"), email="a@example.org", text=f"words {number}"
            )
        assert codes(made) == ["address_rate", "email_rate"]
        assert made.status == Status.PENDING

    def test_the_blocklist_knows_no_accents_and_no_capitals(self, page):
        Blocked.objects.create(words="Càsino.example")
        for fields in (
            {"text": "see CASINO.example now"},
            {"email": "a@casino.example"},
            {"name": "casino.EXAMPLE"},
        ):
            assert codes(received(page, **fields, kind="comment"))[:1] == ["blocked"]
            Comment.objects.all().delete()

    def test_a_sender_whose_words_were_spam_before(self, page):
        actions.spam(comments=[comment(page, email="a@example.org")])
        assert codes(received(page, email="a@example.org")) == ["known"]

    def test_the_reasons_are_told_in_words_the_weightiest_first(self, page):
        made = received(
            page, spam.Facts(seconds=2), text="[url=x]https://a.example https://b.example[/url]"
        )
        points = [points for points, _why in spam.explain(made)]
        assert points == sorted(points, reverse=True)
        assert "sent after 2 seconds" in [why for _points, why in spam.explain(made)]


class TestHistory:
    """Only what somebody has read and decided speaks for or against a sender."""

    def test_what_was_filed_by_its_score_says_nothing_of_the_next(self, page):
        for number in range(5):
            comment(
                page,
                status=Status.SPAM,
                email="a@example.org",
                address_hash="hash",
                text=f"filed {number}",
            )
        made = received(page, spam.Facts(address_hash="other"), email="a@example.org")
        assert "known" not in codes(made)

    def test_a_verdict_taken_back_says_nothing(self, page):
        made = comment(page, status=Status.PENDING, email="a@example.org")
        actions.spam(comments=[made], batch="one")
        actions.undo(batch="one")
        assert codes(received(page, email="a@example.org")) == []

    def test_a_clinician_who_was_answered_is_not_filed_for_writing_much(self, page):
        facts = spam.Facts(address_hash="hospital")
        first = received(page, facts, email="dr@example.org", text="First words of a colleague")
        actions.answer(comment=first, text="Thank you")
        for number in range(9):
            received(
                page,
                facts,
                email="dr@example.org",
                text=f"more {number} https://a.example/{number}",
            )
        links = " ".join(f"https://pubmed.example/{number}" for number in range(5))
        made = received(
            page,
            facts,
            email="dr@example.org",
            text=f"Here are the five articles I meant, with a word: {links}",
        )
        assert made.status == Status.PENDING
        assert ["approved", -6, 1] in made.spam_reasons
        assert "approved from the same sender: 1" in [why for _points, why in spam.explain(made)]

    def test_of_a_shared_address_one_spammer_is_held_against_nobody_who_was_approved(self, page):
        facts = spam.Facts(address_hash="family")
        comment(page, address_hash="family", email="mother@example.org")
        actions.spam(comments=[comment(page, address_hash="family", email="son@example.org")])
        assert codes(received(page, facts, email="aunt@example.org")) == ["approved_address"]

    def test_a_network_address_alone_says_little(self, page):
        for number in range(3):
            before = timezone.now() - timedelta(days=2)
            actions.spam(
                comments=[
                    comment(page, address_hash="net", email=f"{number}@example.org", created=before)
                ]
            )
        made = received(page, spam.Facts(address_hash="net"), email="new@example.org")
        assert made.spam_reasons == [["known_address", 3, 3]]

    def test_the_score_is_never_less_than_nothing(self, page):
        comment(page, email="a@example.org")
        assert received(page, email="a@example.org").spam_score == 0


class TestEmergencies:
    """Words that matter outrank every score."""

    WORST = (
        "I want to end my life. [url=x] https://a.example https://b.example https://c.example"
        " https://d.example pills"
    )

    def test_it_is_never_filed_as_spam_whatever_its_score(self, page):
        Blocked.objects.create(words="pills")
        made = received(page, spam.Facts(seconds=1), text=self.WORST)
        assert made.spam_score >= spam.SPAM
        assert (made.status, made.urgent) == (Status.PENDING, True)

    def test_it_is_mailed_at_once_whatever_its_score(self, page):
        DeskSettings(notify="daily", address="doctor@example.org").save()
        Blocked.objects.create(words="pills")
        received(page, spam.Facts(seconds=1), text=self.WORST)
        assert Email.objects.get().subject.startswith("Perhaps an emergency")

    def test_it_stays_when_the_service_calls_it_spam(
        self, page, settings, django_capture_on_commit_callbacks
    ):
        with akismet_server() as server:
            settings.AKISMET_URL = f"http://127.0.0.1:{server.server_port}/1.1/comment-check"
            settings.AKISMET_KEY = "key"
            server.says = (200, b"true", {"X-akismet-pro-tip": "discard"})
            with django_capture_on_commit_callbacks(execute=True):
                made = received(
                    page, spam.Facts(address="192.0.2.1"), text="I want to end my life."
                )
        assert Comment.objects.get(pk=made.pk).status == Status.PENDING

    def test_words_she_adds_to_a_list_find_what_lies_in_spam(self, page, author_client):
        made = comment(page, status=Status.SPAM, text="the water is rising in my room")
        read = comment(page, status=Status.PENDING, text="the water is rising again")
        actions.spam(comments=[read])
        words = flags.first_words("crisis", "en") + "\nwater is rising"
        author_client.post(
            "/admin/comments/wordlist/add/", {"kind": "crisis", "language": "en", "words": words}
        )
        assert WordList.objects.get().words.endswith("water is rising")
        assert list(Comment.objects.urgent()) == [made]

    def test_a_correction_that_makes_it_urgent_is_mailed(self, page):
        DeskSettings(notify="daily", address="doctor@example.org").save()
        made = received(page)
        links.correct(comment=made, changes={"text": "I cannot go on, I want to die."})
        assert Email.objects.get().subject.startswith("Perhaps an emergency")
        assert list(Comment.objects.urgent()) == [made]


class TestWhatFollows:
    def test_a_suspect_waits_like_all_others(self, page):
        made = received(
            page, text="[url=x] https://a.example https://b.example and some words", email=""
        )
        assert SUSPECT <= made.spam_score < spam.SPAM
        assert made.status == Status.PENDING

    def test_beyond_doubt_it_goes_to_the_spam_list_and_is_kept(self, page):
        Blocked.objects.create(words="pills")
        made = received(page, spam.Facts(seconds=1), text="[url=x]pills[/url] pills")
        assert Comment.objects.get(pk=made.pk).status == Status.SPAM
        assert made.decided

    def test_the_author_is_not_judged(self, page):
        Blocked.objects.create(words="words")
        made = received(page, by_author=True, status=Status.APPROVED, text="[url=x] words")
        assert (made.status, made.spam_score) == (Status.APPROVED, 0)

    def test_the_form_hands_over_what_is_needed_and_keeps_no_address(self, client, page):
        send(client, page, text=WORDS)
        made = Comment.objects.get()
        assert len(made.address_hash) == 64
        assert "127.0.0.1" not in str(Comment.objects.filter(pk=made.pk).values().get())
        request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1")
        assert spam.facts_of(request).address_hash == made.address_hash

    def test_another_address_has_another_mark(self):
        marks = {
            spam.facts_of(RequestFactory().get("/", REMOTE_ADDR=each)).address_hash
            for each in ("10.0.0.1", "10.0.0.2")
        }
        assert len(marks) == 2


class TestTrust:
    def test_a_trusted_writer_is_read_by_all_at_once(self, page):
        assert received(page, writer=Writer.objects.create(trusted=True)).status == Status.APPROVED

    def test_a_writer_nobody_trusts_waits(self, page):
        assert received(page, writer=Writer.objects.create()).status == Status.PENDING

    def test_the_name_and_the_email_of_a_trusted_one_are_worth_nothing(self, page):
        received(page, writer=Writer.objects.create(trusted=True), email="a@example.org")
        made = received(
            page, writer=Writer.objects.create(), email="a@example.org", text="other words"
        )
        assert made.status == Status.PENDING

    @pytest.mark.parametrize(
        "words", ["My doctor is Dr. Smith", "I want to die", "ring me at 612 34 56 78"]
    )
    def test_even_a_trusted_writer_is_read_first_when_something_is_flagged(self, page, words):
        made = received(page, writer=Writer.objects.create(trusted=True), text=words)
        assert made.status == Status.PENDING

    def test_even_a_trusted_writer_waits_when_it_looks_like_spam(self, page):
        made = received(
            page,
            writer=Writer.objects.create(trusted=True),
            text="[url=x] https://a.example https://b.example words",
        )
        assert made.status == Status.PENDING


class TestService:
    @pytest.fixture
    def service(self, settings):
        with akismet_server() as server:
            settings.AKISMET_URL = f"http://127.0.0.1:{server.server_port}/1.1/comment-check"
            settings.AKISMET_KEY, settings.AKISMET_TIMEOUT = "key", 0.5
            yield server

    FACTS = spam.Facts(address="192.0.2.1", agent="Browser", referrer="https://example.org/")

    def after(self, page, capture, **fields):
        with capture(execute=True):
            made = received(page, self.FACTS, **fields)
        return Comment.objects.get(pk=made.pk)

    def test_nothing_is_asked_unless_she_turned_it_on(self, settings):
        assert settings.AKISMET_URL == ""

    def test_it_is_told_what_it_needs(self, page, service, django_capture_on_commit_callbacks):
        self.after(page, django_capture_on_commit_callbacks, email="a@example.org", language="ca")
        (asked,) = service.asked
        assert asked["comment_content"] == WORDS
        assert (asked["user_ip"], asked["user_agent"], asked["blog_lang"], asked["api_key"]) == (
            "192.0.2.1", "Browser", "ca", "key")  # fmt: skip

    @pytest.mark.parametrize(
        ("says", "score", "status"),
        [
            ((200, b"false", {}), 0, Status.PENDING),
            ((200, b"true", {}), spam.SPAM // 2, Status.PENDING),
            ((200, b"true", {"X-akismet-pro-tip": "discard"}), spam.SPAM, Status.SPAM),
            ((200, b"invalid", {}), 0, Status.PENDING),
            ((500, b"true", {}), 0, Status.PENDING),
            ((302, b"", {"Location": "ftp://example.org"}), 0, Status.PENDING),
        ],
    )
    def test_its_word_counts_as_one_reason(
        self, page, service, django_capture_on_commit_callbacks, says, score, status
    ):
        service.says = says
        made = self.after(page, django_capture_on_commit_callbacks)
        assert (made.spam_score, made.status) == (score, status)

    def test_when_it_does_not_answer_the_comment_waits(
        self, page, service, django_capture_on_commit_callbacks
    ):
        service.waits = 2
        made = self.after(page, django_capture_on_commit_callbacks)
        assert (made.spam_score, made.status) == (0, Status.PENDING)

    @pytest.mark.parametrize("address", ["http://127.0.0.1:9/", "file:///etc/passwd", "nonsense"])
    def test_a_wrong_address_harms_nobody(
        self, page, settings, django_capture_on_commit_callbacks, address
    ):
        settings.AKISMET_URL = address
        assert self.after(page, django_capture_on_commit_callbacks).status == Status.PENDING

    def test_what_she_has_decided_meanwhile_stands(
        self, page, service, django_capture_on_commit_callbacks
    ):
        service.says = (200, b"true", {"X-akismet-pro-tip": "discard"})
        with django_capture_on_commit_callbacks() as callbacks:
            made = received(page, self.FACTS)
        actions.approve(comments=[made])
        for callback in callbacks:
            callback()
        assert Comment.objects.get(pk=made.pk).status == Status.APPROVED
