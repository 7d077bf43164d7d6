"""What is said besides the words: kind, role and language; and how they look before they are
sent."""

import json
import re

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from comments.models import COMMENT_LANGUAGES, Comment, Kind
from comments.text import html as text_html
from comments.text import language as text_language
from publishing import tasks
from publishing.models import SiteSettings
from tests.factories import PostFactory, ReferenceFactory, comment

from ..forms import address, filled, send
from ..test_bad_input import NAUGHTY

pytestmark = pytest.mark.django_db

CATALAN = "Bon dia, tinc un bony a l'esquena des de fa anys. És perillós?"
SPANISH = "Hola doctora, tengo un bulto en la espalda desde hace años. ¿Es peligroso?"
ENGLISH = "I have had the same lump for five years. Is it dangerous?"


@pytest.fixture
def page():
    return PostFactory(language="es")


def preview(client, page, **changes):
    return client.post(address(page), {**filled(page, **changes), "preview": "1"})


@pytest.mark.once("about words")
class TestDetecting:
    @pytest.mark.parametrize(
        ("words", "code"),
        [
            (CATALAN, "ca"),
            (SPANISH, "es"),
            (ENGLISH, "en"),
            ("Merci beaucoup docteur, j'ai mal au dos depuis deux ans", "fr"),
            ("Obrigado doutora, tenho um caroço nas costas", "pt"),
            ("Grazie dottoressa, ho un nodulo alla schiena", "it"),
            ("Danke, ich habe einen Knoten im Rücken", "de"),
            (f"> {ENGLISH}\n> {ENGLISH}\n{CATALAN}", "ca"),
        ],
    )
    def test_the_language_of_ordinary_sentences(self, words, code):
        assert text_language.detect(words) == code

    @pytest.mark.parametrize("words", ["", "ok", "?!", "123 456 789", "🙂🙂🙂", "\u200b", "https"])
    def test_words_that_do_not_tell(self, words):
        assert text_language.detect(words) == ""

    @given(st.text(max_size=300))
    @profile(deadline=None)
    def test_whatever_is_typed_gets_a_known_language_or_none(self, words):
        assert text_language.detect(words) in {"", *dict(COMMENT_LANGUAGES)}


class TestLanguage:
    def test_unsaid_it_is_that_of_the_words(self, client, page):
        send(client, page, text=CATALAN, language="")
        assert Comment.objects.get().language == "ca"

    def test_said_it_is_what_the_writer_says(self, client, page):
        send(client, page, text=CATALAN, language="pt")
        assert Comment.objects.get().language == "pt"

    @pytest.mark.parametrize(("menus", "language"), [("en", "es"), ("ca", "ca")])
    def test_words_that_do_not_tell_are_in_that_of_the_menus_else_of_the_page(
        self, client, page, menus, language
    ):
        with override(menus):
            where = address(page)
        client.post(where, filled(page, text="ok", language=""))
        assert Comment.objects.get().language == language

    def test_below_a_work_in_a_language_nobody_may_choose_it_is_english(self, client):
        page = ReferenceFactory(language="tr")
        client.post(address(page), filled(page, text="ok", language=""))
        assert Comment.objects.get().language == "en"

    def test_the_writer_is_told_and_can_correct_it(self, client, page):
        response = client.post(address(page), filled(page, text=CATALAN, language=""), follow=True)
        html = response.content.decode()
        assert "marked as written in Catalan" in html
        assert "/comments/mine/" in html

    def test_a_preview_says_it_and_leaves_the_choice_open(self, client, page):
        html = preview(client, page, text=CATALAN, language="").content.decode()
        assert "It is marked as written in Catalan." in html
        assert not re.search(r'value="ca" selected', html)

    def test_a_wrong_guess_is_put_right_by_the_worker(self, client, page):
        words = "L'article francès diu una altra cosa, vegeu la pàgina 12."
        assert text_language.guess(words) == "it"
        client.post(address(page), filled(page, text=words, language=""))
        assert Comment.objects.get().language == "ca"

    def test_what_was_chosen_meanwhile_stays(self, page):
        made = comment(page, text=CATALAN, language="pt")
        tasks.enqueue("comments.language", made.pk, "es")
        made.refresh_from_db()
        assert made.language == "pt"

    def test_a_language_nobody_offers_is_refused_with_nothing_lost(self, client, page):
        response = send(client, page, language="tlh")
        assert response.status_code == 200
        assert "Does it go away?</textarea>" in response.content.decode()


class TestKindAndRole:
    @pytest.mark.parametrize("kind", Kind.values)
    def test_four_kinds(self, client, page, kind):
        send(client, page, kind=kind)
        assert Comment.objects.get().kind == kind

    def test_both_can_be_left_out(self, client, page):
        data = {name: value for name, value in filled(page).items() if name not in ("kind", "role")}
        client.post(address(page), data)
        made = Comment.objects.get()
        assert (made.kind, made.role) == (Kind.COMMENT, "")

    def test_a_role_is_kept_and_comes_back_when_something_is_wrong(self, client, page):
        assert re.search(
            r'value="patient" selected',
            send(client, page, role="patient", name="").content.decode(),
        )
        send(client, page, role="patient")
        assert Comment.objects.get().role == "patient"

    @pytest.mark.parametrize("field", ["kind", "role"])
    def test_what_is_not_offered_is_refused(self, client, page, field):
        assert send(client, page, **{field: "surgeon"}).status_code == 200
        assert not Comment.objects.exists()


class TestPreview:
    def test_it_shows_the_words_as_they_will_look_and_keeps_everything(self, client, page):
        first = comment(page, name="Berta")
        data = {
            **filled(page, text="> said\n\nhttps://example.org and <b>bold</b>", role="patient"),
            "preview": "1",
        }
        html = client.post(address(page, first), data).content.decode()
        assert "<blockquote><p>said</p></blockquote>" in html
        assert '<a href="https://example.org" rel="nofollow ugc noreferrer noopener">' in html
        assert "&lt;b&gt;bold&lt;/b&gt;</p>" in html
        assert 'name="name" value="Anna"' in html
        assert re.search(r'value="patient" selected', html)
        assert re.search(r'name="consent"[^>]*checked', html)
        assert "Reply to Berta" in html
        assert "put right" not in html
        assert Comment.objects.count() == 1

    def test_what_was_looked_at_can_then_be_sent(self, client, page):
        html = preview(client, page).content.decode()
        stamp = re.search(r'name="stamp" value="([^"]*)"', html)[1]
        assert send(client, page, stamp=stamp).status_code == 302

    def test_without_words_there_is_nothing_to_show(self, client, page):
        assert 'id="preview"' not in preview(client, page, text=" \n ").content.decode()

    def test_the_script_gets_the_same_without_a_token(self, client, page):
        response = client.post(
            "/comments/preview/", {"text": f"> a\n\n<i> {CATALAN}", "language": ""}
        )
        data = json.loads(response.content)
        assert data["html"] == text_html.to_html(text_html.normalise(f"> a\n\n<i> {CATALAN}"))
        assert (data["language"], data["name"]) == ("ca", "Catalan")
        assert not response.cookies
        assert "no-store" in response["Cache-Control"]

    def test_it_is_not_for_reading(self, client):
        assert client.get("/comments/preview/").status_code == 405

    def test_five_megabytes_are_not_looked_at(self, client):
        body = b"text=" + b"x" * 5_000_000
        response = client.generic(
            "POST", "/comments/preview/", body, content_type="application/x-www-form-urlencoded"
        )
        assert response.status_code in (200, 400, 413)

    @pytest.mark.parametrize("words", NAUGHTY)
    def test_naughty_words_are_words(self, client, words):
        shown = json.loads(client.post("/comments/preview/", {"text": words}).content)["html"]
        assert "<script" not in shown
        assert "<img" not in shown

    @profile(
        max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(words=st.text(max_size=300), language=st.text(max_size=20))
    def test_whatever_is_sent_it_is_answered(self, client, db, words, language):
        data = {
            "text": words.encode("utf-8", "replace").decode(),
            "language": language.encode("utf-8", "replace").decode(),
        }
        answer = json.loads(client.post("/comments/preview/", data).content)
        assert answer["html"] == text_html.to_html(text_html.normalise(data["text"]))


@pytest.mark.once("about what the form says")
class TestHelpWithTheSum:
    def test_a_way_by_mail_is_named_where_the_author_has_an_address(self, client, page):
        assert (
            "If you can neither see nor hear it" not in client.get(address(page)).content.decode()
        )
        site = SiteSettings.load()
        site.contact = "author@example.org"
        site.save()
        html = client.get(address(page)).content.decode()
        assert 'href="mailto:author@example.org"' in html
        assert f"http://testserver{page.get_absolute_url()}" in html

    def test_the_note_about_emergencies_stands_above_the_form(self, client, page):
        assert "in an emergency call 112" in client.get(address(page)).content.decode()


@pytest.mark.parametrize("field", ["role", "replies", "writer", "from", "preview"])
@pytest.mark.parametrize("value", ["\x00", "<b>", "9" * 9999, "🙂", "a:b:c", "on"])
def test_no_new_field_makes_an_error_page(client, page, field, value):
    assert send(client, page, **{field: value}).status_code in (200, 302)
    assert client.get(address(page), {"from": value}).status_code in (200, 404)


@pytest.mark.parametrize(
    "query", ["mine=x", "mine=%F0", "mine=" + "a" * 3000, "published=1&mine=a:b"]
)
def test_the_thank_you_page_trusts_no_address(client, query):
    response = client.get(f"/comments/sent/?{query}")
    assert response.status_code == 200
    assert "/comments/mine/" not in response.content.decode()
