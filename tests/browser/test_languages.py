"""A first visit in another language: one quiet line, put away for good."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_browser_that_asks_for_spanish_is_offered_it_once(new_page):
    page = new_page(locale="es-ES", viewport={"width": 390, "height": 844})
    page.goto("/blog/")
    offer = page.get_by_role("complementary", name="Ver esta página con los menús en español")
    expect(offer.get_by_role("link")).to_have_attribute("href", "/es/blog/")
    offer.get_by_role("button", name="No, gracias").click()
    expect(offer).to_be_hidden()
    page.goto("/")
    page.locator(".appearance").first.wait_for()  # the script has run
    expect(page.locator(".offer:visible")).to_have_count(0)


def test_following_it_is_an_answer_too(new_page):
    page = new_page(locale="ca-ES")
    page.goto("/blog/")
    page.get_by_role("link", name="Veure aquesta pàgina amb els menús en català").click()
    page.wait_for_url("**/ca/blog/")
    page.goto("/blog/")
    page.locator(".appearance").first.wait_for()
    expect(page.locator(".offer:visible")).to_have_count(0)


def test_for_the_language_of_the_page_there_is_none(page):
    page.goto("/blog/")
    page.locator(".appearance").first.wait_for()
    expect(page.locator(".offer:visible")).to_have_count(0)
