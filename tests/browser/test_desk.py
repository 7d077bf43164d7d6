"""The author's story at the answering desk: with the keyboard alone, and without a script."""

import re
from datetime import timedelta

import pytest
from django.conf import settings as site_settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from comments.models import Comment, Snippet, Status
from tests.browser.waiting import fits
from tests.factories import (
    AuthorUserFactory,
    ChapterFactory,
    PersonFactory,
    ReferenceFactory,
    comment,
)

pytestmark = pytest.mark.django_db(transaction=True)
DESK = "/admin/comments/comment/desk/"


@pytest.fixture
def asked():
    """Three that wait: Anna's question in Spanish, Berta's comment, Carles's advertisement."""
    chapter = ChapterFactory(title="The chapter")
    made = []
    for days, fields in enumerate(
        (
            {"name": "Carles", "text": "Buy my pills"},
            {"name": "Berta", "text": "Thank you"},
            {
                "name": "Anna",
                "text": "Me operó el Dr. Puig. ¿Se cura?",
                "kind": "question",
                "language": "es",
            },
        )
    ):
        made.append(
            comment(
                chapter,
                status=Status.PENDING,
                created=timezone.now() - timedelta(days=days + 1),
                **fields,
            )
        )
    return made[::-1]


def log_in(page):
    client = Client()
    client.force_login(AuthorUserFactory())
    value = client.cookies[site_settings.SESSION_COOKIE_NAME].value
    page.goto("/healthz")
    page.context.add_cookies(
        [{"name": site_settings.SESSION_COOKIE_NAME, "value": value, "url": page.url}]
    )


def at(page, name, ready="html.js "):
    """The comment of this person is shown, and the keys work."""
    page.locator(f"{ready}#who", has_text=name).wait_for()


def status(made):
    made.refresh_from_db()
    return made.status


def has_focus(page, selector):
    expect(page.locator(selector)).to_be_focused()


def answer_is(page, words):
    expect(page.locator("#id_answer-text")).to_have_value(words)


def test_a_morning_at_the_desk_with_the_keyboard_alone(page, asked):
    anna, berta, carles = asked
    ReferenceFactory(
        citekey="sutro1935",
        people=[PersonFactory(family="Sutro")],
        title="Subcutaneous fatty nodes",
    )
    Snippet.objects.create(title="See a doctor", language="es", text="Enseñe esto a su médico.")
    log_in(page)
    page.goto(DESK)
    at(page, "Anna")
    press = page.keyboard.press

    # What the keys are
    press("?")
    page.get_by_role("dialog", name="Keys").wait_for()
    press("Escape")
    page.get_by_role("dialog").wait_for(state="hidden")

    # On to the next and back
    press("n")
    at(page, "Berta")
    press("p")
    at(page, "Anna")

    # The surgeon's name goes, and comes back, and goes
    press("x")
    page.locator("html.js", has_text="[nombre eliminado]").wait_for()
    press("u")
    page.locator("html.js .now mark.clinician", has_text="Dr. Puig").first.wait_for()
    press("x")
    page.locator("html.js", has_text="[nombre eliminado]").wait_for()

    # An answer with a citation chosen in the library; keys are letters while she writes
    press("r")
    has_focus(page, "#id_answer-text")
    page.keyboard.type("Gracias. A menudo, sí: ")
    assert status(anna) == Status.PENDING
    page.get_by_role("button", name="Cite a work").focus()
    press("Enter")
    page.get_by_role("searchbox").wait_for()
    page.keyboard.type("sutro")
    page.locator("dialog .found button").first.wait_for()
    with page.expect_response(
        lambda response: "/draft/" in response.url and "sutro" in (response.request.post_data or "")
    ):
        press("Enter")
    answer_is(page, "Gracias. A menudo, sí: [@sutro1935]")
    has_focus(page, "#id_answer-text")
    page.get_by_text(re.compile(r"Draft kept at \d\d:\d\d")).wait_for()
    assert Comment.objects.get(pk=anna.pk).draft == "Gracias. A menudo, sí: [@sutro1935]"
    press("Control+Enter")
    at(page, "Berta")
    reply = anna.replies.get()
    assert '<a class="cited" href="/references/sutro1935/">Sutro 1935</a>' in reply.html
    assert status(anna) == Status.APPROVED

    # Thought better of it: the words are still there
    press("u")
    at(page, "Anna")
    assert status(anna) == Status.PENDING
    answer_is(page, "Gracias. A menudo, sí: [@sutro1935]")
    press("r")
    press("Control+Enter")
    at(page, "Berta")

    # Approve, and the advertisement away
    press("a")
    at(page, "Carles")
    press("s")
    page.locator("html.js", has_text="Everything is read and answered").wait_for()
    assert [status(each) for each in (anna, berta, carles)] == ["approved", "approved", "spam"]
    press("u")
    at(page, "Carles")
    assert status(carles) == Status.PENDING

    # A word put right, a summary written
    press("e")
    has_focus(page, "#id_edit-text")
    press("Control+a")
    page.keyboard.type("Thanks")
    press("Tab")
    press("Enter")
    page.locator("html.js .now .said.own", has_text=re.compile("^Thanks$")).wait_for()
    assert Comment.objects.get(pk=carles.pk).original_text == "Buy my pills"
    press("g")
    has_focus(page, "#id_gloss-gloss")
    page.keyboard.type("He thanks.")
    press("Tab")
    page.keyboard.type("Eng")
    press("Tab")
    press("Enter")
    page.locator("html.js .gloss").wait_for()
    press("t")
    page.get_by_text("Everything is read and answered").wait_for()
    assert status(carles) == Status.TRASH


def test_keys_with_ctrl_and_in_fields_do_nothing(page, asked):
    log_in(page)
    page.goto(DESK)
    at(page, "Anna")
    page.keyboard.press("Alt+s")
    page.locator("select[name=language]").focus()
    page.keyboard.press("t")
    page.keyboard.press("Escape")
    has_focus(page, "body")
    assert {status(each) for each in asked} == {Status.PENDING}


def test_leaving_in_the_middle_of_a_sentence_loses_nothing(page, asked):
    log_in(page)
    page.goto(DESK)
    page.fill("#id_answer-text", "Half a thought")
    page.get_by_text("Draft kept at").wait_for()
    page.reload()
    answer_is(page, "Half a thought")


def test_when_the_connection_is_gone_she_is_told_and_the_words_stay(page, asked, problems):
    log_in(page)
    page.goto(DESK)
    page.locator("iframe").scroll_into_view_if_needed()
    page.context.set_offline(True)
    page.fill("#id_answer-text", "Half a thought")
    page.get_by_text("The draft could not be kept").wait_for()
    answer_is(page, "Half a thought")
    page.context.set_offline(False)
    page.fill("#id_answer-text", "Half a thought more")
    page.get_by_text("Draft kept at").wait_for()
    problems.clear()


def test_a_snippet_goes_where_the_cursor_is(page, asked):
    Snippet.objects.create(title="Elsewhere", language="ca", text="No")
    Snippet.objects.create(title="See a doctor", language="es", text="Enseñe esto a su médico.")
    log_in(page)
    page.goto(DESK)
    page.fill("#id_answer-text", "Gracias. Suerte.")
    page.evaluate("document.querySelector('#id_answer-text').setSelectionRange(9, 9)")
    page.get_by_role("button", name="Insert").click()
    answer_is(page, "Gracias. Enseñe esto a su médico.Suerte.")


def test_without_a_script_every_step_is_a_button(new_page, asked):
    page = new_page(java_script_enabled=False)
    log_in(page)
    page.goto(DESK)
    at(page, "Anna", ready="")
    page.get_by_role("button", name="Remove it visibly").click()
    page.fill("#id_answer-text", "Sí.")
    with page.expect_navigation():
        page.get_by_role("button", name="Save draft").click()
    answer_is(page, "Sí.")
    page.get_by_role("button", name="Approve and answer").click()
    at(page, "Berta", ready="")
    page.get_by_role("button", name="Undo").click()
    at(page, "Anna", ready="")
    answer_is(page, "Sí.")
    page.get_by_role("link", name="Next").click()
    at(page, "Berta", ready="")
    page.get_by_role("button", name="Approve", exact=False).first.click()
    at(page, "Carles", ready="")
    page.select_option("select[name=language]", "es")
    page.get_by_role("button", name="Show").click()
    at(page, "Anna", ready="")


def test_it_never_scrolls_sideways(page, asked):
    log_in(page)
    page.goto(DESK)
    at(page, "Anna")
    for width in (320, 390, 768, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        fits(page, width)


def test_the_words_at_the_top_of_the_desk_are_of_one_size(page, asked):
    log_in(page)
    page.goto(DESK)
    words = page.locator("#user-tools a, #logout-form button")
    sizes = [
        words.nth(at).evaluate(
            "each => [getComputedStyle(each).fontSize,"
            " getComputedStyle(each).fontSizeAdjust].join()"
        )
        for at in range(words.count())
    ]
    assert len(sizes) == 3
    assert len(set(sizes)) == 1
