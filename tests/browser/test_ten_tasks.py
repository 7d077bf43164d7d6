"""Ten tasks of her work, counted: every click and every key that is no writing is one press.

The numbers stand in docs/author.md. `before` is what 0.1.0 took, by ways that are still there.
"""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from blog.models import Post
from comments.models import Comment, Status
from publishing.models import ExternalLink
from references.models import Reference
from review.models import Chapter, Placement
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory, comment

from .test_editor import Desk
from .test_never_lose import form_of, login  # noqa: F401  (a fixture)
from .waiting import drag

pytestmark = pytest.mark.django_db(transaction=True)
BIB = "\n".join(f"@article{{w{n}, title={{Work {n}}}, year={{19{n}0}}}}" for n in range(3, 8))


class Hand:
    """Presses, and counts them."""

    def __init__(self, page):
        self.page, self.presses = page, 0

    def click(self, target):
        self.presses += 1
        (self.page.locator(target) if isinstance(target, str) else target).first.click()

    def key(self, name):
        self.presses += 1
        self.page.keyboard.press(name)

    def choose(self, selector, value):
        self.presses += 1
        self.page.select_option(selector, value)

    def button(self, name):
        self.click(self.page.get_by_role("button", name=name, exact=True))

    def link(self, name):
        self.click(self.page.get_by_role("link", name=name, exact=True))


@pytest.fixture
def hand(page, login):  # noqa: F811
    page.goto(reverse("admin:index"))
    return Hand(page)


def test_a_chapter_with_two_attributed_quotations_and_a_video(hand):
    hand.click(".app-review a.add")
    form_of(hand.page)
    desk = Desk(hand.page)
    hand.page.fill("#id_title", "Fat")
    desk.text = hand.page.frame_locator("#cke_id_body iframe").locator("body")
    hand.click(desk.text)
    for words, who in (("It is fat.", "Ries, 1937"), ("It hurts.", "Herz, 1945")):
        hand.click(".cke_button__blockquote")
        hand.page.keyboard.type(words)
        hand.key("Enter")
        hand.page.keyboard.type(who)
        desk.settle()
        hand.click(".cke_button__reviewsource")
        hand.key("Enter")
        hand.click(".cke_button__blockquote")  # out of it again
        desk.settle()
    hand.click(".cke_button__reviewvideo")
    hand.page.get_by_label("Address of the video").fill("https://youtu.be/abcdefgh123")
    hand.page.get_by_label("Title", exact=True).last.fill("An operation")
    hand.click(".cke_dialog_ui_button_ok:visible")
    desk.text.locator("figure.video").wait_for()
    hand.click("[name=_save]")
    hand.page.wait_for_url("**/admin/review/chapter/")
    body = Chapter.objects.get().body
    assert (body.count("<blockquote"), body.count('class="source"')) == (2, 2)
    assert 'class="video"' in body
    assert hand.presses == 15


def test_five_works_by_paste(hand):
    hand.link("References")
    hand.link("Import")
    hand.page.fill("[name=text]", BIB)
    hand.button("Read it")
    hand.button("Bring in as chosen")
    hand.page.get_by_text("New in the library").wait_for()
    assert Reference.objects.count() == 5
    assert hand.presses == 4


def test_a_translated_page(hand):
    chapter = ChapterFactory(title="Fat", body="<p>Words.</p>")
    hand.link("Chapters")
    hand.link(f"{chapter.number} Fat")
    form_of(hand.page)
    hand.button("Translate into Spanish")
    hand.page.get_by_text("A draft with everything").wait_for()
    form_of(hand.page)
    hand.link("The original")
    assert hand.presses == 4


def test_a_scheduled_post(hand):
    hand.click(".app-blog a.add")
    form_of(hand.page)
    hand.page.fill("#id_title", "Soon")
    hand.choose("#id_state", "published")
    hand.page.fill("#id_publish_at_0", "2030-01-02")
    hand.page.fill("#id_publish_at_1", "09:00")
    hand.click("[name=_save]")
    hand.page.wait_for_url("**/admin/blog/post/")
    assert Post.objects.get().publish_at.year == 2030
    assert hand.presses == 3


def test_ten_comments_moderated(hand):
    chapter = ChapterFactory()
    for number in range(10):
        comment(chapter, status=Status.PENDING, name=f"Reader {number}", text=f"Thanks {number}.")
    hand.page.goto(reverse("admin:index"))
    with hand.page.expect_navigation():
        hand.click(hand.page.get_by_role("link", name="10 to read"))
    for left in reversed(range(10)):
        with hand.page.expect_navigation():
            hand.key("a")
        assert Comment.objects.filter(status=Status.PENDING).count() == left
    assert hand.presses == 11


class TestRestructuring:
    """The last of six chapters to the front, and the third one into the second."""

    WANTED = ("1 F", "2 A", "3 B", "3.1 C", "4 D", "5 E")

    @pytest.fixture
    def six(self):
        return [ChapterFactory(title=letter) for letter in "ABCDEF"]

    def order(self):
        return tuple(str(chapter) for chapter in Chapter.objects.all())

    def test_now(self, hand, six):
        hand.link("Chapters")
        hand.link("Arrange the chapters")
        for chapter, target, right in ((six[5], six[0], 0), (six[2], six[3], 30)):
            grip, row = (hand.page.locator(f"#chapter-{each.pk}") for each in (chapter, target))
            hand.presses += 1
            drag(hand.page, grip.locator(".grip"), row, right=right)
            hand.page.locator("[data-said]", has_text=f"“{chapter.title}” is now").wait_for()
        assert self.order() == self.WANTED
        assert hand.presses == 4

    def test_before(self, hand, six):
        def act(chapter, action):
            hand.click(f"input.action-select[value='{chapter.pk}']")
            hand.choose("[name=action]", action)
            with hand.page.expect_navigation():
                hand.click("button[name=index]")

        hand.link("Chapters")
        for _step in range(5):
            act(six[5], "move_up")
        act(six[2], "move_under")
        hand.choose("#id_under", str(six[1].pk))
        hand.button("Move")
        hand.page.locator(".messagelist").wait_for()
        assert self.order() == self.WANTED
        assert hand.presses == 21


class TestPlacing:
    """Three works found by one word, put into a chapter with a remark each."""

    @pytest.fixture
    def chapter(self):
        for year in (1930, 1940, 1950):
            ReferenceFactory(citekey=f"herz{year}", title=f"Fatty nodes {year}", year=year)
        return ChapterFactory(title="Fat")

    def test_now(self, hand, chapter):
        hand.link("Chapters")
        hand.link(f"{chapter.number} Fat")
        form_of(hand.page)
        hand.link("References in this chapter")
        hand.page.fill("#id_q", "fatty")
        hand.key("Enter")
        hand.page.locator("[name=add]").nth(2).wait_for()
        for number in range(3):
            hand.click(hand.page.locator("[name=add]").nth(number))
            hand.page.locator("[name^=new-remark-]").nth(number).fill("Read it.")
        hand.button("Put the ticked works in")
        hand.page.locator("[name=out]").nth(2).wait_for()
        assert Placement.objects.filter(remark="Read it.").count() == 3
        assert hand.presses == 8

    def test_before(self, hand, chapter):
        hand.link("Chapters")
        hand.link(f"{chapter.number} Fat")
        form_of(hand.page)
        for number, year in enumerate(("1930", "1940", "1950")):
            if number:
                hand.click("#placements-group .add-row a")
            row = hand.page.locator(f"#placements-{number}")
            hand.click(row.locator(".select2-selection"))
            hand.page.locator(".select2-search__field").fill(year)
            # Only what was asked for: of a longer list the mouse may mean another.
            options = hand.page.locator(".select2-results__option")
            expect(options).to_have_text([re.compile(year)])
            expect(options).to_have_class(re.compile("--highlighted"))
            hand.key("Enter")
            row.locator("textarea").fill("Read it.")
        hand.click("[name=_save]")
        hand.page.wait_for_url("**/admin/review/chapter/")
        assert Placement.objects.filter(remark="Read it.").count() == 3
        assert hand.presses == 11


def test_one_word_for_another_in_three_pages(hand):
    for title in ("One", "Two", "Three"):
        PostFactory(title=title, body="<p>A lump.</p>")
    hand.link("Find and replace")
    hand.page.fill("#id_find", "lump")
    hand.page.fill("#id_replace", "nodule")
    hand.key("Enter")
    hand.button("Replace what is ticked")
    hand.page.get_by_role("heading", name="Replaced").wait_for()
    assert Post.objects.filter(body="<p>A nodule.</p>").count() == 3
    assert hand.presses == 3


def test_to_the_page_with_a_broken_link(hand):
    post = PostFactory(title="Linking")
    ExternalLink.objects.create(
        url="http://127.0.0.1:9/", host="127.0.0.1", state="broken",
        used_in=[["blog.post", post.pk, "Linking"]],
    )  # fmt: skip
    hand.page.goto(reverse("admin:index"))
    hand.click(hand.page.get_by_role("link", name="1 broken link"))
    hand.link("Linking")
    form_of(hand.page)
    assert hand.presses == 2


def test_a_deleted_post_comes_back(hand):
    PostFactory(title="Gone", slug="gone")
    hand.link("Posts")
    hand.link("Gone")
    form_of(hand.page)
    hand.link("Delete")
    hand.button("Put into the trash")
    hand.link("It is in the trash.")
    hand.button("Restore “Gone”")
    hand.page.get_by_text("is back, as it was.").wait_for()
    assert Post.objects.get().slug == "gone"
    assert hand.presses == 6
