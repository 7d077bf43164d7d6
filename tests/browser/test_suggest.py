"""Titles while one types in the search field, by keyboard and by hand; the field works without the
script."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories import PersonFactory, PostFactory

pytestmark = pytest.mark.django_db(transaction=True)
FIELD, LIST, OPTIONS = "#q", "#q-suggestions", "#q-suggestions [role=option]"


@pytest.fixture(autouse=True)
def _titles():
    PersonFactory(family="Copeman", given="William")
    PostFactory(title="Copeman and his nodules", slug="copeman")


def open_list(page):
    page.goto("/search/")
    page.focus(FIELD)
    page.keyboard.insert_text("cope")  # at once, so that only one list comes
    page.wait_for_selector(OPTIONS)


def test_the_arrow_keys_choose_and_enter_goes_there(page):
    open_list(page)
    field, first = page.locator(FIELD), page.locator(OPTIONS).first
    expect(field).to_have_attribute("aria-expanded", "true")
    said = page.locator("form p[role=status].vh")
    expect(said).to_have_text("Suggestions: 2. Arrow keys to choose.")
    page.keyboard.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "true")
    expect(first).to_have_text(re.compile("^Copeman and his nodules"))
    expect(first).to_have_id("q-suggestions-0")
    expect(field).to_have_attribute("aria-activedescendant", "q-suggestions-0")
    page.keyboard.press("Enter")
    page.wait_for_url("**/blog/copeman/")


def test_escape_closes_the_list_and_keeps_what_was_typed(page):
    open_list(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    field = page.locator(FIELD)
    expect(page.locator(LIST)).to_be_hidden()
    expect(field).to_have_value("cope")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).not_to_have_attribute("aria-activedescendant", re.compile(""))
    page.keyboard.press("ArrowDown")
    expect(page.locator(LIST)).to_be_visible()


def test_enter_without_a_choice_searches(page):
    open_list(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=cope")
    expect(page.locator(".hits li")).to_have_count(2)


def test_leaving_the_field_closes_the_list(page):
    open_list(page)
    page.keyboard.press("Tab")
    expect(page.locator(LIST)).to_be_hidden()


def test_a_suggestion_can_be_tapped(phone):
    open_list(phone)
    phone.tap(f"{OPTIONS} >> nth=1")
    phone.wait_for_url("**/references/people/william-copeman/")


def test_without_scripts_the_form_searches(new_page):
    page = new_page(java_script_enabled=False)
    page.goto("/search/")
    page.fill(FIELD, "cope")
    page.press(FIELD, "Enter")
    page.wait_for_url("**/search/?q=cope")
    expect(page.locator(".hits li")).to_have_count(2)
