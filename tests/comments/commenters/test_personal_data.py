"""What is kept of people, how long, and how the author finds, exports and erases it."""

import json
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from captcha.models import CaptchaStore
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.utils import timezone
from post_office.models import STATUS, Email

from comments.commenters import consent, links, retention, subscriptions
from comments.mailing import digest
from comments.models import (
    AddressSecret,
    Comment,
    Decision,
    DeskSettings,
    Status,
    Subscription,
    Writer,
)
from comments.moderation import actions
from tests.factories import AuthorUserFactory, PostFactory, comment

from ..forms import address, filled, send

pytestmark = pytest.mark.django_db
ADMIN = "/admin/comments/writer/"


@pytest.fixture
def page():
    return PostFactory()


def aged(made, days):
    then = timezone.now() - timedelta(days=days)
    Comment.objects.filter(pk=made.pk).update(created=then, decided=then if made.decided else None)
    made.refresh_from_db()
    return made


class TestTheAddress:
    def request(self, address="203.0.113.7"):
        return RequestFactory().get("/", REMOTE_ADDR=address)

    def test_no_raw_address_is_kept_anywhere(self, client, page):
        client.post(
            address(page),
            filled(page),
            REMOTE_ADDR="203.0.113.7",
            HTTP_USER_AGENT="Particular Browser",
        )
        made = Comment.objects.get()
        held = str([getattr(made, field.name) for field in Comment._meta.concrete_fields])
        assert "203.0.113" not in held
        assert "Particular" not in held
        assert made.address_hash == retention.address_hash(self.request())

    def test_one_address_has_one_mark_and_others_have_others(self, db):
        assert retention.address_hash(self.request()) == retention.address_hash(self.request())
        assert retention.address_hash(self.request()) != retention.address_hash(
            self.request("203.0.113.8")
        )

    def test_a_household_has_one_mark_whatever_long_address_it_takes(self, db):
        marks = {
            retention.address_hash(self.request(f"2001:db8:1:2::{each}")) for each in (1, 2, 3)
        }
        assert len(marks) == 1
        assert retention.address_hash(self.request("2001:db8:1:3::1")) not in marks

    @pytest.mark.parametrize("address", ["", "unknown", "203.0.113", "\x00"])
    def test_what_is_no_address_has_no_mark(self, db, address):
        assert retention.address_hash(self.request(address)) == ""

    def test_another_week_has_another_secret(self, db):
        before = retention.address_hash(self.request())
        AddressSecret.objects.update(day=timezone.localdate() - timedelta(days=10))
        assert retention.address_hash(self.request()) != before
        assert AddressSecret.objects.count() == 2

    def test_without_its_secret_nobody_can_make_a_mark_again(self, db, settings):
        before = retention.address_hash(self.request())
        AddressSecret.objects.all().delete()
        assert retention.address_hash(self.request()) != before


class TestPurging:
    def purge(self, **options):
        call_command("purge_personal_data", **options)

    @pytest.mark.parametrize(
        ("status", "name"), [("spam", "COMMENT_SPAM_DAYS"), ("trash", "COMMENT_TRASH_DAYS")]
    )
    def test_spam_and_trash_go_after_their_days_and_not_before(self, page, settings, status, name):
        setattr(settings, name, 10)
        aged(comment(page, status=status, decided=timezone.now()), 11)
        aged(comment(page, status=status), 11)
        young = aged(comment(page, status=status, decided=timezone.now()), 9)
        public = aged(comment(page), 500)
        self.purge()
        assert set(Comment.objects.all()) == {young, public}

    def test_spam_that_somebody_answered_leaves_an_empty_place(self, page, settings):
        first = aged(comment(page, text="Cheap pills", email="x@example.org", status="spam"), 100)
        reply = comment(parent=first)
        self.purge()
        first.refresh_from_db()
        assert (first.text, first.email, first.name) == ("", "", "")
        assert Comment.objects.filter(pk=reply.pk).exists()

    def test_what_its_writer_withdrew_goes_with_the_trash(self, page):
        made = comment(page, writer=Writer.objects.create())
        links.withdraw(made)
        aged(Comment.objects.get(pk=made.pk), 100)
        self.purge()
        assert not Comment.objects.exists()
        assert not Writer.objects.exists()

    def test_marks_of_addresses_and_their_secrets(self, page, settings):
        settings.COMMENT_HASH_DAYS = 14
        old, young = (
            aged(comment(page, address_hash="a" * 64), 15),
            comment(page, address_hash="b" * 64),
        )
        today = timezone.localdate()
        AddressSecret.objects.create(day=today - timedelta(days=22), secret="old")
        AddressSecret.objects.create(day=today - timedelta(days=20), secret="needed")
        self.purge()
        assert list(Comment.objects.order_by("pk").values_list("address_hash", flat=True)) == [
            "",
            "b" * 64,
        ]
        assert list(AddressSecret.objects.values_list("secret", flat=True)) == ["needed"]
        assert old.pk < young.pk

    def test_addresses_nobody_confirmed(self, page, settings):
        settings.COMMENT_EMAIL_DAYS = 30
        made = [aged(comment(page, email=f"{each}@example.org"), 31) for each in "abc"]
        long_ago = timezone.now() - timedelta(days=31)
        Subscription.objects.create(comment=made[1], language="en", asked=long_ago)
        Subscription.objects.create(
            comment=made[2], language="en", asked=long_ago, confirmed=long_ago
        )
        comment(page, email="young@example.org")
        self.purge()
        assert list(Comment.objects.order_by("pk").values_list("email", flat=True)) == [
            "", "", "c@example.org", "young@example.org"]  # fmt: skip
        assert Subscription.objects.get().comment == made[2]

    def test_what_was_covered_and_what_could_be_taken_back(self, page, author, settings):
        made = comment(page, text="Dr X is bad", status="pending")
        actions.edit(comment=made, text="[name removed] is bad", user=author)
        actions.approve(comments=[made], user=author)
        aged(made, 100)
        Decision.objects.update(at=timezone.now() - timedelta(days=100))
        self.purge()
        made.refresh_from_db()
        assert (made.text, made.original_text) == ("[name removed] is bad", "")
        assert "Dr X" not in str(list(Decision.objects.values_list("before", flat=True)))

    def test_captchas_and_logins(self, db):
        CaptchaStore.objects.create(
            challenge="1",
            response="1",
            hashkey="old",
            expiration=timezone.now() - timedelta(hours=1),
        )
        AccessAttempt.objects.create(username="x", ip_address="203.0.113.7", failures_since_start=1)
        AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(days=99))
        self.purge()
        assert not CaptchaStore.objects.exists()
        assert not AccessAttempt.objects.exists()

    def test_a_dry_run_says_what_would_go_and_changes_nothing(self, page, capsys):
        aged(comment(page, status="spam", text="Cheap pills"), 100)
        self.purge(dry_run=True)
        said = capsys.readouterr().out
        assert "Nothing is forgotten yet" in said
        assert "      1 spam" in said
        assert Comment.objects.get().text == "Cheap pills"
        self.purge()
        assert "      1 spam" in capsys.readouterr().out
        assert not Comment.objects.exists()

    def test_twice_is_once(self, page, capsys):
        aged(comment(page, status="spam"), 100)
        self.purge()
        capsys.readouterr()
        self.purge()
        assert "      0 spam" in capsys.readouterr().out


class TestErasing:
    def test_nothing_of_it_is_left_where_the_author_works(self, page, author):
        made = comment(page, name="Anna Secret", text="Secret words", status="pending")
        actions.edit(comment=made, text="Other secret words", user=author)
        actions.approve(comments=[made], user=author)
        actions.answer(comment=made, text="Yes.", user=author)
        retention.erase([made])
        left = [list(model.objects.values_list()) for model in (Comment, Decision, LogEntry)]
        assert "ecret" not in str(left)

    def test_no_mail_keeps_the_words_or_the_address(self, page):
        DeskSettings(notify="daily", address="doctor@example.org").save()
        fields = {
            "status": "pending",
            "writer": Writer.objects.create(),
            "email": "anna@example.org",
        }
        mine, other = (
            comment(page, text="Mine alone", **fields),
            comment(page, text="Of another", status="pending"),
        )
        subscriptions.welcome(mine, replies=False)
        digest.digest()
        retention.erase([mine])
        (left,) = Email.objects.all()
        assert left.to == ["doctor@example.org"]
        assert "Mine alone" not in left.message + left.html_message
        assert "Of another" in left.message
        Email.objects.update(status=STATUS.sent)
        retention.erase([other])
        assert not Email.objects.exists()

    def test_mails_to_an_address_stay_while_something_of_it_stays(self, page):
        made = [
            comment(page, writer=Writer.objects.create(), email="anna@example.org")
            for _ in range(2)
        ]
        subscriptions.welcome(made[0], replies=False)
        retention.erase([made[0]])
        assert Email.objects.exists()

    def test_a_conversation_of_one_person_goes_whole(self, page):
        writer = Writer.objects.create()
        first = comment(page, writer=writer)
        second = comment(parent=comment(parent=first, writer=writer), writer=writer)
        assert retention.erase(links.comments_of(writer)) == 3
        assert not Comment.objects.exists()
        assert second.depth == 2

    def test_places_stay_in_order(self, page):
        first = comment(page)
        middle = comment(parent=first)
        last = comment(parent=middle)
        retention.erase([middle])
        assert list(Comment.objects.order_by("position").values_list("pk", flat=True)) == [
            first.pk,
            middle.pk,
            last.pk,
        ]


class TestByEmail:
    @pytest.fixture
    def made(self, page):
        return comment(
            page,
            name="Anna",
            email="Anna@example.org",
            text="My words",
            writer=Writer.objects.create(),
        )

    def test_it_is_found_whatever_the_capitals(self, author_client, made):
        comment(made.page, email="other@example.org", text="Not hers")
        html = author_client.post(ADMIN, {"email": " anna@EXAMPLE.org "}).content.decode()
        assert "My words" in html
        assert "Not hers" not in html

    def test_it_can_be_exported(self, author_client, made):
        response = author_client.post(ADMIN, {"email": "anna@example.org", "export": "1"})
        assert [each["text"] for each in json.loads(response.content)["comments"]] == ["My words"]

    def test_it_can_be_erased_with_the_mails(self, author_client, made):
        send(Client(), made.page, email="anna@example.org", replies="on")
        assert Email.objects.exists()
        author_client.post(ADMIN, {"email": "anna@example.org", "erase": "1"})
        assert not Comment.objects.exists()
        assert not Email.objects.exists()
        assert not Subscription.objects.exists()

    def test_another_address_that_ends_alike_is_another(self, author_client, made):
        send(Client(), made.page, email="joanna@example.org")
        author_client.post(ADMIN, {"email": "anna@example.org", "erase": "1"})
        assert Email.objects.get().to == ["joanna@example.org"]
        assert Comment.objects.get().email == "joanna@example.org"

    def test_the_link_to_the_own_page_goes_to_the_address_alone(self, author_client, made):
        response = author_client.post(
            ADMIN, {"email": "anna@example.org", "send": "1"}, follow=True
        )
        mail = Email.objects.get()
        assert mail.to == ["anna@example.org"]
        assert f"/comments/mine/{made.writer.key}:" in mail.message
        assert made.writer.key not in response.content.decode()

    @pytest.mark.parametrize(
        "email", ["", " ", "nobody@example.org", "%", "'; --", "x" * 300, "\x00"]
    )
    def test_nothing_found_is_nothing_done(self, author_client, made, email):
        for wish in ("find", "export", "erase", "send"):
            assert author_client.post(ADMIN, {"email": email, wish: "1"}).status_code in (200, 302)
        assert Comment.objects.filter(pk=made.pk, erased=None).exists()

    def test_an_empty_address_is_nobodys(self, author_client, page):
        comment(page, email="")
        author_client.post(ADMIN, {"email": "", "erase": "1"})
        assert retention.erase_email(" ") == 0
        assert Comment.objects.count() == 1

    def test_only_for_who_may(self, client, made):
        assert client.get(ADMIN).status_code == 302
        helper = AuthorUserFactory(is_superuser=False)
        client.force_login(helper)
        assert client.post(ADMIN, {"email": "anna@example.org", "erase": "1"}).status_code == 403
        assert Comment.objects.exists()


class TestThePrivacyPage:
    @pytest.mark.parametrize(
        "name",
        ["COMMENT_SPAM_DAYS", "COMMENT_TRASH_DAYS", "COMMENT_HASH_DAYS", "COMMENT_EMAIL_DAYS",
            "COMMENT_ORIGINAL_DAYS",
         "COMMENT_EDIT_HOURS", "MAIL_KEEP_DAYS", "LOGIN_DAYS"],
    )  # fmt: skip
    def test_its_numbers_are_the_settings(self, client, settings, name):
        setattr(settings, name, 4321)
        assert "4321" in client.get("/privacy/").content.decode()

    def test_it_stands_in_the_foot_of_every_page_and_is_the_same_for_everybody(self, client, page):
        assert 'href="/privacy/"' in client.get(page.get_absolute_url()).content.decode()
        response = client.get("/privacy/")
        assert not response.cookies
        assert "public" in response["Cache-Control"]

    def test_it_holds_the_text_one_agrees_to(self, client, page):
        said = str(consent.TEXTS[consent.VERSION])
        assert said in client.get("/privacy/").content.decode()
        assert said in client.get(address(page)).content.decode()

    def test_a_service_against_spam_is_named_only_if_there_is_one(self, client, settings):
        assert "A service against spam" not in client.get("/privacy/").content.decode()
        settings.AKISMET_URL = "https://spam.example.org"
        assert "https://spam.example.org" in client.get("/privacy/").content.decode()


class TestCookies:
    def test_reading_sets_none(self, client, page):
        comment(page, kind="question")
        for path in (page.get_absolute_url(), "/questions/", "/privacy/", "/comments/feed.atom"):
            assert not client.get(path).cookies

    def test_an_open_form_sets_one_that_goes_with_the_browser(self, client, page):
        cookies = client.get(address(page)).cookies
        assert list(cookies) == ["csrftoken"]
        assert cookies["csrftoken"]["max-age"] == ""
        assert cookies["csrftoken"]["expires"] == ""

    def test_sending_sets_the_one_that_keeps_ones_own_page_open_for_a_while(self, client, page):
        client.post(address(page), filled(page), follow=True)
        assert set(client.cookies) <= {"csrftoken", "mine"}
        assert client.cookies["mine"]["max-age"] == 7200


def test_agreement_is_kept_with_its_version_and_moment(client, page):
    send(client, page)
    made = Comment.objects.get()
    assert made.consent_version == consent.VERSION
    assert timezone.now() - made.consent_at < timedelta(minutes=1)
    assert made.status == Status.PENDING
