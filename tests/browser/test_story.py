"""The whole of it, on real material: she writes and publishes, a reader finds and asks, she
answers, the reader sees."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from comments.models import Comment, Status
from review.models import Chapter
from tests.comments.forms import answer_to
from tests.factories import AuthorUserFactory
from tests.made_once import sample_site

pytestmark = pytest.mark.django_db(transaction=True)

TITLE = "Operations on fascial fat"


@pytest.fixture
def library(settings):
    settings.COMMENT_MIN_SECONDS = 0
    sample_site()
    user = AuthorUserFactory(username="author")
    user.set_password("a long enough password")
    user.save()


def log_in(page):
    page.goto(reverse("admin:index"))
    page.fill("[name=username]", "author")
    page.fill("[name=password]", "a long enough password")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write_chapter(page):
    page.goto(reverse("admin:review_chapter_add"))
    page.fill("[name=title]", TITLE)
    page.select_option("[name=state]", "published")
    text = page.frame_locator("iframe.cke_wysiwyg_frame").locator("body")
    text.click()
    page.keyboard.type("Herz reported six operated patients")
    page.locator(".cke_button__reviewcite").click()
    page.get_by_label("Author, year, words of the title, or citekey").fill("herz 1945")
    choice = page.locator(".review-list label", has_text="Herz 1945")
    choice.wait_for()
    choice.locator("input").check()
    page.locator(".cke_dialog_ui_button_ok").click()
    text.locator("[data-cite=herz1945]").wait_for()
    page.locator("[name=_save]").first.click()
    page.get_by_text(TITLE).first.wait_for()
    return Chapter.objects.get(title=TITLE)


def ask(page, chapter):
    page.get_by_role("link", name="Leave a reply").first.click()
    page.locator("[name=text]").wait_for()
    page.fill("[name=name]", "Reader from Leeds")
    page.get_by_label("Question").check()
    page.fill("[name=text]", "Were they followed for long?")
    page.check("[name=consent]")
    key = page.get_attribute("[name=captcha_0]", "value")
    page.fill("[name=captcha_1]", answer_to(key))
    page.get_by_role("button", name="Send for reading").click()
    page.get_by_text("They wait for the author").wait_for()


def test_she_writes_a_reader_asks_she_answers_and_the_reader_sees_it(page, phone, library):
    log_in(page)
    chapter = write_chapter(page)
    assert 'data-cite="herz1945"' in chapter.body

    phone.goto(reverse("search") + "?q=fascial+operations")
    phone.get_by_role("link", name=TITLE).first.click()
    phone.get_by_role("link", name="Reference 1", exact=True).click()
    note = phone.locator("#n-1")
    expect(note).to_contain_text("with relief by surgery in six cases")
    expect(note).to_be_visible()
    ask(phone, chapter)
    assert Comment.objects.get(name="Reader from Leeds").status == Status.PENDING
    phone.goto(chapter.get_absolute_url())
    expect(phone.get_by_text("Were they followed for long?")).to_have_count(0)

    page.goto(reverse("admin:comments_comment_changelist"))
    row = page.locator("#result_list tr", has_text="Were they followed for long?")
    row.get_by_role("link", name="Approve and answer").click()
    page.fill("textarea[name=text]", "The record does not say.")
    page.get_by_role("button", name="Approve and answer").click()
    page.locator(".messagelist").wait_for()

    phone.reload()
    expect(phone.get_by_text("Were they followed for long?")).to_be_visible()
    expect(phone.get_by_text("The record does not say.")).to_be_visible()
    expect(phone.get_by_role("heading", name="2 replies")).to_be_visible()


def test_without_a_script_a_reader_finds_reads_and_asks_all_the_same(new_page, library):
    page = new_page(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page.goto(reverse("home"))
    page.get_by_role("link", name="Articles on nodules and trigger points").first.click()
    page.get_by_role("link", name="Middle of the twentieth century").first.click()
    page.get_by_role("link", name="Reference 1", exact=True).first.click()
    expect(page.locator("#n-1")).to_be_visible()
    page.locator("#n-1 .close").click()
    page.locator("#ref-1 a", has_text="Subcutaneous fatty nodes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^1935"))
    page.goto(Chapter.objects.get(slug="the-project").get_absolute_url())
    ask(page, None)
    page.goto(reverse("references:library") + "?tag=back-mice&language=es")
    expect(page.locator(".work")).not_to_have_count(0)
