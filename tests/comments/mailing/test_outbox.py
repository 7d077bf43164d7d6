"""Mail against a real server that refuses, stalls and hangs up: nothing lost, nothing twice."""

from datetime import timedelta

import pytest
from django.core import mail as outbox_of
from django.db import transaction
from django.utils import timezone
from post_office.models import STATUS, Email

from publishing.mailing import outbox, smtp

from ..smtp_server import smtp_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    with smtp_server() as server:
        settings.EMAIL_BACKEND = "publishing.mailing.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = ""
        settings.EMAIL_TIMEOUT = 0.5
        yield server


def queue(number=1, **more):
    context = {"items": [], "new": number, "waiting": number}
    return [
        outbox.send("waiting", f"reader{each}@example.org", "en", context, **more)
        for each in range(number)
    ]


def an_hour_later():
    Email.objects.filter(status__in=outbox.QUEUED).update(scheduled_time=None)


class TestSending:
    def test_it_arrives_as_text_and_html_with_its_headers(self, server):
        (kept,) = queue(headers={"List-Unsubscribe": "<https://example.org/x>"})
        assert outbox.deliver() == outbox.Delivered(sent=1)
        (got,) = server.taken
        assert got["To"] == "reader0@example.org"
        assert got["List-Unsubscribe"] == "<https://example.org/x>"
        assert got["Auto-Submitted"] == "auto-generated"
        assert got["Message-ID"] == kept.message_id
        assert {part.get_content_type() for part in got.walk()} >= {"text/plain", "text/html"}

    def test_what_is_sent_is_not_sent_again(self, server):
        queue(3)
        outbox.deliver()
        outbox.deliver()
        assert [each["To"] for each in server.taken] == [
            f"reader{number}@example.org" for number in range(3)
        ]

    def test_a_mail_waits_as_long_as_it_was_told_and_can_be_taken_back(self, server):
        (kept,) = queue(after=timedelta(minutes=10))
        assert outbox.deliver() == outbox.Delivered()
        assert outbox.cancel(pk=kept.pk) == 1
        an_hour_later()
        outbox.deliver()
        assert server.taken == []

    def test_what_the_transaction_throws_away_is_not_sent(self, server):
        try:
            with transaction.atomic():
                queue()
                raise RuntimeError
        except RuntimeError:
            pass
        outbox.deliver()
        assert server.taken == []

    def test_a_reader_gets_her_language(self):
        kept = outbox.send("waiting", "a@example.org", "es", {"items": [], "new": 2, "waiting": 2})
        assert '<html lang="es">' in kept.html_message

    def test_words_of_readers_stay_words(self):
        """Neither a template nor markup nor a header of their own."""
        bad = "{{ site.contact }}{% load x %}<script>\nBcc: all@example.org"
        item = {
            "comment": type(
                "C", (), {"name": bad, "text": bad, "language": "en", "get_kind_display": "x"}
            )(),
            "page": bad,
        }
        kept = outbox.send(
            "waiting", "a@example.org", "en", {"items": [item], "new": 1, "waiting": 1}
        )
        assert "\n" not in kept.subject
        assert "{% load x %}<script>" in kept.message
        assert "<script>" not in kept.html_message
        assert "{{ site.contact }}" in kept.html_message


class TestTrouble:
    @pytest.mark.parametrize("behaviour", ["put off", "go away", "say nothing", "hang up"])
    def test_a_mail_that_failed_is_kept_with_the_reason_and_arrives_once_later(
        self, server, behaviour
    ):
        server.behaviour = [behaviour]
        (kept,) = queue()
        assert outbox.deliver() == outbox.Delivered(put_off=1)
        kept.refresh_from_db()
        assert kept.status == STATUS.requeued
        assert kept.scheduled_time > timezone.now()
        assert kept.logs.get().message
        assert outbox.deliver() == outbox.Delivered(), "not before its time"
        an_hour_later()
        assert outbox.deliver() == outbox.Delivered(sent=1)
        assert [each["Message-ID"] for each in server.taken] == [kept.message_id]

    def test_a_refusal_is_final_and_does_not_keep_the_others_waiting(self, server):
        server.behaviour = ["take", "refuse", "take"]
        queue(3)
        assert outbox.deliver() == outbox.Delivered(sent=2, given_up=1)
        an_hour_later()
        assert outbox.deliver() == outbox.Delivered()
        assert "nobody here" in outbox.in_trouble()[0].error.message
        assert [each["To"] for each in server.taken] == [
            "reader0@example.org",
            "reader2@example.org",
        ]

    @pytest.mark.parametrize("behaviour", ["go away", "say nothing", "hang up"])
    def test_a_server_that_does_not_answer_ends_the_run_and_the_rest_goes_out_later(
        self, server, behaviour
    ):
        server.behaviour = ["take", behaviour]
        queue(4)
        assert outbox.deliver() == outbox.Delivered(sent=1, put_off=1)
        assert outbox.deliver() == outbox.Delivered(sent=2)
        an_hour_later()
        assert outbox.deliver() == outbox.Delivered(sent=1)
        assert len({each["Message-ID"] for each in server.taken}) == len(server.taken) == 4

    @pytest.mark.parametrize("behaviour", ["take and hang up", "take and stall"])
    def test_a_mail_taken_without_a_word_is_not_sent_twice_unless_she_wants_it(
        self, server, behaviour, monkeypatch
    ):
        """No protocol tells whether it was taken. Sent again by her, it has the same name."""
        monkeypatch.setattr(smtp, "LONGER", 1)
        server.behaviour = [behaviour]
        queue(2)
        assert outbox.deliver() == outbox.Delivered(given_up=1)
        an_hour_later()
        assert outbox.deliver() == outbox.Delivered(sent=1)
        assert [each["To"] for each in server.taken] == [
            "reader0@example.org",
            "reader1@example.org",
        ]
        assert outbox.try_again() == 1
        outbox.deliver()
        assert server.taken[0]["Message-ID"] == server.taken[2]["Message-ID"]

    def test_who_dies_while_the_server_takes_a_mail_leaves_it_to_her(self, server, monkeypatch):
        (kept,) = queue()
        server.behaviour = ["take and hang up"]

        def dies(*args):
            raise SystemExit

        with monkeypatch.context() as dying:
            dying.setattr(outbox, "_note", dies)
            with pytest.raises(SystemExit):
                outbox.deliver()
        assert outbox.try_again() == 0, "it may still be at it"
        assert outbox.in_trouble() == []
        Email.objects.filter(pk=kept.pk).update(last_updated=timezone.now() - outbox.LEASE)
        assert outbox.deliver() == outbox.Delivered()
        assert [each.pk for each in outbox.in_trouble()] == [kept.pk]
        assert len(server.taken) == 1

    def test_no_server_at_all_loses_nothing(self, server):
        server.close()
        queue(2)
        assert outbox.deliver() == outbox.Delivered(put_off=1)
        assert Email.objects.filter(status__in=outbox.QUEUED).count() == 2

    def test_it_waits_ever_longer_and_then_gives_up_until_she_says_so(self, server, settings):
        settings.POST_OFFICE = {**settings.POST_OFFICE, "MAX_RETRIES": 3}
        server.behaviour = "put off"
        (kept,) = queue()
        waits = []
        for _ in range(4):
            outbox.deliver()
            kept.refresh_from_db()
            waits.append(round((kept.scheduled_time - timezone.now()).total_seconds() / 60))
            an_hour_later()
        assert waits[:3] == [1, 2, 4]
        assert kept.status == STATUS.failed
        assert outbox.in_trouble()[0].error.message
        server.behaviour = "take"
        assert outbox.try_again() == 1
        assert outbox.deliver() == outbox.Delivered(sent=1)
        assert outbox.in_trouble() == []

    def test_it_keeps_trying_for_some_three_days(self, settings):
        waits = [
            min(timedelta(minutes=2**each), outbox.LONGEST_WAIT)
            for each in range(settings.POST_OFFICE["MAX_RETRIES"])
        ]
        assert timedelta(days=2) < sum(waits, timedelta()) < timedelta(days=4)

    def test_two_runs_at_once_send_each_mail_once(self, monkeypatch):
        """The second run starts while the first is in the middle of a mail."""
        queue(3)
        send, inside = outbox.Email.dispatch, []

        def dispatch(email, **options):
            if not inside:
                inside.append(True)
                outbox.deliver()
            return send(email, **options)

        monkeypatch.setattr(outbox.Email, "dispatch", dispatch)
        outbox.deliver()
        assert sorted(each.to[0] for each in outbox_of.outbox) == [
            f"reader{number}@example.org" for number in range(3)
        ]

    def test_a_run_that_dies_in_the_middle_leaves_the_mail_to_a_later_one(self, monkeypatch):
        queue()

        def dies(*args, **options):
            raise SystemExit

        with monkeypatch.context() as dying:
            dying.setattr(outbox.Email, "dispatch", dies)
            with pytest.raises(SystemExit):
                outbox.deliver()
        assert outbox.deliver() == outbox.Delivered(), "it may still be at it"
        an_hour_later()
        assert outbox.deliver() == outbox.Delivered(sent=1)


def test_mails_are_forgotten_after_their_time_and_those_that_wait_are_not(settings):
    sent, fresh, waiting = queue(3)
    long_ago = timezone.now() - timedelta(days=settings.MAIL_KEEP_DAYS + 1)
    Email.objects.filter(pk=sent.pk).update(status=STATUS.sent, last_updated=long_ago)
    Email.objects.filter(pk=fresh.pk).update(status=STATUS.sent)
    Email.objects.filter(pk=waiting.pk).update(last_updated=long_ago)
    assert outbox.forget() == 1
    assert set(Email.objects.values_list("pk", flat=True)) == {fresh.pk, waiting.pk}


def test_she_can_look_at_every_mail_in_the_admin(author_client):
    (kept,) = queue()
    assert "reader0@example.org" in author_client.get("/admin/post_office/email/").content.decode()
    assert author_client.get(f"/admin/post_office/email/{kept.pk}/change/").status_code == 200
    assert author_client.get("/admin/post_office/emailtemplate/").status_code == 404
