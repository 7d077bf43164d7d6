"""Writing under a page, in the page: the form opens where one reads, and nothing typed is lost."""

import pytest
from playwright.sync_api import expect

from comments.models import Comment
from tests.comments.forms import answer_to
from tests.factories import ChapterFactory, comment

from .waiting import is_at

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_waiting(settings):
    settings.COMMENT_MIN_SECONDS = 0


@pytest.fixture
def chapter():
    chapter = ChapterFactory()
    first = comment(chapter, name="Berta")
    comment(parent=first, name="Carles")
    return chapter


def has_focus(page, selector):
    expect(page.locator(selector)).to_be_focused()


def still_there(page, words="My words"):
    expect(page.locator("#reply [name=text]")).to_have_value(words)


def answer_sum(page):
    key = page.get_attribute("#reply [name=captcha_0]", "value")
    page.fill("#reply [name=captcha_1]", answer_to(key))


def test_a_reply_is_written_refused_put_right_and_sent_without_leaving_the_page(phone, chapter):
    phone.goto(chapter.get_absolute_url())
    phone.get_by_role("link", name="Reply to Carles").click()
    phone.get_by_role("heading", name="Reply to Carles").wait_for()
    has_focus(phone, "#reply [name=name]")
    phone.fill("#reply [name=name]", "Anna")
    phone.fill("#reply [name=text]", "My words")
    phone.check("#reply [name=consent]")
    phone.fill("#reply [name=captcha_1]", "99")
    phone.get_by_role("button", name="Send for reading").click()
    phone.wait_for_selector("#reply .errors")
    has_focus(phone, "#reply .errors")
    still_there(phone)
    answer_sum(phone)
    phone.press("#reply [name=captcha_1]", "Enter")
    phone.get_by_text("They wait for the author").wait_for()
    made = Comment.objects.latest("pk")
    assert (made.text, made.parent.name) == ("My words", "Carles")
    is_at(phone, chapter.get_absolute_url())


def test_escape_closes_returns_the_focus_and_keeps_the_words_for_another_reply(page, chapter):
    page.goto(chapter.get_absolute_url())
    link = page.get_by_role("link", name="Reply to Carles")
    link.click()
    page.fill("#reply [name=text]", "Half a sent")
    page.keyboard.press("Escape")
    expect(page.locator("#reply")).to_have_count(0)
    expect(link).to_be_focused()
    page.get_by_role("link", name="Leave a reply").click()
    page.get_by_role("heading", name="Leave a reply").wait_for()
    still_there(page, "Half a sent")


def test_another_sum_keeps_the_words(page, chapter):
    page.goto(chapter.get_absolute_url())
    page.get_by_role("link", name="Leave a reply").click()
    page.fill("#reply [name=text]", "My words")
    before = page.get_attribute("#reply [name=captcha_0]", "value")
    page.get_by_role("button", name="Show other digits").click()
    page.wait_for_selector(f'#reply [name=captcha_0]:not([value="{before}"])', state="attached")
    still_there(page)
    has_focus(page, "#id_captcha_1")


def test_who_has_to_wait_is_told_in_the_page_and_the_words_stay(page, chapter, settings, problems):
    settings.LIMITS = {"sendings": [("address", 0, 600)]}
    page.goto(chapter.get_absolute_url())
    page.get_by_role("link", name="Reply to Carles").click()
    page.fill("#reply [name=text]", "My words")
    page.get_by_role("button", name="Send for reading").click()
    page.get_by_text("A great deal has come from your network address").wait_for()
    has_focus(page, "#reply .errors")
    still_there(page)
    is_at(page, chapter.get_absolute_url())
    problems.clear()


def test_errors_take_the_focus_on_the_forms_own_page_and_a_preview_clears_them(page, chapter):
    page.goto(chapter.get_absolute_url())
    page.goto(page.get_by_role("link", name="Leave a reply").get_attribute("href"))
    page.fill("[name=text]", "My words")
    page.get_by_role("button", name="Send for reading").click()
    expect(page.locator("#reply .errors")).to_be_focused()
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#reply .errors")).to_have_count(0)
    expect(page.locator("#reply .error")).to_have_count(0)


def test_when_the_connection_is_gone_the_words_stay(page, chapter, problems):
    page.goto(chapter.get_absolute_url())
    page.get_by_role("link", name="Leave a reply").click()
    page.fill("#reply [name=text]", "My words")
    page.context.set_offline(True)
    page.get_by_role("button", name="Send for reading").click()
    page.get_by_text("It could not be sent just now").wait_for()
    still_there(page)
    assert "ERR_INTERNET_DISCONNECTED" in problems[0]
    problems.clear()


def test_without_a_script_the_links_lead_to_the_form_and_it_works(new_page, chapter):
    page = new_page(java_script_enabled=False)
    page.goto(chapter.get_absolute_url())
    page.get_by_role("link", name="Reply to Carles").click()
    page.get_by_role("heading", name="Reply to Carles", level=1).wait_for()
    page.fill("[name=name]", "Anna")
    page.fill("[name=text]", "My words")
    page.get_by_role("button", name="Send for reading").click()
    page.get_by_text("2 things to put right").wait_for()
    expect(page.locator("[name=text]")).to_have_value("My words")
    page.check("[name=consent]")
    answer_sum(page)
    page.get_by_role("button", name="Send for reading").click()
    page.get_by_text("They wait for the author").wait_for()
    assert Comment.objects.latest("pk").parent.name == "Carles"
