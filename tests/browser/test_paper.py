"""Pages as a browser prints them."""

import re

import pytest
from playwright.sync_api import expect

from references.browsing.handout import MOST
from tests.factories import ReferenceFactory, comment
from tests.review import paper

pytestmark = pytest.mark.django_db(transaction=True)


def pages(pdf):
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def shown(page, selector):
    return page.locator(selector).filter(visible=True)


def test_a_chapter_prints_its_text_and_references_and_nothing_to_press(new_page):
    chapter = paper.review()
    comment(chapter, text="I have this too.")
    page = new_page(viewport={"width": 700, "height": 900}, color_scheme="dark")
    page.goto(chapter.get_absolute_url())
    page.emulate_media(media="print", color_scheme="dark")
    for words in (
        ".prose",
        ".own",
        ".letter",
        ".quote",
        ".refs",
        ".colophon .care",
    ):
        expect(shown(page, words), words).not_to_have_count(0)
    for chrome in (
        ".menu",
        ".thumb",
        ".rail",
        ".comment",
        ".copy",
        ".note",
        ".crumbs",
        ".turn",
        ".paper",
        "button",
        ".tools",
        ".formats",
        ".refs .back",
        ".skip",
    ):
        expect(shown(page, chrome), chrome).to_have_count(0)
    after = page.eval_on_selector(
        ".video .what a", "link => getComputedStyle(link, '::after').content"
    )
    assert "https://" in after or "attr(href)" in after
    expect(page.locator("html")).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(page.locator(".prose p").first).to_have_css("color", "rgb(0, 0, 0)")


def test_the_sheet_for_the_doctor_fits_one_page_however_full_it_is(new_page):
    keys = [
        ReferenceFactory(
            citekey=f"work{number}",
            title=(
                "A study of nodules and their treatment in patients with pain of the lower back and"
                " hip "
            )
            * 2,
            one_line="What the author says of it in one sentence, which is rather long. " * 4,
            doi=f"10.1000/a.{number}",
            pmid=f"12345{number}",
        ).citekey
        for number in range(MOST)
    ]
    page = new_page()
    page.goto("/references/take/to-your-doctor/?" + "&".join(f"key={key}" for key in keys))
    assert pages(page.pdf(format="A4")) == 1
    assert pages(page.pdf(format="Letter")) == 1


def test_choosing_and_putting_on_the_page_works_without_scripts(new_page):
    ReferenceFactory(citekey="a1", title="Cluneal nerves", one_line="Nerves over the bone.")
    ReferenceFactory(citekey="b2", title="Fat under the skin")
    page = new_page(java_script_enabled=False)
    page.goto("/references/")
    page.get_by_role("link", name="Choose some to take to your doctor").click()
    page.get_by_label("Cluneal nerves").check()
    page.get_by_role("button", name="Put the chosen ones on the page").click()
    expect(page.get_by_text("Nerves over the bone.")).to_be_visible()
    page.get_by_label("Find works").fill("fat")
    page.get_by_role("button", name="Find").click()
    page.get_by_label("Fat under the skin").check()
    page.get_by_role("button", name="Put the chosen ones on the page").click()
    expect(page.locator(".taken li")).to_have_count(2)


def test_the_button_prints(new_page):
    chapter = paper.review()
    page = new_page()
    page.add_init_script("window.print = () => { document.title = 'printed' }")
    page.goto(chapter.get_absolute_url())
    page.get_by_role("button", name="print this page").click()
    expect(page).to_have_title("printed")
