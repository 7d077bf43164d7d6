"""Reading in a real browser: contents that follow, headings that copy their address, figures, text
size, footnotes."""

import pytest

from publishing.models import Image
from tests.factories import ChapterFactory

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
    assert page.locator('.rail a[aria-current="location"]').count() == 1


def test_a_heading_copies_its_address_by_keyboard(page, address):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(address)
    page.locator("#part-two a.here").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.getElementById('status').textContent === 'Address copied'")
    assert page.evaluate("navigator.clipboard.readText()").endswith(f"{address}#part-two")
    assert page.url.endswith("#part-two")


def test_a_figure_opens_large_with_its_words_and_gives_the_focus_back(page, address):
    page.goto(address)
    link = page.locator("a[data-zoom]")
    link.focus()
    page.keyboard.press("Enter")
    dialog = page.locator("dialog.zoom")
    assert "Behind." in dialog.text_content()
    assert "Drawn here." in dialog.text_content()
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    assert link.evaluate("node => node === document.activeElement")


def test_without_script_a_figure_leads_to_its_file(new_page, address):
    page = new_page(java_script_enabled=False)
    page.goto(address)
    assert page.locator("a[data-zoom]").get_attribute("href") == "/media/images/a.png"
    assert page.locator("[data-size-set]").first.is_hidden()


def test_the_size_of_the_text_stays_as_chosen(page, address):
    page.goto(address)
    before = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    page.get_by_role("button", name="Largest").click()
    assert (
        page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
        > before * 1.2
    )
    page.goto("/")
    assert page.evaluate("document.documentElement.dataset.size") == "xl"
    assert page.get_by_role("button", name="Largest").get_attribute("aria-pressed") == "true"
    page.get_by_role("button", name="Normal").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.size") is None


@pytest.mark.parametrize("size", ["", "xl"])
def test_nothing_scrolls_sideways_at_any_size(page, address, size):
    page.goto(address)
    page.evaluate("size => { if (size) document.documentElement.dataset.size = size }", size)
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_more_contrast_is_black_on_white(page, address):
    page.goto(address)
    page.get_by_role("button", name="More contrast").click()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


@pytest.mark.parametrize("way", ["its word", "Escape", "a touch beside it"])
def test_a_note_rises_on_a_phone_and_goes_without_moving_the_page(phone, address, way):
    phone.goto(address)
    mark, note = phone.get_by_label("Footnote a").first, phone.locator("#fn-a")
    mark.evaluate("node => node.scrollIntoView({block: 'start', behavior: 'instant'})")
    before = phone.evaluate("scrollY")
    mark.click()
    assert note.is_visible()
    if way == "its word":
        note.get_by_text("Close").tap()
    elif way == "Escape":
        phone.keyboard.press("Escape")
    else:
        phone.touchscreen.tap(200, 560)
    note.wait_for(state="hidden")
    assert phone.evaluate("scrollY") == before
    assert mark.evaluate("node => node === document.activeElement")


def test_a_note_is_read_and_left_by_keyboard(new_page, address):
    page = new_page(viewport={"width": 1000, "height": 800})
    page.goto(address)
    page.get_by_label("Footnote a").first.focus()
    page.keyboard.press("Enter")
    page.locator("#fn-a").wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "close"
    page.keyboard.press("Enter")
    page.locator("#fn-a").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.id") == "fnref-a"


def test_a_note_stands_in_the_margin_where_there_is_one(page, address):
    page.goto(address)
    note, text = page.locator("#fn-a"), page.locator(".prose p").first
    assert note.is_visible()
    assert note.bounding_box()["x"] > text.bounding_box()["x"] + text.bounding_box()["width"]


def test_without_script_a_note_rises_and_its_word_closes_it(new_page, address):
    page = new_page(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page.goto(address)
    page.get_by_label("Footnote a").first.click()
    page.locator("#fn-a").get_by_text("Close").click()
    page.locator("#fn-a").wait_for(state="hidden")
