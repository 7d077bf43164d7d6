"""The desk on a phone: from the mail about a new comment to that comment in one press, logged in or
not."""

import pytest
from playwright.sync_api import expect

from comments.models import Comment, DeskSettings, Status
from comments.moderation import actions
from tests.factories import AuthorUserFactory, ChapterFactory, comment

from .test_desk import log_in
from .waiting import fits, holds

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "una tarda de pluja"
SMALL = """() => [
  ...document.querySelectorAll("a, button, summary, select, input:not([type=hidden])")]
  .map((each) => [each, each.getBoundingClientRect()])
  .filter(([each, box]) => box.width > 1 && box.height > 1 && box.height < 43.9)
  .map(([each, box]) => `${each.localName} ${each.textContent.trim().slice(0, 40)}`
    + ` ${box.height}`)"""


@pytest.fixture
def mailed(settings, live_server):
    """The address in the mail about the youngest of three comments."""
    settings.SITE_URL = live_server.url
    DeskSettings(notify="once", address="doctor@example.org").save()
    chapter = ChapterFactory(title="The chapter")
    for name in ("Berta", "Carles"):
        comment(chapter, name=name, status=Status.PENDING)
    made = actions.receive(
        comment=Comment(page=chapter, name="Anna", text="I cannot go on, I want to die.")
    )
    words = made.mailed.get().email.message
    return next(line.split()[-1] for line in words.splitlines() if "/desk/?at=" in line)


def shows_anna(phone):
    phone.locator("#who", has_text="Anna").wait_for()
    expect(phone.locator("#who")).to_be_focused()
    holds(phone, "document.getElementById('who').getBoundingClientRect().top < innerHeight / 2")


def test_logged_in_the_mail_leads_to_the_comment_and_one_press_decides(phone, mailed):
    log_in(phone)
    phone.goto(mailed)
    shows_anna(phone)
    phone.get_by_role("button", name="Approve", exact=True).tap()
    phone.locator(".notice", has_text="Anna: Approved").wait_for()
    assert Comment.objects.get(name="Anna").status == Status.APPROVED


@pytest.mark.parametrize("scripts", [True, False])
def test_logged_out_it_leads_there_after_the_password(new_page, mailed, scripts):
    phone = new_page(
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
        java_script_enabled=scripts,
    )
    user = AuthorUserFactory(username="anna")
    user.set_password(PASSWORD)
    user.save()
    phone.goto(mailed)
    phone.fill("#id_username", "anna")
    phone.fill("#id_password", PASSWORD)
    phone.locator("[type=submit]").tap()
    phone.locator("#who", has_text="Anna").wait_for()


@pytest.mark.parametrize("path", ["/admin/", "/admin/comments/comment/desk/"])
def test_what_can_be_pressed_is_as_large_as_a_thumb_and_nothing_is_wider_than_the_phone(
    phone, mailed, path
):
    log_in(phone)
    phone.goto(path)
    phone.locator("h1").first.wait_for()
    assert phone.evaluate(SMALL) == []
    fits(phone)
