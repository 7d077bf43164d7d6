"""Reading and writing below a page as its readers do: paging, unfolding, preview, a draft that
stays, one's own page."""

import pytest
from playwright.sync_api import expect

from comments.models import Comment
from comments.threads import paging
from tests.browser.waiting import box_of, fits
from tests.comments.forms import answer_to
from tests.factories import ChapterFactory, PostFactory, comment

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_waiting(settings):
    settings.COMMENT_MIN_SECONDS = 0


@pytest.fixture
def chapter():
    return ChapterFactory()


def answer_sum(page):
    key = page.get_attribute("#reply [name=captcha_0]", "value")
    page.fill("#reply [name=captcha_1]", answer_to(key))


def fill(page, words):
    page.fill("#reply [name=name]", "Anna")
    page.fill("#reply [name=text]", words)
    page.check("#reply [name=consent]")
    answer_sum(page)


def holds(page, words):
    """What stands in the field of the reply."""
    expect(page.locator("#reply [name=text]")).to_have_value(words)


def comments(page, number):
    expect(page.locator(".comment")).to_have_count(number)


def first_is(page, made):
    expect(page.locator(".comment").first).to_have_id(f"comment-{made.pk}")


def by_keyboard(page, name):
    """Go to a link with the Tab key alone and press it."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText") == name:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"Tab never reaches {name}")


def no_draft_is_left(page):
    page.wait_for_function("!Object.keys(localStorage).some((name) => name.startsWith('draft:'))")
    return True


class TestReading:
    @pytest.mark.parametrize("scripts", [True, False])
    def test_pages_and_orders_are_reached_by_keyboard(self, new_page, chapter, scripts):
        made = [comment(chapter, name=f"Reader {number}") for number in range(25)]
        page = new_page(java_script_enabled=scripts)
        page.goto(chapter.get_absolute_url())
        if not scripts:
            page.get_by_role("link", name="Oldest first").click()
            first_is(page, made[0])
            return
        by_keyboard(page, "Oldest first")
        first_is(page, made[0])
        page.locator("nav.pages a[rel=next]").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address: address.endswith("?replies=2&order=oldest#replies"))
        comments(page, 5)

    def test_a_permalink_lands_on_the_highlighted_comment(self, page, chapter):
        made = [comment(chapter) for _ in range(45)]
        page.goto(f"/comments/{made[3].pk}/")
        lit = page.locator(f"#comment-{made[3].pk}")
        page.locator(f"#comment-{made[3].pk}:target").wait_for()
        expect(lit).not_to_have_css("background-color", "rgba(0, 0, 0, 0)")
        page.wait_for_function(
            """node => {
            const { top } = node.getBoundingClientRect();
            return top >= 0 && top < window.innerHeight;
        }""",
            arg=lit.element_handle(),
        )

    @pytest.mark.parametrize("scripts", [True, False])
    def test_a_long_conversation_is_unfolded(self, new_page, chapter, scripts):
        root = comment(chapter)
        for number in range(paging.WHOLE):
            comment(parent=root, text=f"Reply {number}")
        page = new_page(java_script_enabled=scripts)
        page.goto(chapter.get_absolute_url())
        comments(page, paging.FIRST)
        page.get_by_role("link", name="other replies").click()
        page.get_by_text(f"Reply {paging.WHOLE - 1}", exact=True).wait_for()
        comments(page, paging.WHOLE + 1)
        assert page.url.endswith(chapter.get_absolute_url()) is scripts
        if scripts:
            expect(page.locator(".comment:focus")).to_have_count(1)

    @pytest.mark.parametrize("scripts", [True, False])
    def test_of_a_very_long_one_the_rest_is_reached_page_by_page(
        self, new_page, chapter, scripts, monkeypatch
    ):
        monkeypatch.setattr(paging, "PART", 26)
        root = comment(chapter)
        for number in range(30):
            last = comment(parent=root, text=f"Reply {number}")
        page = new_page(java_script_enabled=scripts)
        page.goto(chapter.get_absolute_url())
        page.get_by_role("link", name="other replies").click()
        page.get_by_text("Reply 24", exact=True).wait_for()
        comments(page, 26)
        page.get_by_role("link", name="Replies, page 2 of 2").click()
        page.get_by_text("Reply 29", exact=True).wait_for()
        comments(page, 5)
        page.goto(last.get_absolute_url())
        page.wait_for_url(f"**?page=2#comment-{last.pk}")

    @pytest.mark.parametrize("scripts", [True, False])
    def test_replies_are_folded_away_and_back_by_keyboard(self, new_page, chapter, scripts):
        root = comment(chapter)
        last = [comment(parent=root) for _ in range(paging.FOLDS)][-1]
        page = new_page(java_script_enabled=scripts)
        page.goto(chapter.get_absolute_url())
        page.locator(".rest > summary").press("Enter")
        expect(page.locator(f"#comment-{last.pk}")).to_be_hidden()
        expect(page.locator(f"#comment-{root.pk}")).to_be_visible()
        page.locator(".rest > summary").press("Enter")
        expect(page.locator(f"#comment-{last.pk}")).to_be_visible()

    def test_ten_deep_nothing_is_cut_off_at_a_telephones_edge(self, phone, chapter):
        last = comment(chapter, text="word " * 30)
        for _ in range(10):
            last = comment(parent=last, text="averyveryverylongwordthatnobodywouldwrite" * 3)
        phone.goto(chapter.get_absolute_url())
        fits(phone)
        assert box_of(phone.locator(f"#comment-{last.pk} .said"))["width"] > 250


class TestWriting:
    def test_a_preview_opens_in_place_and_follows_what_is_typed(self, page, chapter):
        page.goto(chapter.get_absolute_url())
        page.get_by_role("link", name="Leave a reply").click()
        page.fill(
            "#reply [name=text]", "> said\n\nBon dia, tinc un bony a l'esquena des de fa anys"
        )
        page.evaluate("import('/static/js/preview.js')")  # an open form fetches it by itself
        page.get_by_role("button", name="Preview").click()
        page.locator(".preview blockquote", has_text="said").wait_for()
        page.get_by_text("Marked as written in Catalan.").wait_for()
        page.locator("#reply [name=text]").press("End")
        page.keyboard.type(" <b>i més</b>")
        page.locator(".preview .said", has_text="<b>i més</b>").wait_for()
        page.select_option("#reply [name=language]", "es")
        page.get_by_text("Marked as written in Spanish.").wait_for()
        expect(page.locator(".preview .said")).to_have_attribute("lang", "es")
        expect(page.locator(".preview b")).to_have_count(0)

    def test_without_a_script_the_preview_is_a_page(self, new_page, chapter):
        page = new_page(java_script_enabled=False)
        page.goto(chapter.get_absolute_url())
        page.get_by_role("link", name="Leave a reply").click()
        page.fill("[name=text]", "> said\n\nanswered")
        page.get_by_role("button", name="Preview").click()
        expect(page.locator(".preview blockquote")).to_have_text("said")
        expect(page.locator("[name=text]")).to_have_value("> said\n\nanswered")

    def test_words_outlive_leaving_the_page_and_go_once_they_are_sent(self, page, chapter):
        page.goto(chapter.get_absolute_url())
        page.get_by_role("link", name="Leave a reply").click()
        page.fill("#reply [name=text]", "Half a sentence")
        page.get_by_text("kept in this browser until you send them").wait_for()
        page.goto("/")
        page.goto(chapter.get_absolute_url())
        page.get_by_role("link", name="Leave a reply").click()
        page.get_by_text("kept in this browser until you send them").wait_for()
        holds(page, "Half a sentence")
        assert "Anna" not in page.evaluate("JSON.stringify({...localStorage})")
        fill(page, "A whole sentence")
        page.get_by_role("button", name="Send for reading").click()
        page.get_by_text("They wait for the author").wait_for()
        assert no_draft_is_left(page)

    def test_on_the_forms_own_page_too(self, page, chapter):
        post = PostFactory()
        page.goto(f"/comments/new/blog.post/{post.pk}/")
        page.fill("#reply [name=text]", "Half a sentence")
        page.reload()
        holds(page, "Half a sentence")
        fill(page, "A whole sentence")
        page.get_by_role("button", name="Send for reading").click()
        page.get_by_role("link", name="Your own page").wait_for()
        assert no_draft_is_left(page)

    def test_a_draft_belongs_to_what_it_answers_and_can_be_forgotten(self, page, chapter):
        comment(chapter, name="Berta")
        page.goto(chapter.get_absolute_url())
        page.get_by_role("link", name="Reply to Berta").click()
        page.fill("#reply [name=text]", "For Berta")
        page.reload()
        page.get_by_role("link", name="Leave a reply").click()
        page.get_by_role("heading", name="Leave a reply").wait_for()
        holds(page, "")
        page.reload()
        page.get_by_role("link", name="Reply to Berta").click()
        page.get_by_role("button", name="Forget them").click()
        holds(page, "")
        assert no_draft_is_left(page)

    def test_an_old_draft_is_thrown_away(self, page, chapter):
        page.goto(chapter.get_absolute_url())
        old = '{"text": "Old", "at": 1}'
        page.evaluate(
            f"localStorage.setItem('draft:/x/', '{old}'); localStorage.setItem('draft:/y/', 'no"
            " json')"
        )
        page.reload()
        page.get_by_role("link", name="Leave a reply").click()
        page.locator("#reply").wait_for()
        assert no_draft_is_left(page)


@pytest.mark.parametrize("scripts", [True, False])
def test_the_own_page_from_sending_to_erasing(new_page, chapter, scripts):
    page = new_page(java_script_enabled=scripts)
    page.goto(f"/comments/new/review.chapter/{chapter.pk}/")
    fill(page, "My words")
    page.get_by_role("button", name="Send for reading").click()
    page.get_by_role("link", name="Your own page").click()
    page.get_by_role("button", name="Open my page").click()
    page.get_by_text("Waiting to be read").wait_for()
    page.get_by_role("link", name="Correct").click()
    page.fill("[name=text]", "My better words")
    page.get_by_role("button", name="Send for reading").click()
    page.get_by_text("Corrected.").wait_for()
    assert Comment.objects.get().text == "My better words"
    page.get_by_role("button", name="Take back").click()
    page.get_by_text("Taken back by you").wait_for()
    page.get_by_role("button", name="Erase", exact=True).click()
    page.get_by_role("heading", name="Erase this for good?").wait_for()
    page.get_by_role("button", name="Erase", exact=True).click()
    page.get_by_text("Nothing of yours is left here.").wait_for()
    assert not Comment.objects.exists()
