import re
import time
from unittest import mock

import pytest
from django.test import Client
from django.utils.translation import override

from comments.forms import Stamp
from comments.models import Comment, Kind, Status
from publishing.models import SiteSettings, State
from tests.factories import (
    AuthorUserFactory,
    ChapterFactory,
    PostFactory,
    ReferenceFactory,
    comment,
)

from .forms import address, answer_to, filled, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return PostFactory(language="es", title="A page to write under")


def hidden(response, name):
    return re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())[1]


class TestWhereOneCanWrite:
    @pytest.mark.parametrize("make", [ChapterFactory, PostFactory, ReferenceFactory])
    def test_there_is_a_form_for_chapters_posts_and_references(self, client, make):
        assert client.get(address(make())).status_code == 200

    def test_a_page_under_construction_takes_comments(self, client):
        page = ChapterFactory(state=State.CONSTRUCTION)
        assert send(client, page).status_code == 302

    def test_notes_take_none_for_they_are_shown_with_their_reference(self, client):
        notes = ReferenceFactory(notes="<p>Notes</p>").notes
        assert client.get(address(notes)).status_code == 404

    @pytest.mark.parametrize("state", [State.DRAFT])
    def test_a_page_the_public_does_not_see_has_no_form(self, client, state):
        page = PostFactory(state=state)
        assert client.get(address(page)).status_code == 404
        assert send(client, page).status_code == 404

    @pytest.mark.parametrize(
        "path",
        ["blog.post/999", "blog.nothing/1", "nothing/1", "auth.user/1", "publishing.image/1",
            "comments.comment/1",
         "blog.post.x/1", "references.person/1", "blog.post/99999999999999999999999999"],
    )  # fmt: skip
    def test_anything_else_is_not_found(self, client, path):
        assert client.get(f"/comments/new/{path}/").status_code == 404

    def test_a_closed_page_says_so_and_keeps_what_was_being_written(self, client, page):
        page.comments_open = False
        page.save()
        response = send(client, page, text="My long <story>")
        assert "Replies are closed" in response.content.decode()
        assert "My long &lt;story&gt;" in response.content.decode()
        assert not Comment.objects.exists()


class TestSending:
    def test_a_comment_waits_for_the_author_and_the_reader_is_told(self, client, page):
        response = client.post(address(page), filled(page), follow=True)
        made = Comment.objects.get()
        assert (made.page, made.parent, made.status) == (page, None, Status.PENDING)
        assert (made.name, made.email, made.kind, made.language) == (
            "Anna",
            "anna@example.org",
            Kind.QUESTION,
            "en",
        )
        assert made.text == "Does it go away?"
        assert made.consent_at is not None
        assert not made.by_author
        assert "They wait for the author" in response.content.decode()
        assert page.get_absolute_url() in response.content.decode()

    def test_a_reply_stands_below_what_it_answers(self, client, page):
        first = comment(page)
        deep = comment(parent=comment(parent=first))
        response = client.post(address(page, deep), filled(page), follow=True)
        made = Comment.objects.latest("pk")
        assert (made.parent, made.root, made.depth) == (deep, first, 3)
        assert f"{page.get_absolute_url()}#comment-{deep.pk}" in response.content.decode()

    def test_the_form_shows_what_it_answers(self, client, page):
        first = comment(page, name="Berta", text="The very words.")
        html = client.get(address(page, first)).content.decode()
        assert "Reply to Berta" in html
        assert "The very words." in html

    def test_an_e_mail_address_is_not_asked_for(self, client, page):
        send(client, page, email="")
        assert Comment.objects.get().email == ""

    @pytest.mark.parametrize("language", ["en", "es", "ca"])
    def test_it_works_in_every_language_of_the_menus(self, client, page, language):
        with override(language):
            where = address(page)
        html = client.get(where).content.decode()
        assert f'<html lang="{language}">' in html
        response = client.post(where, filled(page))
        assert response.status_code == 302
        assert response["Location"].startswith(
            "/comments/sent/" if language == "en" else f"/{language}/comments/sent/"
        )

    def test_one_form_makes_one_comment(self, client, page):
        data = filled(page)
        answers = [client.post(address(page), data) for _ in range(3)]
        assert Comment.objects.count() == 1
        assert {answer["Location"] for answer in answers} == {answers[0]["Location"]}

    def test_two_forms_make_two_comments_even_with_the_same_words(self, client, page):
        send(client, page)
        send(client, page)
        assert Comment.objects.count() == 2

    def test_a_form_without_its_token_is_refused(self, page):
        careful = Client(enforce_csrf_checks=True)
        refused = careful.post(address(page), filled(page))
        assert refused.status_code == 403
        assert "what you wrote is still in the form" in refused.content.decode()
        opened = careful.get(address(page))
        token = hidden(opened, "csrfmiddlewaretoken")
        assert (
            careful.post(address(page), {**filled(page), "csrfmiddlewaretoken": token}).status_code
            == 302
        )


class TestPuttingRight:
    MISSING = {"name": "", "text": " \n ", "consent": None, "captcha_1": ""}

    @pytest.mark.parametrize("name", MISSING)
    def test_a_missing_field_is_named_at_the_top_and_beside_it(self, client, page, name):
        data = {**filled(page), name: self.MISSING[name]}
        response = client.post(
            address(page), {key: value for key, value in data.items() if value is not None}
        )
        html = response.content.decode()
        anchor = "id_captcha_1" if name == "captcha_1" else f"id_{name}"
        assert response.status_code == 200
        assert "One thing to put right" in html
        assert f'<a href="#{anchor}">' in html
        assert f'id="{anchor}"' in html
        assert 'class="error"' in html
        assert not Comment.objects.exists()

    @pytest.mark.parametrize(
        "wrong", [{"captcha_1": "99"}, {"name": ""}, {"email": "anna@"}, {"captcha_1": "eleven"}]
    )
    def test_everything_typed_and_the_reply_target_are_still_there(self, client, page, wrong):
        first = comment(page, name="Berta")
        typed = {
            "name": "Anna",
            "email": "anna@example.org",
            "kind": "question",
            "language": "ca",
            "text": "Tres <b>línies</b>\n\nal final",
        }
        html = send(client, page, first, **{**typed, **wrong}).content.decode()
        typed = {**typed, **{name: value for name, value in wrong.items() if name in typed}}
        assert f'name="name" value="{typed["name"]}"' in html or not typed["name"]
        assert f'name="email" value="{typed["email"]}"' in html
        assert "Tres &lt;b&gt;línies&lt;/b&gt;\n\nal final</textarea>" in html
        assert re.search(r'value="question"[^>]*checked', html)
        assert re.search(r'value="ca" selected', html)
        assert re.search(r'name="consent"[^>]*checked', html)
        assert "Reply to Berta" in html
        assert f'action="{address(page, first)}"' in html

    def test_wrong_digits_bring_others_and_use_the_old_ones_up(self, client, page):
        data = filled(page)
        response = client.post(address(page), {**data, "captcha_1": "99"})
        assert hidden(response, "captcha_0") != data["captcha_0"]
        assert client.post(address(page), data).status_code == 200
        value = hidden(response, "captcha_0")
        again = {
            **data,
            "stamp": hidden(response, "stamp"),
            "captcha_0": value,
            "captcha_1": answer_to(value),
        }
        assert client.post(address(page), again).status_code == 302

    @pytest.mark.parametrize("changes", [{"name": ""}, {"name": "", "preview": "1"}])
    def test_who_has_copied_the_digits_is_not_asked_for_others(self, client, page, changes):
        data = filled(page)
        response = client.post(address(page), {**data, **changes})
        assert response.status_code == 200
        assert hidden(response, "captcha_0") == data["captcha_0"]
        assert hidden(response, "captcha_1") == data["captcha_1"]
        assert client.post(address(page), data).status_code == 302

    def test_other_digits_keep_everything_and_complains_of_nothing(self, client, page):
        data = filled(page, text="Half a sent", name="", captcha_1="")
        response = client.post(address(page), {**data, "another": "1"})
        html = response.content.decode()
        assert response.status_code == 200
        assert "Half a sent</textarea>" in html
        assert "put right" not in html
        assert hidden(response, "captcha_0") != data["captcha_0"]

    def test_the_picture_does_not_give_the_digits_away(self, client, page):
        response = client.get(address(page))
        alt = re.search(r'class="sum"[^>]*alt="([^"]+)"', response.content.decode())[1]
        assert not re.search(r"\d", alt)
        picture = re.search(r'class="sum" src="([^"]+)"', response.content.decode())[1]
        assert client.get(picture)["Content-Type"] == "image/png"

    @pytest.mark.parametrize("flite", ["/usr/bin/flite", None])
    def test_the_digits_are_read_aloud_where_the_server_can_speak(
        self, client, page, settings, flite
    ):
        settings.CAPTCHA_ESPEAK_PATH, settings.CAPTCHA_FLITE_PATH = None, flite
        assert ("<audio" in client.get(address(page)).content.decode()) is bool(flite)


class TestMachines:
    def test_a_filled_trap_is_refused_with_nothing_lost(self, client, page):
        response = send(client, page, subject="cheap pills")
        assert response.status_code == 200
        assert "Does it go away?</textarea>" in response.content.decode()
        assert "cheap pills" not in response.content.decode()
        assert not Comment.objects.exists()

    def test_a_form_sent_at_once_is_asked_again(self, client, page, settings):
        settings.COMMENT_MIN_SECONDS = 3
        response = send(client, page)
        assert "That was very quick" in response.content.decode()
        assert "Does it go away?</textarea>" in response.content.decode()
        with mock.patch("django.core.signing.time.time", return_value=time.time() - 5):
            earlier = Stamp(page).value
        assert send(client, page, stamp=earlier).status_code == 302

    @pytest.mark.parametrize("stamp", ["", "forged", "a:b:c", "\x00", "x" * 5000])
    def test_a_form_without_a_good_stamp_is_asked_again_and_then_taken(self, client, page, stamp):
        response = send(client, page, stamp=stamp)
        assert response.status_code == 200
        assert "Does it go away?</textarea>" in response.content.decode()
        assert send(client, page, stamp=hidden(response, "stamp")).status_code == 302

    def test_a_stamp_is_good_for_its_own_page_only(self, client, page):
        other = PostFactory()
        assert send(client, page, stamp=Stamp(other).value).status_code == 200


class TestTheAuthorsName:
    @pytest.fixture(autouse=True)
    def _name(self):
        row = SiteSettings.load()
        row.author_name = "Núria Güell"
        row.save()

    @pytest.mark.parametrize(
        "name",
        [
            "Núria Güell",
            "NURIA  GUELL",
            "nuria güell ",
            "Nu\u0301ria Gu\u0308ell",
            "Nuria\u200b Guell",
            "N\u00faria.Guell",
            "𝐍uria Guell",
            "Nυriа Guеll",
            "Nur1a Gue11",
            "Dra. Núria Güell, author",
            "Güell, Núria",
            "Νurіa Guеӏӏ",  # Greek Nu, Cyrillic i, e and palochka
            "ɴᴜʀɪᴀ ɢᴜᴇʟʟ",
            "Nuria Gueꓡꓡ",
            "ⲚURIA GUELL",
            "\u202elleüG airúN",
            "\u2066Núria\u2069 Güell",
        ],
    )
    def test_no_reader_may_take_it(self, client, page, name):
        response = send(client, page, name=name)
        assert response.status_code == 200
        assert "the name of the site’s author" in response.content.decode().replace("&#x27;", "’")

    @pytest.mark.parametrize(
        "name",
        ["Núria", "Güell", "Núria Güellet", "Maria Güell", "Мария Иванова", "Γιώργος"],
    )
    def test_a_namesake_of_hers_is_not_troubled(self, client, page, name):
        assert send(client, page, name=name).status_code == 302

    def test_a_name_that_turns_what_follows_round_is_kept_without_that(self, client, page):
        send(client, page, name="\u202eAnna")
        assert Comment.objects.get().name == "Anna"

    def test_she_herself_writes_without_a_sum_and_at_once(self, author_client, page):
        first = comment(page)
        html = author_client.get(address(page, first)).content.decode()
        assert "captcha" not in html
        assert 'value="Núria Güell"' in html
        data = {
            name: value
            for name, value in filled(page, name="Núria Güell").items()
            if not name.startswith("captcha")
        }
        response = author_client.post(address(page, first), data, follow=True)
        made = Comment.objects.latest("pk")
        assert (made.by_author, made.status, made.parent) == (True, Status.APPROVED, first)
        assert "Your answer stands on the page now" in response.content.decode()

    def test_another_account_has_the_sum_and_waits_like_any_reader(self, client, page):
        client.force_login(AuthorUserFactory(is_superuser=False))
        assert "captcha" in client.get(address(page)).content.decode()
        careless = {
            name: value
            for name, value in filled(page).items()
            if name != "consent" and not name.startswith("captcha")
        }
        html = client.post(address(page), careless).content.decode()
        assert "2 things to put right" in html
        assert not Comment.objects.exists()
        assert send(client, page).status_code == 302
        made = Comment.objects.get()
        assert (made.by_author, made.status) == (False, Status.PENDING)


class TestAReplyToWhatIsGone:
    @pytest.mark.parametrize("status", [Status.TRASH, Status.SPAM, Status.PENDING])
    def test_the_words_are_kept_and_can_be_sent_as_a_new_comment(self, client, page, status):
        first = comment(page, text="Secret words")
        first.status = status
        first.save()
        response = send(client, page, first)
        html = response.content.decode()
        assert response.status_code == 200
        assert "is not there any more" in html
        assert "Does it go away?</textarea>" in html
        assert "Secret words" not in html
        assert f'action="{address(page)}"' in html
        assert "Send as a new comment" in html
        assert Comment.objects.count() == 1
        assert send(client, page, stamp=hidden(response, "stamp")).status_code == 302
        assert Comment.objects.latest("pk").parent is None

    @pytest.mark.parametrize("asked", ["999", "abc", "-1", "²", "1" * 40, "1 OR 1=1", "%F0%9F"])
    def test_a_target_that_never_was_is_the_same(self, client, page, asked):
        response = client.get(f"{address(page)}?reply_to={asked}")
        assert response.status_code == 200
        assert "is not there any more" in response.content.decode()

    def test_a_comment_of_another_page_is_no_target_here(self, client, page):
        elsewhere = comment(PostFactory(), text="From elsewhere")
        html = client.get(address(page, elsewhere)).content.decode()
        assert "is not there any more" in html
        assert "From elsewhere" not in html
