"""What the author hears by mail, and what the links in it can do: nothing, until she presses a
button."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone
from post_office.models import Email

from comments.mailing import digest
from comments.models import Comment, Decision, DeskSettings, Status
from comments.moderation import actions
from publishing.models import SiteSettings
from tests.factories import AuthorUserFactory, PostFactory, comment

from ..forms import send

pytestmark = pytest.mark.django_db
TO_HER = "doctor@example.org"


@pytest.fixture
def page():
    return PostFactory(title="The page in question")


def wants(notify, **fields):
    DeskSettings(notify=notify, address=TO_HER, **fields).save()


def to_her():
    return [mail for mail in Email.objects.order_by("pk") if mail.to == [TO_HER]]


def received(page, **fields):
    return actions.receive(
        comment=Comment(page=page, **{"name": "Anna", "text": "Does it go away?", **fields})
    )


class TestAtOnce:
    def test_each_new_comment_is_a_mail(self, client, page):
        wants("once")
        send(client, page, name="Anna", text="Does it go <away>? {{ x }}")
        (mail,) = to_her()
        assert mail.subject == "New: Anna on “The page in question”"
        assert "Does it go <away>? {{ x }}" in mail.message
        assert "Does it go &lt;away&gt;? {{ x }}" in mail.html_message
        assert f"desk/?at={Comment.objects.get().pk}" in mail.message

    def test_its_flags_are_in_it(self, page):
        wants("once")
        received(page, text="Dr. Smith did it")
        assert "A clinician by name" in to_her()[0].message

    @pytest.mark.parametrize(("notify", "mails"), [("hourly", 1), ("daily", 1), ("never", 0)])
    def test_what_may_be_an_emergency_does_not_wait_for_the_digest(self, page, notify, mails):
        wants(notify)
        received(page, text="I want to die")
        assert [mail.subject for mail in to_her()] == [
            "Perhaps an emergency. New: Anna on “The page in question”"
        ] * mails

    @pytest.mark.parametrize("notify", ["never", "hourly", "daily"])
    def test_not_when_she_wants_it_otherwise(self, page, notify):
        wants(notify)
        received(page)
        assert to_her() == []

    def test_spam_and_her_own_words_disturb_nobody(self, page):
        wants("once")
        received(
            page,
            text="[url=x] https://a.example https://b.example https://c.example https://d.example https://e.example",
        )
        received(page, by_author=True, status=Status.APPROVED)
        assert Comment.objects.filter(status=Status.SPAM).exists()
        assert to_her() == []

    def test_without_an_address_of_hers_it_goes_to_the_sites(self, page):
        DeskSettings(notify="once").save()
        received(page)
        assert not Email.objects.exists()
        SiteSettings(contact="contact@example.org").save()
        received(page)
        assert Email.objects.get().to == ["contact@example.org"]

    def test_in_her_language(self, page):
        wants("once", language="ca")
        received(page)
        assert '<html lang="ca">' in to_her()[0].html_message


class TestDigest:
    def test_one_mail_for_all_that_is_new_and_only_once(self, page):
        wants("daily")
        for name in ("Anna", "Berta"):
            received(page, name=name)
        assert digest.digest() == 2
        (mail,) = to_her()
        assert mail.subject == "2 new comments"
        assert mail.message.index("Anna") < mail.message.index("Berta")
        assert digest.digest() == 0
        assert digest.digest(timezone.now() + timedelta(days=2)) == 0, "nothing new"
        assert len(to_her()) == 1

    def test_what_may_be_an_emergency_stands_first(self, page):
        wants("daily")
        comment(page, name="Anna", status=Status.PENDING)
        comment(page, name="Berta", status=Status.PENDING, text="I want to die")
        digest.digest()
        (mail,) = to_her()
        assert mail.subject.startswith("Perhaps an emergency.")
        assert mail.message.index("Berta") < mail.message.index("Anna")

    def test_of_very_many_it_says_how_many_more_there_are_and_where(self, page, monkeypatch):
        monkeypatch.setattr(digest, "IN_ONE_MAIL", 2)
        wants("daily")
        for name in ("Anna", "Berta", "Clara", "Dora", "Emma"):
            comment(page, name=name, status=Status.PENDING)
        assert digest.digest() == 5
        (mail,) = to_her()
        assert mail.subject == "5 new comments"
        assert "Clara" not in mail.message
        assert (
            "3 more new ones are at the desk: http://testserver/admin/comments/comment/desk/"
            in mail.message
        )
        assert "3 more new ones are at the desk</a>" in mail.html_message

    @pytest.mark.parametrize(
        ("notify", "wait"), [("hourly", timedelta(hours=1)), ("daily", timedelta(days=1))]
    )
    def test_not_before_its_hour(self, page, notify, wait):
        wants(notify)
        received(page)
        now = timezone.now()
        assert digest.digest(now) == 1
        Comment.objects.update(created=now + timedelta(minutes=1))
        assert digest.digest(now + wait - timedelta(minutes=1)) == 0
        assert digest.digest(now + wait) == 1

    def test_what_is_decided_already_is_left_out(self, page):
        wants("hourly")
        comment(page)
        comment(page, status=Status.SPAM)
        assert digest.digest() == 0

    @pytest.mark.parametrize("notify", ["never", "once"])
    def test_none_unless_she_wants_one(self, page, notify):
        wants(notify)
        comment(page, status=Status.PENDING)
        assert digest.digest() == 0


class TestLinks:
    @pytest.fixture
    def waiting(self, page):
        return comment(page, status=Status.PENDING, name="Anna", text="Does it go away?")

    def path(self, waiting, decision="approve"):
        return digest.link(waiting, decision).removeprefix("http://testserver")

    def press(self, client, path, do="approve", **fields):
        seen = re.search(r'name="seen" value="(\w+)"', client.get(path).content.decode())
        return client.post(path, {"do": do, "seen": seen[1] if seen else "", **fields})

    @pytest.mark.parametrize("decision", ["approve", "spam"])
    @pytest.mark.parametrize("method", ["get", "head", "options"])
    def test_a_program_that_opens_links_changes_nothing(self, client, waiting, decision, method):
        getattr(client, method)(self.path(waiting, decision))
        waiting.refresh_from_db()
        assert waiting.status == Status.PENDING
        assert not Decision.objects.exists()

    @pytest.mark.parametrize(
        ("do", "status"), [("approve", "approved"), ("spam", "spam"), ("trash", "trash")]
    )
    def test_the_button_decides(self, client, waiting, do, status):
        html = self.press(client, self.path(waiting), do).content.decode()
        waiting.refresh_from_db()
        assert waiting.status == status
        assert "Done" in html
        assert Decision.objects.get().user is None

    def test_once_decided_it_does_nothing_more(self, client, waiting):
        path = self.path(waiting)
        self.press(client, path)
        actions.trash(comments=[waiting])
        html = self.press(client, path).content.decode()
        waiting.refresh_from_db()
        assert waiting.status == Status.TRASH
        assert "Decided: Trash" in html

    def test_words_changed_meanwhile_are_shown_and_not_approved(self, client, waiting):
        path = self.path(waiting)
        seen = re.search(r'name="seen" value="(\w+)"', client.get(path).content.decode())[1]
        waiting.text = "Buy this"
        waiting.save()
        html = client.post(path, {"do": "approve", "seen": seen}).content.decode()
        assert "have been changed" in html
        assert "Buy this" in html
        waiting.refresh_from_db()
        assert waiting.status == Status.PENDING

    def test_a_forged_an_old_and_a_strange_link_lead_nowhere(self, client, waiting, monkeypatch):
        path = self.path(waiting)
        strange = (
            "/comments/decide/" + signing.dumps([waiting.pk, "delete"], salt=digest.SALT) + "/"
        )
        for bad in (
            path[:-3] + "x/",
            "/comments/decide/x/",
            strange,
            "/comments/decide/" + signing.dumps([1, "approve"]) + "/",
        ):
            assert client.post(bad, {"do": "approve"}).status_code == 404
        monkeypatch.setattr(digest, "LINK_LASTS", timedelta(seconds=-1))
        assert client.get(path).status_code == 404
        waiting.refresh_from_db()
        assert waiting.status == Status.PENDING

    def test_an_erased_comment_leads_nowhere(self, client, waiting):
        path = self.path(waiting)
        waiting.delete()
        assert client.get(path).status_code == 404

    def test_without_the_forms_token_nothing_is_decided(self, waiting):
        client = Client(enforce_csrf_checks=True)
        assert client.post(self.path(waiting), {"do": "approve"}).status_code == 403

    def test_it_is_kept_by_nobody_and_found_by_nobody(self, client, waiting):
        response = client.get(self.path(waiting))
        assert "no-store" in response["Cache-Control"]
        assert 'content="noindex"' in response.content.decode()


class TestHerAddress:
    @pytest.mark.parametrize(
        "email",
        ["doctor@example.org", "DOCTOR@example.org", "contact@example.org", "staff@example.org"],
    )
    def test_nobody_else_writes_under_it(self, client, page, email):
        wants("never")
        SiteSettings(contact="contact@example.org").save()
        AuthorUserFactory(email="Staff@example.org")
        html = send(client, page, email=email).content.decode()
        assert "the address of the site&#x27;s author" in html
        assert "Does it go away?" in html
        assert not Comment.objects.exists()

    def test_all_others_do(self, client, page):
        AuthorUserFactory(email="")
        for email in ("", "anna@example.org"):
            send(client, page, email=email)
        assert Comment.objects.count() == 2
