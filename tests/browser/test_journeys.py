"""What a patient comes for, on a phone, by touch and by keyboard; each step before reading is
counted, and there are four at most."""

import re
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from comments.models import Comment
from comments.moderation import actions
from references.models import StudyFacts
from review.models import InShort
from tests.comments.forms import answer_to
from tests.factories import ChapterFactory, ReferenceFactory, cite, comment
from tests.made_once import sample_site

pytestmark = pytest.mark.django_db(transaction=True)
MOST = 4
SENTENCE = "Vista en cinco personas."


class Thumb:
    """Presses on the phone."""

    def __init__(self, page):
        self.page, self.steps = page, 0

    def press(self, target):
        self.steps += 1
        target.tap()


class Keys:
    """The same by keyboard alone: the focus is moved there, Enter presses."""

    def __init__(self, page):
        self.page, self.steps = page, 0

    def press(self, target):
        self.steps += 1
        target.focus()
        expect(target).to_be_focused()
        self.page.keyboard.press("Enter")


@pytest.fixture(params=[Thumb, Keys])
def hand(request, phone):
    return request.param(phone)


@pytest.fixture(autouse=True)
def site(settings):
    settings.COMMENT_MIN_SECONDS = 0
    ReferenceFactory(citekey="ries1937")
    chapter = ChapterFactory(title="Nodules", body=f"<p>It is fat {cite('ries1937')}.</p>")
    body = f"<h2>What it is</h2><p>It is fat {cite('ries1937')}.</p>"
    short = InShort.objects.create(title="Lumps in the back", body=body, state="published")
    InShort.objects.create(
        title="Bultos en la espalda", language="es", translation_of=short, state="published",
        body=f"<h2>Qué es</h2><p>Es grasa {cite('ries1937')}. {SENTENCE} Duele.</p>",
    )  # fmt: skip
    asked = comment(chapter, kind="question", text="Does the lump disappear without treatment?")
    comment(parent=asked, by_author=True, text="The records do not say.")
    return chapter


def link(page, name):
    return page.get_by_role("link", name=name, exact=True).first


def send(page):
    page.fill("[name=name]", "Lectora")
    page.check("[name=consent]")
    page.fill("[name=captcha_1]", answer_to(page.get_attribute("[name=captcha_0]", "value")))
    with page.expect_navigation():
        page.locator("button.do", has_text=re.compile("Send|Enviar")).click()


def test_in_short_stands_above_the_fold_of_a_small_phone(new_page):
    InShort.objects.all().delete()
    sample_site()
    for language, words in (("en", "In short:"), ("es", "En pocas palabras:"), ("ca", "En poques")):
        phone = new_page(
            viewport={"width": 390, "height": 664}, has_touch=True, is_mobile=True, locale=language
        )
        phone.goto("/" if language == "en" else f"/{language}/")
        offered = phone.get_by_role("link", name=words)
        expect(offered).to_be_in_viewport(ratio=1)
        # The bar for the thumb covers the foot of the window.
        bar = phone.locator("nav.thumb").element_handle()
        assert offered.evaluate(
            "(link, bar) => link.getBoundingClientRect().bottom <= bar.getBoundingClientRect().top",
            bar,
        )


def test_somebody_finds_what_it_is_and_an_answer(hand):
    page = hand.page
    page.goto("/")
    hand.press(page.get_by_role("link", name="In short: Lumps in the back"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Lumps in the back")
    hand.press(link(page, "Questions readers asked, and answers"))
    expect(page.get_by_text("The records do not say.")).to_be_visible()
    assert hand.steps <= MOST


def test_a_lump_over_the_hip_leads_to_who_treats_it(hand):
    body = "<h2>What it is</h2><p>A lump over the hip.</p><h2>Who looks at it</h2><p>A doctor.</p>"
    InShort.objects.create(title="Over the hip", body=body, state="published")
    page = hand.page
    page.goto("/")
    hand.press(page.locator("nav.thumb").get_by_role("link", name="Search"))
    page.fill("[name=q]", "lump over the hip")
    hand.press(page.locator("main form button"))
    hand.press(page.locator("main").get_by_role("link", name="Over the hip").first)
    expect(page.get_by_role("heading", name="Who looks at it")).to_be_visible()
    assert hand.steps <= MOST


def test_all_studies_on_surgical_removal_of_thirty_years_go_into_zotero(hand):
    for year in (1985, 1990, 1997):
        work = ReferenceFactory(citekey=f"w{year}", title=f"A case of {year}", year=year)
        StudyFacts.objects.create(reference=work, intervention="Surgical removal")
    page = hand.page
    page.goto("/")
    hand.press(page.locator("main").get_by_role("link", name="articles and books"))
    page.fill("[name=q]", "surgical removal 1990:2020")
    hand.press(page.locator("main form button").first)
    with page.expect_download() as download:
        hand.press(link(page, "RIS"))
    taken = Path(download.value.path()).read_text(encoding="utf-8")
    assert taken.count("\nTI  - A case of 19") == taken.count("TY  - ") == 2
    assert hand.steps <= MOST


def test_a_question_is_asked_in_spanish_and_what_is_answered_is_offered(hand):
    page = hand.page
    page.goto("/es/")
    hand.press(page.locator("details.menu summary"))
    hand.press(page.locator("nav li a[href*='/ask/']"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Hacer una pregunta")
    expect(page.locator("[name=kind][value=question]")).to_be_checked()
    page.fill("[name=text]", "¿La grasa desaparece sola, the lump disappear?")
    expect(page.locator(".alike a").first).to_have_text(
        "Does the lump disappear without treatment?"
    )
    page.fill("[name=text]", "¿Desaparece sola la grasa de la espalda?")
    send(page)
    made = Comment.objects.get(name="Lectora")
    assert (made.kind, made.language, made.page.title) == (
        "question", "es", "Bultos en la espalda",
    )  # fmt: skip
    assert hand.steps <= MOST


def test_what_was_typed_before_the_scripts_came_is_looked_for_too(phone):
    page = phone
    held, let_go = [], lambda route: route.continue_()
    page.route("**/js/*", lambda route: held.append(route))
    page.goto("/es/questions/ask/", wait_until="commit")
    page.fill("[name=text]", "¿La grasa desaparece sola, the lump disappear?")
    expect(page.locator(".alike")).to_be_hidden()
    page.route("**/js/*", let_go)
    for route in held:
        let_go(route)
    expect(page.locator(".alike a").first).to_have_text(
        "Does the lump disappear without treatment?"
    )


def test_a_mistake_is_reported_and_thanked_for(hand):
    page, short = hand.page, InShort.objects.get(language="es")
    page.goto(f"/es{short.get_absolute_url()}")
    expect(page.locator(".mistake-here")).to_have_count(0)
    expect(page.locator("[data-mistake]")).to_be_visible()
    expect(page.locator("[data-theme-set=dark]")).to_be_visible()  # the script of the page has run
    page.evaluate("""() => {
      const walker = document.createTreeWalker(document.querySelector(".prose"), 4);
      while (walker.nextNode() && !walker.currentNode.data.includes("cinco"));
      const text = walker.currentNode;
      const range = document.createRange();
      range.setStart(text, text.data.indexOf("cinco"));
      range.setEnd(text, text.data.indexOf("personas"));
      getSelection().removeAllRanges();
      getSelection().addRange(range);
    }""")
    hand.press(page.locator(".mistake-here"))
    expect(page.locator("[name=quote]")).to_have_value(SENTENCE)
    page.fill("[name=text]", "Eran seis.")
    send(page)
    made = Comment.objects.get(name="Lectora")
    assert (made.kind, made.text) == ("correction", f"> {SENTENCE}\n\nEran seis.")
    actions.put_right(comment=made)
    page.goto(f"/es{short.get_absolute_url()}")
    expect(page.locator(".put-right")).to_contain_text("Lectora")
    assert hand.steps <= MOST


def test_a_sheet_for_the_doctor(hand, site):
    page = hand.page
    page.goto(site.get_absolute_url())
    hand.press(link(page, "Take to my doctor, on one sheet of paper"))
    expect(page.get_by_role("button", name="Print this page")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lumps in the back")
    assert hand.steps <= MOST


def test_the_sheets_of_the_sample_are_one_page_of_paper(new_page, settings):
    sample_site()
    page = new_page()
    for language in ("en", "es", "ca"):
        short = InShort.objects.filter(language=language).latest("pk")
        for address in (short.get_absolute_url(), reverse("inshort:sheet", args=[short.slug])):
            page.goto(address if language == "en" else f"/{language}{address}")
            paper = page.pdf(prefer_css_page_size=True)
            assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1, address
