"""Reading in a real browser: contents that follow, headings that copy their address, figures, text
size, footnotes."""

import re

import pytest
from playwright.sync_api import expect

from publishing.models import Image
from tests.factories import ChapterFactory

from .waiting import box_of, fits, holds, is_at

pytestmark = pytest.mark.django_db(transaction=True)
PARTS = "".join(
    f"<h2>Part {word}</h2>{'<p>' + 'Some words of a text. ' * 60 + '</p>'}"
    for word in ("one", "two", "three")
)
FIGURE = (
    '<figure class="figure"><img src="/media/images/a.png" alt="A back"><figcaption>Behind.'
    '<small class="credit">Drawn here.</small></figcaption></figure>'
)


@pytest.fixture
def address():
    Image.objects.create(file="images/a.png", title="a", width=10, height=10)
    body = f'<p>Fat<span class="fn">Seen twice.</span>.</p>{PARTS}{FIGURE}'
    return ChapterFactory(body=body, comments_open=False).get_absolute_url()


@pytest.fixture
def problems():
    """The figure's file is not there in these tests."""
    return Ignoring()


class Ignoring(list):
    def append(self, text):
        if "404" not in text:
            super().append(text)


def test_the_contents_mark_the_part_one_reads(page, address):
    page.goto(address)
    page.locator("#part-two").evaluate("node => node.scrollIntoView({behavior: 'instant'})")
    page.wait_for_selector('.rail a[href="#part-two"][aria-current="location"]')
    expect(page.locator('.rail a[aria-current="location"]')).to_have_count(1)


def test_a_heading_copies_its_address_by_keyboard(page, address):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(address)
    page.locator("#part-two a.here").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.getElementById('status').textContent === 'Address copied'")
    assert page.evaluate("navigator.clipboard.readText()").endswith(f"{address}#part-two")
    is_at(page, "#part-two")


def test_a_figure_opens_large_with_its_words_and_gives_the_focus_back(page, address):
    page.goto(address)
    link = page.locator("a[data-zoom]")
    link.focus()
    page.keyboard.press("Enter")
    dialog = page.locator("dialog.zoom")
    expect(dialog).to_contain_text("Behind.")
    expect(dialog).to_contain_text("Drawn here.")
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    expect(link).to_be_focused()


def test_without_script_a_figure_leads_to_its_file(new_page, address):
    page = new_page(java_script_enabled=False)
    page.goto(address)
    expect(page.locator("a[data-zoom]")).to_have_attribute("href", "/media/images/a.png")
    expect(page.locator("[data-size-set]").first).to_be_hidden()


def test_the_size_of_the_text_stays_as_chosen(page, address):
    page.goto(address)
    size = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
    before = page.evaluate(size)
    page.get_by_role("button", name="Largest").click()
    holds(page, f"before => {size} > before * 1.2", before)
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("data-size", "xl")
    largest = page.get_by_role("button", name="Largest")
    expect(largest).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Normal").click()
    page.reload()
    expect(page.locator("html")).not_to_have_attribute("data-size", re.compile(""))


@pytest.mark.parametrize("size", ["", "xl"])
def test_nothing_scrolls_sideways_at_any_size(page, address, size):
    page.goto(address)
    page.evaluate("size => { if (size) document.documentElement.dataset.size = size }", size)
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        fits(page, width)


def test_more_contrast_is_black_on_white(page, address):
    page.goto(address)
    page.get_by_role("button", name="More contrast").click()
    expect(page.locator("body")).to_have_css("color", "rgb(0, 0, 0)")


@pytest.mark.parametrize("way", ["its word", "Escape", "a touch beside it"])
def test_a_note_rises_on_a_phone_and_goes_without_moving_the_page(phone, address, way):
    phone.goto(address)
    mark, note = phone.get_by_label("Footnote a").first, phone.locator("#fn-a")
    mark.evaluate("node => node.scrollIntoView({block: 'start', behavior: 'instant'})")
    before = phone.evaluate("scrollY")
    mark.click()
    expect(note).to_be_visible()
    if way == "its word":
        note.get_by_text("Close").tap()
    elif way == "Escape":
        phone.keyboard.press("Escape")
    else:
        phone.touchscreen.tap(200, 560)
    note.wait_for(state="hidden")
    holds(phone, "before => scrollY === before", before)
    expect(mark).to_be_focused()


def test_a_note_is_read_and_left_by_keyboard(new_page, address):
    page = new_page(viewport={"width": 1000, "height": 800})
    page.goto(address)
    page.get_by_label("Footnote a").first.focus()
    page.keyboard.press("Enter")
    page.locator("#fn-a").wait_for()
    page.keyboard.press("Tab")
    expect(page.locator(".close:focus")).to_have_count(1)
    page.keyboard.press("Enter")
    page.locator("#fn-a").wait_for(state="hidden")
    expect(page.locator("#fnref-a")).to_be_focused()


def test_a_note_stands_in_the_margin_where_there_is_one(page, address):
    page.goto(address)
    note, text = page.locator("#fn-a"), page.locator(".prose p").first
    words = box_of(text)
    assert box_of(note)["x"] > words["x"] + words["width"]


def test_without_script_a_note_rises_and_its_word_closes_it(new_page, address):
    page = new_page(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page.goto(address)
    page.get_by_label("Footnote a").first.click()
    page.locator("#fn-a").get_by_text("Close").click()
    page.locator("#fn-a").wait_for(state="hidden")
