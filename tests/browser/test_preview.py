"""The preview beside the form: what is typed, as readers will see it, at the width of a phone and
of a laptop."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from blog.models import Post
from tests.factories import PostFactory

from .test_never_lose import form_of, login, opened, write  # noqa: F401  (a fixture)
from .waiting import holds

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def post(login):  # noqa: F811
    return PostFactory(title="A post", slug="a-post", state="draft", body="<p>First words.</p>")


def shown(page):
    return page.frame_locator("iframe[name=preview]")


def test_unsaved_words_stand_beside_the_form_as_readers_will_see_them(page, post):
    opened(page, post)
    write(page, " Not saved.")
    page.get_by_role("button", name="Preview", exact=True).click()
    shown(page).get_by_text("First words. Not saved.").wait_for()
    frame = page.locator("iframe[name=preview]")
    is_wide = "width => document.querySelector('[name=preview]').contentWindow.innerWidth === width"
    holds(page, is_wide, 1280 - 2)
    page.get_by_role("button", name="Phone").click()
    holds(page, is_wide, 390 - 2)
    write(page, " And more.")
    page.get_by_role("button", name="Show the newest words").click()
    shown(page).get_by_text("Not saved. And more.").wait_for()
    page.get_by_role("button", name="Close the preview").click()
    expect(frame).to_be_hidden()
    assert Post.objects.get().body == "<p>First words.</p>"
    page.locator("[data-state]", has_text="Kept at").wait_for()


def test_without_a_script_the_button_opens_a_page(new_page, login, client, live_server, post):  # noqa: F811
    page = new_page(java_script_enabled=False)
    value = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
    page.goto(reverse("admin:blog_post_change", args=[post.pk]))
    page.fill("#id_title", "Another title")
    with page.context.expect_page() as opening:
        page.get_by_role("button", name="Preview", exact=True).click()
    opening.value.get_by_role("heading", name="Another title").wait_for()
    assert Post.objects.get().title == "A post"
