"""Titles while one types in the search field, by keyboard and by hand; the field works without the
script."""

import pytest

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
    page.keyboard.type("cope")
    page.wait_for_selector(OPTIONS)


def test_the_arrow_keys_choose_and_enter_goes_there(page):
    open_list(page)
    assert page.get_attribute(FIELD, "aria-expanded") == "true"
    assert page.text_content("p[role=status].vh") == "Suggestions: 2. Arrow keys to choose."
    page.keyboard.press("ArrowDown")
    chosen = page.get_attribute(FIELD, "aria-activedescendant")
    assert page.get_attribute(f"#{chosen}", "aria-selected") == "true"
    assert page.text_content(f"#{chosen}").startswith("Copeman and his nodules")
    page.keyboard.press("Enter")
    page.wait_for_url("**/blog/copeman/")


def test_escape_closes_the_list_and_keeps_what_was_typed(page):
    open_list(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    assert not page.is_visible(LIST)
    assert page.input_value(FIELD) == "cope"
    assert page.get_attribute(FIELD, "aria-expanded") == "false"
    assert page.get_attribute(FIELD, "aria-activedescendant") is None
    page.keyboard.press("ArrowDown")
    assert page.is_visible(LIST)


def test_enter_without_a_choice_searches(page):
    open_list(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=cope")
    assert page.locator(".hits li").count() == 2


def test_leaving_the_field_closes_the_list(page):
    open_list(page)
    page.keyboard.press("Tab")
    assert not page.is_visible(LIST)


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
    assert page.locator(".hits li").count() == 2
