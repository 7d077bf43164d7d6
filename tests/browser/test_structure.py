"""Chapters and works put in order by pointer and by keyboard, with and without scripts; a page
translated beside its original; words to whoever writes."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from review.models import Chapter, Placement
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory

from .test_never_lose import (  # noqa: F401  (a fixture)
    change,
    form_of,
    login,
    only,
    opened,
    state,
    text_of,
    write,
)
from .waiting import drag, dragging

pytestmark = pytest.mark.django_db(transaction=True)
ARRANGE = reverse("admin:review_chapter_arrange")


def numbers():
    return [str(chapter) for chapter in Chapter.objects.all()]


@pytest.fixture
def three(login):  # noqa: F811
    return [ChapterFactory(title=title) for title in ("One", "Two", "Three")]


def said(page, words):
    page.locator("[data-said]", has_text=words).wait_for()


def test_chapters_move_by_keyboard_are_announced_and_keep_the_focus(page, three):
    page.goto(ARRANGE)
    page.get_by_role("link", name="Three").focus()
    page.keyboard.press("Alt+ArrowUp")
    said(page, "“Three” is now 2.")
    expect(page.get_by_role("link", name="Three")).to_be_focused()
    page.keyboard.press("Alt+ArrowRight")
    said(page, "“Three” is now 1.1, in “1 One”.")
    page.keyboard.press("Alt+ArrowRight")
    said(page, "Nothing moved: it is at the end already.")
    assert numbers() == ["1 One", "1.1 Three", "2 Two"]
    page.get_by_role("button", name="Take out one level: Three").focus()
    page.keyboard.press("Enter")
    said(page, "“Three” is now 2.")
    page.get_by_role("button", name="Take the move back").click()
    said(page, "“Three” is now 1.1, in “1 One”.")
    expect(page.get_by_role("link", name="Three")).to_be_visible()


def test_keys_that_come_faster_than_answers_are_all_done(page, three):
    page.goto(ARRANGE)
    page.get_by_role("link", name="Three").focus()
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    said(page, "“Three” is now 1.")
    assert numbers() == ["1 Three", "2 One", "3 Two"]


def drag_row(page, moved, target, **how):
    """A chapter's row, or a work's."""
    grip, row = (page.locator(f"#chapter-{each.pk}, #work-{each.pk}") for each in (moved, target))
    drag(page, grip.locator(".grip"), row, **how)


def test_chapters_are_dragged_up_and_into_others(page, three):
    page.goto(ARRANGE)
    drag_row(page, three[2], three[0])
    said(page, "“Three” is now 1.")
    drag_row(page, three[1], three[2], right=30, below=True)
    said(page, "“Two” is now 1.1, in “1 Three”.")
    assert numbers() == ["1 Three", "1.1 Two", "2 One"]
    drag_row(page, three[1], three[0], right=-30, below=True)
    said(page, "“Two” is now 3.")


def test_escape_lets_a_dragged_chapter_go(page, three):
    page.goto(ARRANGE)
    first, last = (page.locator(f"#chapter-{three[each].pk}") for each in (0, 2))
    with dragging(page, last.locator(".grip"), first):
        expect(page.locator(".dropping")).to_have_count(1)
        page.keyboard.press("Escape")
        expect(page.locator(".dropping")).to_have_count(0)
    expect(page.locator(".dropping")).to_have_count(0)
    assert numbers() == ["1 One", "2 Two", "3 Three"]


def without_script(new_page, client, live_server):
    page = new_page(java_script_enabled=False)
    value = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
    return page


def test_without_a_script_the_buttons_do_the_same(new_page, client, live_server, three):
    page = without_script(new_page, client, live_server)
    page.goto(ARRANGE)
    page.get_by_role("button", name="Move up: Three").click()
    page.get_by_text("“Three” is now 2.").wait_for()
    page.get_by_role("button", name="Make part of the one above: Three").click()
    page.get_by_text("“Three” is now 1.1, in “1 One”.").wait_for()
    expect(page.locator(".grip").first).to_be_hidden()


def test_works_are_dragged_and_a_remark_typed_meanwhile_is_kept(page, three):
    works = [ReferenceFactory(citekey=f"a{year}", year=year) for year in (1930, 1940, 1950)]
    rows = [Placement.objects.create(chapter=three[0], reference=work) for work in works]
    page.goto(reverse("admin:review_chapter_works", args=[three[0].pk]))
    page.fill(f"#remark-{rows[1].pk}", "The second.")
    drag_row(page, rows[2], rows[0])
    said(page, "stands now at place 1 of 3.")
    listed = Placement.objects.filter(chapter=three[0]).values_list("reference__year", "remark")
    assert list(listed) == [(1950, ""), (1930, ""), (1940, "The second.")]


def test_a_page_is_translated_by_one_press_with_its_original_beside(page, three):
    chapter = three[0]
    chapter.body = "<p>Words of the original.</p>"
    chapter.save()
    opened(page, chapter)
    page.get_by_role("button", name="Translate into Spanish").click()
    page.get_by_text("A draft with everything the original holds.").wait_for()
    form_of(page)
    page.get_by_role("link", name="The original").click()
    frame = page.frame_locator("iframe[name=preview]")
    frame.get_by_text("Words of the original.").wait_for()
    expect(text_of(page)).to_have_text("Words of the original.")
    text = page.frame_locator("#cke_id_body iframe").locator("html")
    expect(text).to_have_attribute("lang", "es")
    expect(page.locator("#id_title")).to_have_attribute("lang", "es")


def test_what_may_want_another_look_follows_what_is_typed(page, login):  # noqa: F811
    post = PostFactory(body="<p>Words.</p>")
    opened(page, post)
    expect(page.locator(".hints summary")).to_have_text(re.compile("^1 word"))
    write(page, " A study found it in 12 % of them.")
    page.locator("[data-count]", has_text="10 words").wait_for()
    page.locator(".hints summary", has_text="What may want another look").click()
    page.locator(".hints li", has_text="A study found it in 12 % of them.").wait_for()
    state(page, "Kept at")
