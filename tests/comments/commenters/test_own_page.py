"""The commenter's own page: by a signed link, without an account."""

import json
import re
from datetime import timedelta
from unittest import mock

import pytest
from django.core import mail as outbox
from django.core.signing import Signer
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st
from post_office.models import Email

from comments.commenters import links, retention
from comments.models import Comment, Status, Subscription, Writer
from comments.text import html as text_html
from tests.factories import PostFactory, comment

from ..forms import address, filled, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return PostFactory(title="A page to write under")


@pytest.fixture
def writer():
    return Writer.objects.create()


@pytest.fixture
def mine(page, writer):
    return comment(
        page, writer=writer, name="Anna", email="anna@example.org", text="My words", kind="question"
    )


MINE = "/comments/mine/"


def opened(client, writer):
    """The address of the writer's own page, which this browser has opened by its key."""
    assert client.post(links.link(writer))["Location"] == MINE
    return MINE


def opened_here(writer):
    """The cookie of a browser that has opened the page."""
    client = Client()
    opened(client, writer)
    return {"mine": client.cookies["mine"].value}


def do(client, writer, wish, made=None, **data):
    if made is not None:
        data["comment"] = made.pk
    return client.post(opened(client, writer), {"do": wish, **data})


def corrected(client, writer, made, **changes):
    data = {name: getattr(made, name) for name in ("name", "role", "kind", "text", "language")}
    return client.post(f"{opened(client, writer)}{made.pk}/", {**data, **changes})


class TestTheLink:
    def test_it_is_shown_after_sending(self, client, page):
        response = client.post(address(page), filled(page), follow=True)
        made = Comment.objects.get()
        assert "comments/mine/" in response.content.decode()
        assert made.writer.key not in response.request["QUERY_STRING"]
        assert "My own" not in response.content.decode()
        assert "Does it go away?" in client.get(MINE).content.decode()

    @pytest.mark.parametrize("wrong", ["x", "key:forged", "é", "%00", ":" * 50])
    def test_a_forged_one_opens_nothing(self, client, mine, wrong):
        assert client.get(f"/comments/mine/{wrong}/").status_code == 404
        assert (
            client.post(f"/comments/mine/{wrong}/", {"do": "erase all", "sure": "1"}).status_code
            == 404
        )
        assert Comment.objects.filter(pk=mine.pk).exists()

    def test_it_shows_no_one_elses(self, client, page, writer, mine):
        comment(
            page,
            writer=Writer.objects.create(),
            text="Another person's",
            email="anna@example.org",
            name="Anna",
        )
        assert "Another person" not in client.get(opened(client, writer)).content.decode()

    def test_nothing_of_it_is_kept_or_told_to_other_sites(self, client, writer, mine):
        response = client.get(opened(client, writer))
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "strict-origin"
        assert 'content="noindex"' in response.content.decode()

    def test_name_and_e_mail_alone_make_nobody_its_owner(self, client, page, writer, mine):
        send(client, page, name="Anna", email="anna@example.org")
        assert Comment.objects.latest("pk").writer != writer

    def test_who_comes_from_the_own_page_writes_as_the_same_person(
        self, client, page, writer, mine
    ):
        html = client.get(opened(client, writer)).content.decode()
        target = re.search(r'href="([^"]+from=[^"]+)"', html)[1].replace("&amp;", "&")
        form = client.get(target).content.decode()
        signed = re.search(r'name="writer" value="([^"]+)"', form)[1]
        client.post(address(page, mine), filled(page, writer=signed))
        assert Comment.objects.latest("pk").writer == writer
        client.post(address(page, mine), filled(page, writer=signed[:-1] + "x"))
        assert Comment.objects.latest("pk").writer != writer

    def test_a_token_protects_its_buttons(self, writer, mine):
        careful = Client(enforce_csrf_checks=True)
        assert careful.post(links.link(writer)).status_code == 403
        careful.cookies.load(opened_here(writer))
        assert careful.post(MINE, {"do": "withdraw", "comment": mine.pk}).status_code == 403
        mine.refresh_from_db()
        assert mine.withdrawn is None

    @pytest.mark.parametrize(
        ("status", "words"),
        [
            ("pending", "Waiting to be read"),
            ("approved", "Public"),
            ("spam", "has decided not to publish it"),
            ("trash", "has decided not to publish it"),
        ],
    )
    def test_it_says_how_things_stand(self, client, page, writer, status, words):
        comment(page, writer=writer, status=status)
        html = client.get(opened(client, writer)).content.decode().replace("&#x27;", "’")
        assert words in html
        assert (
            "pam" not in html.split("<main")[1].split("</main")[0].replace("Spam", "spam")
            or status != "spam"
        )


class TestTheKey:
    def test_looking_at_it_opens_nothing_its_button_does(self, client, writer, mine):
        looked = client.get(links.link(writer))
        assert "Open my page" in looked.text
        assert "My words" not in looked.text
        assert looked["Referrer-Policy"] == "strict-origin"
        assert not looked.cookies.get("mine")
        assert client.get(MINE).status_code == 403
        assert "My words" in client.get(opened(client, writer)).text

    def test_the_page_tells_no_address_with_it_but_the_writers_own_link(self, client, writer, mine):
        html = client.get(opened(client, writer)).text
        keyed = re.findall(rf'href="[^"]*{re.escape(writer.key)}[^"]*"', html)
        assert len(keyed) == 1
        assert "?" not in keyed[0]

    def test_a_cookie_lasts_two_hours_and_no_script_reads_it(self, client, writer, mine):
        opened(client, writer)
        cookie = client.cookies["mine"]
        assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (7200, True, "Lax")
        later = timezone.now() + timedelta(hours=2, minutes=1)
        with mock.patch("time.time", return_value=later.timestamp()):
            assert client.get(MINE).status_code == 403

    def test_closing_the_page_ends_it(self, client, writer, mine):
        do(client, writer, "close")
        assert client.get(MINE).status_code == 403

    def test_a_new_one_makes_all_before_useless_in_mails_and_browsers(self, client, writer, mine):
        old, elsewhere = links.link(writer), Client()
        opened(elsewhere, writer)
        do(client, writer, "renew")
        writer.refresh_from_db()
        assert client.get(old).status_code == 404
        assert elsewhere.get(MINE).status_code == 403
        assert links.link(writer).split(":")[0] in client.get(MINE).text

    def test_an_old_one_is_sent_anew_to_the_mailbox_alone(self, client, writer, mine, settings):
        old = links.link(writer)
        settings.COMMENT_KEY_DAYS = -1
        assert "has grown too old" in client.get(old).text
        answer = client.post(old)
        assert "on its way" in answer.text
        assert not answer.cookies.get("mine")
        assert Email.objects.get().to == ["anna@example.org"]

    def test_one_of_the_first_release_still_opens_the_page(self, client, writer, mine):
        old = Signer(salt="comments.own").sign(writer.key)
        assert client.post(f"/comments/mine/{old}/")["Location"] == MINE


class TestCorrecting:
    def test_new_words_wait_to_be_read_again(self, client, writer, mine):
        assert "My words" in client.get(f"{opened(client, writer)}{mine.pk}/").content.decode()
        response = corrected(client, writer, mine, text="Better words")
        assert response["Location"] == f"{MINE}?done=corrected"
        mine.refresh_from_db()
        assert (mine.text, mine.status, mine.decided) == ("Better words", Status.PENDING, None)
        assert mine.html == "<p>Better words</p>"
        assert mine.edited is not None

    def test_a_mere_language_stays_public(self, client, writer, mine):
        corrected(client, writer, mine, language="ca")
        mine.refresh_from_db()
        assert (mine.language, mine.status, mine.edited) == ("ca", Status.APPROVED, None)

    def test_nothing_changed_is_nothing_done(self, client, writer, mine):
        corrected(client, writer, mine)
        mine.refresh_from_db()
        assert (mine.status, mine.edited) == (Status.APPROVED, None)

    def test_only_within_the_window(self, client, writer, mine, settings):
        settings.COMMENT_EDIT_HOURS = 24
        Comment.objects.filter(pk=mine.pk).update(created=timezone.now() - timedelta(hours=25))
        assert "Correct</a>" not in client.get(opened(client, writer)).content.decode()
        assert corrected(client, writer, mine, text="Too late")["Location"] == MINE
        mine.refresh_from_db()
        assert mine.text == "My words"

    @pytest.mark.parametrize("status", ["spam", "trash"])
    def test_what_was_refused_cannot_be_slipped_in_again(self, client, writer, mine, status):
        Comment.objects.filter(pk=mine.pk).update(status=status)
        corrected(client, writer, mine, text="Other words")
        mine.refresh_from_db()
        assert (mine.text, mine.status) == ("My words", status)

    def test_another_persons_cannot_be_corrected(self, client, page, writer, mine):
        other = comment(page, writer=Writer.objects.create(), text="Hers")
        assert corrected(client, writer, other, text="Mine").status_code == 404
        other.refresh_from_db()
        assert other.text == "Hers"

    def test_a_mistake_comes_back_with_everything_typed(self, client, writer, mine):
        response = corrected(client, writer, mine, name="", text="New <words>")
        assert response.status_code == 200
        assert "New &lt;words&gt;</textarea>" in response.content.decode()
        assert "One thing to put right" in response.content.decode()

    @profile(
        max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(
        data=st.dictionaries(
            st.sampled_from(["name", "role", "kind", "text", "language", "x"]),
            st.text(max_size=120),
        )
    )
    def test_whatever_is_sent_is_answered_and_no_markup_is_kept(self, client, db, data):
        writer = Writer.objects.create()
        made = comment(PostFactory(), writer=writer)
        sent = {name: value.encode("utf-8", "replace").decode() for name, value in data.items()}
        assert corrected(client, writer, made, **sent).status_code in (200, 302)
        made.refresh_from_db()
        assert made.text == text_html.normalise(made.text)
        assert made.html == text_html.to_html(made.text)


class TestTakingBack:
    def test_what_is_taken_back_is_not_public_even_if_it_is_approved_again(
        self, client, page, writer, mine
    ):
        do(client, writer, "withdraw", mine)
        mine.refresh_from_db()
        assert mine.withdrawn is not None
        assert not Comment.objects.approved().filter(pk=mine.pk).exists()
        mine.status = Status.APPROVED
        mine.save(update_fields=["status"])
        assert "My words" not in client.get(page.get_absolute_url()).content.decode()
        assert client.get(f"/comments/{mine.pk}/").status_code == 404
        assert not mine.is_approved

    def test_it_can_be_sent_again_and_waits(self, client, writer, mine):
        do(client, writer, "withdraw", mine)
        html = client.get(opened(client, writer)).content.decode()
        assert "Taken back by you" in html
        do(client, writer, "bring back", mine)
        mine.refresh_from_db()
        assert (mine.withdrawn, mine.status) == (None, Status.PENDING)

    def test_replies_to_it_stay(self, client, page, writer, mine):
        reply = comment(parent=mine, by_author=True, text="The answer stays.")
        do(client, writer, "withdraw", mine)
        html = client.get(page.get_absolute_url()).content.decode()
        assert f'id="comment-{reply.pk}"' in html
        assert "in reply to a comment that is not shown" in html

    def test_what_was_refused_cannot_be_brought_back(self, client, writer, mine):
        Comment.objects.filter(pk=mine.pk).update(status=Status.SPAM)
        do(client, writer, "bring back", mine)
        mine.refresh_from_db()
        assert mine.status == Status.SPAM


class TestErasing:
    def test_it_asks_first(self, client, writer, mine):
        html = do(client, writer, "erase", mine).content.decode()
        assert "Erase this for good?" in html
        assert "My words" in html
        assert Comment.objects.filter(pk=mine.pk).exists()

    def test_without_replies_nothing_is_left(self, client, writer, mine):
        html = do(client, writer, "erase", mine, sure="1").content.decode()
        assert "Nothing of yours is left here." in html
        assert not Comment.objects.exists()
        assert not Writer.objects.exists()
        assert client.get(links.link(writer)).status_code == 404
        assert client.get(MINE).status_code == 403

    def test_under_replies_an_empty_place_is_left(self, client, page, writer, mine):
        reply = comment(parent=mine, by_author=True, text="The answer")
        do(client, writer, "erase", mine, sure="1")
        mine.refresh_from_db()
        assert mine.erased is not None
        held = [getattr(mine, field.name) for field in Comment._meta.concrete_fields]
        assert not any(
            "Anna" in str(value) or "My words" in str(value) or "example.org" in str(value)
            for value in held
        )
        assert Comment.objects.get(pk=reply.pk).parent == mine

    def test_everything_at_once(self, client, page, writer, mine):
        answered = comment(page, writer=writer, text="Answered")
        comment(parent=answered, by_author=True)
        comment(parent=mine, writer=writer, text="My own reply")
        kept = comment(page, text="Another person's")
        do(client, writer, "erase all", sure="1")
        assert set(Comment.objects.filter(by_author=False).values_list("pk", flat=True)) == {
            answered.pk,
            kept.pk,
        }
        assert not Comment.objects.filter(writer=writer).exists()

    def test_nobody_can_reply_to_an_empty_place(self, client, page, writer, mine):
        comment(parent=mine)
        do(client, writer, "erase", mine, sure="1")
        assert "is not there any more" in client.get(address(page, mine)).content.decode()

    def test_another_persons_cannot_be_erased(self, client, page, writer, mine):
        other = comment(page, writer=Writer.objects.create())
        assert do(client, writer, "erase", other, sure="1").status_code == 404
        assert Comment.objects.filter(pk=other.pk).exists()


class TestExport:
    def test_everything_that_is_kept_of_one_as_json(self, client, page, writer, mine):
        Subscription.objects.create(comment=mine, language="en")
        comment(page, name="Somebody else")
        response = client.post(f"{opened(client, writer)}comments.json")
        assert "attachment" in response["Content-Disposition"]
        data = json.loads(response.content)
        assert [each["text"] for each in data["comments"]] == ["My words"]
        assert data["comments"][0]["email"] == "anna@example.org"
        assert data["comments"][0]["replies_by_email"]["confirmed"] is None
        assert "Somebody else" not in response.content.decode()

    def test_it_leaves_out_no_column_that_is_about_the_person(self, mine):
        exported = retention.export([mine])["comments"][0]
        of_the_site = {"id", "page_type", "page_id", "parent", "root", "position", "depth",
            "thread_at", "html", "by_author",
                       "form_token", "writer", "erased", "announced", "draft", "original_text",
                       "gloss", "gloss_language",
                       "settled", "closed", "spam_reasons", "old_number"}  # fmt: skip
        assert {field.name for field in Comment._meta.concrete_fields} - of_the_site - set(
            exported
        ) == set()


@pytest.mark.parametrize("wish", ["", "drop", "erase"])
@pytest.mark.parametrize("pk", ["", "abc", "0", "9" * 40, "-1", "²"])
def test_a_wish_that_makes_no_sense_changes_nothing(client, writer, mine, wish, pk):
    assert (
        client.post(opened(client, writer), {"do": wish, "comment": pk, "sure": "1"}).status_code
        == 404
    )
    assert Comment.objects.count() == 1
    assert outbox.outbox == []
