"""Reading in a real browser: contents that follow, headings that copy their address, figures, text
size, footnotes."""

import re

import pytest
from playwright.sync_api import expect

from publishing.models import Image
from references.models import GlossaryTerm
from review.models import Chapter
from tests.factories import ChapterFactory, ReferenceFactory, cite

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
    expect(page.locator("#status")).to_have_text("Address copied")
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


def test_a_word_is_explained_where_it_stands(new_page, address):
    GlossaryTerm.objects.create(title="Fat", meaning="What it is.")
    chapter = Chapter.objects.get()
    chapter.save()
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    page.goto(address)
    word, panel = page.locator("a.term"), page.get_by_role("dialog", name="Fat")
    word.tap()
    expect(panel).to_contain_text("What it is.")
    expect(panel).to_be_focused()
    expect(word).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(word).to_be_focused()
    page.keyboard.press("Enter")
    panel.get_by_role("link", name="More on this word").click()
    expect(page.get_by_role("heading", name="Fat")).to_be_visible()


def test_one_goes_on_where_one_was_until_one_does_not_want_to(page, address):
    page.goto(address)
    page.locator("#part-two").evaluate("node => node.scrollIntoView({behavior: 'instant'})")
    holds(page, "() => localStorage.places?.includes('part-two')")
    page.goto("/review/")
    page.get_by_role("link", name="Continue where you were").click()
    holds(page, "() => document.activeElement.closest('.prose') !== null")
    expect(page.locator("#part-two")).to_be_in_viewport()
    off = page.get_by_role("button", name="Do not keep it")
    off.click()
    expect(off).to_have_attribute("aria-pressed", "true")
    holds(page, "() => !localStorage.places")
    page.goto("/review/")
    expect(page.locator("[data-continue]")).to_be_hidden()


def test_a_sentence_has_an_address_that_shows_it(new_page):
    reference = ReferenceFactory(citekey="herz1946")
    body = (
        f"<h2>Fat</h2><p>Fat is soft. It was-and is {cite('herz1946')}, they say, quite soft.</p>"
    )
    chapter = ChapterFactory(body=body, references=[reference])
    page = new_page(viewport={"width": 1280, "height": 300})
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(chapter.get_absolute_url())
    page.locator(".prose p").evaluate(
        "p => getSelection().setBaseAndExtent(p.firstChild, 16, p.firstChild, 20)"
    )
    link = page.get_by_role("link", name="Copy the address of this sentence")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_have_text("Address copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith("#fat:~:text=It%20was%2Dand%20is,they%20say%2C%20quite%20soft")


def test_a_table_is_sorted_by_keyboard_as_its_language_has_it(page):
    rows = "".join(
        f"<tr><td>{name}</td><td>{number}</td></tr>"
        for name, number in (("Ñandú", "1.200"), ("Nodo", "90,5"), ("oso", "–"), ("Ópalo", "800"))
    )
    head = "<thead><tr><th>Palabra</th><th>Número</th></tr></thead>"
    body = f"<table>{head}<tbody>{rows}</tbody></table>"
    page.goto(ChapterFactory(body=body, language="es").get_absolute_url())
    first = page.locator("tbody td:first-child")
    number = page.get_by_role("button", name="Número")
    number.focus()
    page.keyboard.press("Enter")
    expect(first).to_have_text(["Nodo", "Ópalo", "Ñandú", "oso"])
    page.keyboard.press("Enter")
    expect(first).to_have_text(["Ñandú", "Ópalo", "Nodo", "oso"])
    expect(page.get_by_role("columnheader", name="Número")).to_have_attribute(
        "aria-sort", "descending"
    )
    page.get_by_role("button", name="Palabra").click()
    expect(first).to_have_text(["Nodo", "Ñandú", "Ópalo", "oso"])


def test_a_figure_grows_by_two_fingers_and_by_a_key(phone, address):
    phone.goto(address)
    phone.locator("a[data-zoom]").tap()
    picture = phone.locator("dialog.zoom img")
    expect(phone.get_by_role("button", name="Close")).to_be_focused()
    phone.keyboard.press("+")
    width = picture.evaluate("node => parseFloat(node.style.inlineSize)")
    assert width > 0
    touch = phone.context.new_cdp_session(phone)
    for kind, apart in (("touchStart", 40), ("touchMove", 60), ("touchMove", 80)):
        points = [{"x": 200 - apart, "y": 400, "id": 0}, {"x": 200 + apart, "y": 400, "id": 1}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    holds(
        phone,
        "width => parseFloat(document.querySelector('dialog.zoom img').style.inlineSize) > width",
        width,
    )
