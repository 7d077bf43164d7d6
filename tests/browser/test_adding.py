"""Adding a work by hand: people are offered, the fields follow the kind; and without a script."""

import pytest
from playwright.sync_api import expect

from references.models import Reference
from tests.browser.test_desk import log_in
from tests.factories import PersonFactory, ReferenceFactory

pytestmark = pytest.mark.django_db(transaction=True)
ADD = "/admin/references/reference/add/"
OPTIONS = "#id_authors-people [role=option]"


def test_people_are_offered_one_after_the_other_and_saved(page):
    PersonFactory(family="Copeman", given="William S. C.")
    PersonFactory(family="Herz", given="Ralph")
    log_in(page)
    page.goto(f"{ADD}?type=book")
    page.fill("#id_title", "Lumps")
    page.focus("#id_authors")
    for letters in ("cope", "her"):
        page.keyboard.insert_text(letters)  # at once, so that only one list comes
        page.wait_for_selector(OPTIONS)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    expect(page.locator("#id_authors")).to_have_value("Copeman, William S. C.; Herz, Ralph; ")
    expect(page.locator("#id_authors-people")).to_be_hidden()
    page.click("[name=_save] >> nth=0")
    page.wait_for_url("**/references/reference/")
    assert Reference.objects.get().authors_short == "Copeman WSC, Herz R"


def test_the_fields_follow_the_kind_and_keep_what_is_in_them(page):
    log_in(page)
    page.goto(f"{ADD}?type=book")
    page.fill("#id_edition", "3")
    expect(page.locator("#id_isbn")).to_be_visible()
    expect(page.locator("#id_issue")).to_be_hidden()
    page.select_option("#id_type", "article-journal")
    expect(page.locator("#id_issue")).to_be_visible()
    expect(page.locator("#id_isbn")).to_be_hidden()
    expect(page.locator("#id_edition")).to_have_value("3")


def test_without_a_script_every_field_is_there(new_page):
    PersonFactory(family="Herz", given="Ralph")
    page = new_page(java_script_enabled=False)
    log_in(page)
    page.goto("/admin/references/reference/ask/")
    page.fill("#id_what", "Herz R. Herniation of fascial fat. JAMA. 1945;128:921-5.")
    page.click(".submit-row [type=submit]")
    expect(page.locator("#id_authors")).to_have_value("Herz, R.")
    page.fill("#id_authors", "Herz, Ralph")
    page.click("details summary >> text=More fields")
    page.fill("#id_citekey", "herz45")
    with page.expect_navigation():
        page.click("[name=_save] >> nth=0")
    work = Reference.objects.get()
    assert (work.citekey, work.authors_short) == ("herz45", "Herz R")


def test_r_takes_a_work_of_the_list_on(page):
    work = ReferenceFactory(reading_state="in-hand")
    log_in(page)
    page.goto("/admin/references/reference/")
    page.focus("#result_list tbody th a")
    page.keyboard.press("r")
    page.locator(".field-reading_state", has_text="Being read").wait_for()
    work.refresh_from_db()
    assert work.reading_state == "reading"
