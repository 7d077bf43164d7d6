"""“Mail me when somebody answers”: asked twice, told once, ended with one press."""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils.translation import override
from post_office.models import Email

from comments.commenters import links as own_links
from comments.commenters import subscriptions
from comments.models import Comment, Status, Subscription, Writer
from comments.moderation import actions
from publishing.models import SiteSettings
from tests.factories import PersonFactory, PostFactory, ReferenceFactory, comment

from ..forms import address, filled, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return PostFactory(title="A page to write under")


@pytest.fixture
def asked(page):
    """A public question whose writer hears of replies."""
    made = comment(
        page, name="Anna", email="anna@example.org", kind="question", writer=Writer.objects.create()
    )
    Subscription.objects.create(comment=made, language="en", confirmed=made.created)
    return made


def path_in(mail, part):
    return urlsplit(re.search(rf"http://testserver/\S*{part}/\S+", mail.message)[0]).path


class TestAsking:
    def test_the_box_brings_one_mail_that_asks_again(self, client, page):
        send(client, page, replies="on")
        mail = Email.objects.get()
        assert mail.to == ["anna@example.org"]
        assert Subscription.objects.get().confirmed is None
        assert "confirm" in mail.message
        assert f"/comments/mine/{Comment.objects.get().writer.key}:" in mail.message

    def test_no_word_of_the_writer_is_in_it(self, client, page):
        send(client, page, replies="on", name="Cheap pills", text="Buy at https://spam.example.org")
        mail = Email.objects.get()
        assert "pills" not in mail.subject + mail.message + mail.html_message
        assert "spam.example" not in mail.message + mail.html_message

    def test_without_the_box_the_mail_brings_only_the_link(self, client, page):
        send(client, page)
        mail = Email.objects.get()
        assert "/comments/mine/" in mail.message
        assert "/comments/confirm/" not in mail.message
        assert not Subscription.objects.exists()

    def test_without_an_address_there_is_no_mail_and_the_box_asks_for_one(self, client, page):
        send(client, page, email="")
        assert not Email.objects.exists()
        html = send(client, page, email="", replies="on").content.decode()
        assert "To hear of replies, give your e-mail address here." in html
        assert re.search(r'name="replies"[^>]*checked', html)

    def test_spam_gets_no_mail(self, client, page):
        links = " ".join(f"https://spam{each}.example.org" for each in range(9))
        send(client, page, replies="on", text=f"[url={links}] cheap <a href=x>", name="x")
        made = Comment.objects.get()
        if made.status != Status.SPAM:  # whatever the score: what is spam gets none
            made.status = Status.SPAM
            Email.objects.all().delete()
            subscriptions.welcome(made, replies=True)
        assert not Email.objects.exists()

    def test_a_stranger_cannot_be_flooded(self, client, page):
        told = []
        for number in range(6):
            sent = client.post(
                address(page), filled(page, text=f"Words number {number} of a flood"), follow=True
            )
            told.append("is also on its way to anna@example.org" in sent.content.decode())
        assert Email.objects.count() == subscriptions.WELCOMES_A_DAY
        assert told == [True] * subscriptions.WELCOMES_A_DAY + [False] * 3

    def test_it_is_written_in_the_language_of_the_menus(self, client, page):
        with override("ca"):
            where = address(page)
        send_to = client.post(where, {**filled(page), "replies": "on"})
        assert send_to.status_code == 302
        assert "/ca/comments/mine/" in Email.objects.get().message
        assert Subscription.objects.get().language == "ca"


class TestConfirming:
    @pytest.fixture
    def path(self, client, page):
        send(client, page, replies="on")
        return path_in(Email.objects.get(), "confirm")

    def test_opening_the_link_changes_nothing_the_button_does(self, client, path):
        assert "Yes, tell me of replies" in client.get(path).content.decode()
        assert client.head(path).status_code == 200
        assert Subscription.objects.get().confirmed is None
        assert "You will hear of replies" in client.post(path).content.decode()
        assert Subscription.objects.get().confirmed is not None

    def test_twice_is_once(self, client, path):
        client.post(path)
        first = Subscription.objects.get().confirmed
        client.post(path)
        assert Subscription.objects.get().confirmed == first

    @pytest.mark.parametrize("wrong", ["1", "1:x", "x" * 300, "é"])
    def test_a_forged_link_confirms_nothing(self, client, path, wrong):
        assert client.get(f"/comments/confirm/{wrong}/").status_code == 404
        assert client.post(f"/comments/confirm/{wrong}/").status_code == 404
        assert Subscription.objects.get().confirmed is None

    def test_it_names_no_address(self, client, path):
        assert "anna@example.org" not in client.get(path).content.decode()


class TestTelling:
    def test_an_answer_of_the_author_is_told_once_it_is_public(self, asked):
        actions.answer(comment=asked, text="Mostly fat.")
        mail = Email.objects.get()
        assert mail.to == ["anna@example.org"]
        assert "Mostly fat." in mail.message
        assert "A page to write under" in mail.subject

    def test_a_readers_reply_is_told_when_it_is_approved_and_not_before(self, asked):
        reply = comment(
            parent=asked,
            name="Berta",
            email="berta@example.org",
            text="Mine too.",
            status=Status.PENDING,
        )
        subscriptions.follow(reply)
        assert not Email.objects.exists()
        actions.approve(comments=[reply])
        mail = Email.objects.get()
        assert "Berta" in mail.subject
        assert "berta@example.org" not in mail.message + mail.html_message + str(mail.headers)

    def test_nobody_is_told_twice(self, asked):
        reply = comment(parent=asked, status=Status.PENDING)
        actions.approve(comments=[reply])
        subscriptions.follow(reply)
        actions.wait(comments=[reply])
        Email.objects.update(status=0)  # it has gone out meanwhile
        actions.approve(comments=[reply])
        assert Email.objects.count() == 1

    def test_what_is_thought_better_of_is_taken_back_in_time(self, asked):
        reply = comment(parent=asked, status=Status.PENDING)
        actions.approve(comments=[reply])
        assert Email.objects.get().scheduled_time is not None
        actions.trash(comments=[reply])
        assert not Email.objects.exists()
        actions.approve(comments=[reply])
        assert Email.objects.count() == 1

    def test_those_further_up_hear_of_it_too_each_address_once(self, page, asked):
        middle = comment(parent=asked, email="Anna@Example.org", writer=Writer.objects.create())
        Subscription.objects.create(comment=middle, language="en", confirmed=middle.created)
        other = comment(parent=middle, email="carles@example.org", writer=Writer.objects.create())
        Subscription.objects.create(comment=other, language="en", confirmed=other.created)
        subscriptions.follow(comment(parent=other))
        assert sorted(mail.to[0] for mail in Email.objects.all()) == [
            "Anna@Example.org",
            "carles@example.org",
        ]

    def test_not_of_ones_own_words(self, asked):
        subscriptions.follow(comment(parent=asked, writer=asked.writer))
        subscriptions.follow(comment(parent=asked, email="ANNA@example.org"))
        assert not Email.objects.exists()

    def test_not_without_having_confirmed(self, asked):
        Subscription.objects.update(confirmed=None)
        subscriptions.follow(comment(parent=asked))
        assert not Email.objects.exists()

    @pytest.mark.parametrize("gone", [{"status": Status.TRASH}, {"email": ""}])
    def test_not_to_whose_own_comment_is_gone(self, asked, gone):
        Comment.objects.filter(pk=asked.pk).update(**gone)
        subscriptions.follow(comment(parent=asked))
        assert not Email.objects.exists()

    def test_not_from_a_page_the_public_does_not_see(self, page, asked):
        page.state = "draft"
        page.save()
        reply = comment(parent=asked)
        subscriptions.follow(reply)
        assert not Email.objects.exists()

    def test_the_mail_is_in_the_language_asked_in(self, asked):
        Subscription.objects.update(language="ca")
        subscriptions.follow(comment(parent=asked))
        assert "http://testserver/ca/comments/" in Email.objects.get().message

    def test_markup_in_a_reply_is_words_in_the_mail(self, asked):
        subscriptions.follow(
            comment(parent=asked, name="<b>B</b>", text="<script>alert(1)</script>")
        )
        mail = Email.objects.get()
        assert "<script>" not in mail.html_message
        assert "&lt;script&gt;" in mail.html_message
        assert "<b>B" not in mail.html_message

    def test_works_and_quotations_look_as_on_the_page(self, asked):
        work = ReferenceFactory(citekey="sutro1935", people=[PersonFactory(family="Sutro")])
        actions.answer(comment=asked, text="> your words\n\nSee [@sutro1935].")
        mail = Email.objects.get()
        assert "See Sutro 1935." in mail.message
        assert (
            f'<a class="cited" href="http://testserver{work.get_absolute_url()}">Sutro 1935</a>'
            in mail.html_message
        )
        assert "<blockquote><p>your words</p></blockquote>" in mail.html_message

    def test_a_name_can_add_no_header(self, asked):
        subscriptions.follow(comment(parent=asked, name="B\r\nBcc: all@example.org"))
        assert "\n" not in Email.objects.get().subject


class TestEnding:
    @pytest.fixture
    def mail(self, asked):
        row = SiteSettings.load()
        row.save()
        subscriptions.follow(comment(parent=asked))
        return Email.objects.get()

    def test_mail_programs_find_one_click_in_the_headers(self, mail):
        assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert re.fullmatch(
            r"<http://testserver/comments/unsubscribe/\S+/>", mail.headers["List-Unsubscribe"]
        )

    def test_one_press_of_a_mail_program_ends_it_without_cookie_or_token(self, mail):
        program = Client(enforce_csrf_checks=True)
        path = urlsplit(mail.headers["List-Unsubscribe"].strip("<>")).path
        response = program.post(
            path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
        )
        assert response.status_code == 200
        assert not response.cookies
        assert not Subscription.objects.exists()
        assert program.post(path).status_code == 200

    def test_opening_the_link_only_asks(self, client, mail):
        path = path_in(mail, "unsubscribe")
        assert "No more mail about this?" in client.get(path).content.decode()
        assert Subscription.objects.exists()

    def test_no_other_subscription_ends_with_it(self, client, page, mail):
        other = comment(page, email="b@example.org")
        Subscription.objects.create(comment=other, language="en")
        client.post(path_in(mail, "unsubscribe"))
        assert Subscription.objects.get().comment == other

    def test_it_also_ends_on_the_own_page(self, client, asked):
        client.post(own_links.link(asked.writer))
        client.post("/comments/mine/", {"do": "silence", "comment": asked.pk})
        assert not Subscription.objects.exists()
