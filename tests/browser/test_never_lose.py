"""Nothing the author types is lost: Back, a closed tab, an ended session, a server that is away."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from blog.models import Post
from publishing.desk.editing import LosesNothing
from publishing.models import EditingDraft
from references.models import Reference
from review.models import Placement
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory

from .waiting import holds, is_at

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = " An evening of work."


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    monkeypatch.setattr(LosesNothing, "keep_after", 300)


@pytest.fixture
def login(page, live_server, client, author):
    author.set_password("a-long-password")
    author.save()

    def enter():
        client.force_login(author)
        value = client.cookies["sessionid"].value
        cookie = {"name": "sessionid", "value": value, "url": live_server.url}
        page.context.add_cookies([cookie])

    enter()
    return enter


@pytest.fixture
def post(login):
    return PostFactory(title="A post", slug="a-post", body="<p>First words.</p>")


def change(obj):
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])


def opened(page, obj):
    page.goto(change(obj))
    return form_of(page)


def form_of(page):
    page.locator("html[data-editing=ready]").wait_for()
    return page


def text_of(page, field="body"):
    frame = page.frame_locator(f"#cke_id_{field} iframe.cke_wysiwyg_frame")
    return frame.locator("body[contenteditable=true]")


def write(page, words=WORDS, field="body"):
    text_of(page, field).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def state(page, words):
    page.locator("[data-state]", has_text=re.compile(words)).wait_for()


def stored(obj):
    return type(obj).objects.get(pk=obj.pk)


def only(problems, words):
    """The browser notes every answer that is no success; a test that provokes one says which."""
    assert [each for each in problems if words not in each] == []
    problems.clear()


def accept_leaving(page):
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    return asked


def test_a_menu_link_asks_and_back_brings_the_words_back(page, post):
    opened(page, post)
    write(page)
    state(page, "Kept at")
    asked = accept_leaving(page)
    page.locator(".desk-lists a").first.click()
    page.wait_for_url("**/admin/review/chapter/")
    assert asked == ["beforeunload"]
    page.go_back()
    form_of(page)
    # The page as it was left, or a new one, which offers them.
    if page.evaluate("performance.getEntriesByType('navigation')[0].type") == "back_forward":
        page.get_by_role("link", name="Put them back").click()
        page.wait_for_url("**draft=*")
        form_of(page)
    expect(text_of(page)).to_contain_text(WORDS.strip())
    assert stored(post).body == "<p>First words.</p>"


def test_what_a_closed_tab_held_is_offered_shown_and_put_back(page, post):
    opened(page, post)
    page.fill("#id_title", "Another title")
    write(page)
    state(page, "Kept at")
    second = page.context.new_page()
    page.close()
    second.goto(change(post))
    second.get_by_text("You have unsaved words from").wait_for()
    second.get_by_role("link", name="See what differs").click()
    expect(second.locator(".differs ins").first).to_contain_text("Another")
    holds(
        second,
        """words => [...document.querySelectorAll(".differs ins")]
          .map(each => each.innerText).join(" ").includes(words)""",
        WORDS.strip(),
    )
    second.get_by_role("link", name="Put them back").click()
    form_of(second)
    second.locator("[name=_save]").first.click()
    second.wait_for_url("**/admin/blog/post/")
    assert stored(post).title == "Another title"
    assert WORDS.strip() in stored(post).body
    assert not EditingDraft.objects.exists()


def test_words_put_back_are_saved_in_place_and_typing_goes_on(page, post):
    opened(page, post)
    write(page)
    state(page, "Kept at")
    accept_leaving(page)
    opened(page, post).get_by_role("link", name="Put them back").click()
    page.wait_for_url("**draft=*")
    form_of(page)
    page.keyboard.press("Control+s")
    page.wait_for_url("**/change/")
    state(page, "Saved")
    write(page, " And more.")
    page.keyboard.press("Control+s")
    state(page, "Saving|Saved")
    page.locator("[data-state=saved]").wait_for()
    assert stored(post).body == f"<p>First words.{WORDS} And more.</p>"
    assert not EditingDraft.objects.exists()


def test_ctrl_s_saves_in_place_and_typing_goes_on(page, post):
    opened(page, post)
    write(page)
    page.keyboard.press("Control+s")
    state(page, "Saved")
    page.keyboard.type(" And more.")
    assert WORDS.strip() in stored(post).body
    page.keyboard.press("Control+s")
    page.locator("[data-state=saved]").wait_for()
    with page.expect_response("**/change/"):
        page.keyboard.press("Control+s")
    state(page, "Saved")
    assert "And more." in stored(post).body
    expect(text_of(page)).to_have_text(f"First words.{WORDS} And more.")
    asked = accept_leaving(page)
    page.goto("/admin/")
    assert asked == []


def test_what_is_typed_while_a_save_is_on_its_way_is_not_taken_for_saved(page, post):
    opened(page, post)
    page.fill("#id_summary", "One.")
    page.evaluate(
        """() => {
          const send = window.fetch;
          window.fetch = async (address, options) => {
            const answer = await send(address, options);
            if (options?.method === "POST" && options.body.get("_continue")) {
              document.querySelector("#id_summary").value = "One. Two.";
            }
            return answer;
          };
        }"""
    )
    page.keyboard.press("Control+s")
    state(page, "Kept at")
    assert stored(post).summary == "One."
    assert EditingDraft.objects.get().fields["summary"] == ["One. Two."]
    asked = accept_leaving(page)
    page.locator(".desk-lists a").first.click()
    page.wait_for_url("**/admin/review/chapter/")
    assert asked == ["beforeunload"]


def test_errors_stand_beside_their_fields_and_the_words_stay(page, post):
    PostFactory(title="Other", slug="taken")
    opened(page, post)
    page.fill("#id_slug", "taken")
    write(page)
    page.keyboard.press("Control+s")
    state(page, "Not saved: look at what is marked")
    expect(page.locator(".field-slug .errorlist")).to_have_count(1)
    page.fill("#id_slug", "free")
    page.keyboard.press("Control+s")
    state(page, "Saved")
    expect(page.locator(".errorlist")).to_have_count(0)
    assert stored(post).slug == "free"


def test_the_cursor_begins_in_the_title_and_after_a_refusal_in_the_field_to_mend(page, login):
    page.goto(reverse("admin:review_chapter_add"))
    form_of(page)
    expect(page.locator("#id_title")).to_be_focused()
    page.locator("[name=_save]").first.click()
    page.get_by_text("One thing to put right").wait_for()
    form_of(page)
    expect(page.locator("#id_title")).to_be_focused()
    page.fill("#id_title", "Fat")
    page.fill("#id_publish_at_0", "tomorrow")
    page.locator("[name=_save]").first.click()
    page.get_by_text("This is no day").first.wait_for()
    form_of(page)
    expect(page.locator("#id_publish_at_0")).to_be_focused()
    expect(page.locator("#id_publish_at_0")).to_have_value("tomorrow")
    page.focus("#id_title")
    page.locator(".errors-named").get_by_role("link", name="Publish on").click()
    expect(page.locator("#id_publish_at_0")).to_be_focused()


@pytest.mark.parametrize(("language", "written"), [("", "2030-05-03"), ("/es", "03/05/2030")])
def test_a_day_typed_day_first_is_shown_as_it_is_read_and_the_calendar_opens_there(
    page, login, language, written
):
    page.goto(f"{language}/admin/blog/post/add/")
    form_of(page)
    page.fill("#id_publish_at_0", "31.2.2030")
    page.press("#id_publish_at_0", "Tab")
    expect(page.locator("#id_publish_at_0")).to_have_value("31.2.2030")
    page.fill("#id_publish_at_0", "3.5.2030")
    page.locator(".field-publish_at .datetimeshortcuts a").nth(1).click()
    expect(page.locator("#id_publish_at_0")).to_have_value(written)
    expect(page.locator(".calendarbox:visible caption")).to_contain_text("2030")


def test_a_new_page_is_saved_in_place_under_its_own_address(page, login):
    page.goto(reverse("admin:blog_post_add"))
    form_of(page)
    page.fill("#id_title", "Brand new")
    page.keyboard.press("Control+s")
    state(page, "Saved")
    made = Post.objects.get()
    is_at(page, change(made))
    page.get_by_role("link", name="Link for a colleague").wait_for()
    page.fill("#id_title", "Brand new, again")
    page.keyboard.press("Control+s")
    page.get_by_role("heading", name="Brand new, again").wait_for()
    assert [each.title for each in Post.objects.all()] == ["Brand new, again"]


def test_rows_below_a_form_are_saved_in_place_once(page, login):
    chapter = ChapterFactory(title="One")
    ReferenceFactory(citekey="b1940", year=1940)
    early, late = (
        ReferenceFactory(citekey="a1930", year=1930),
        ReferenceFactory(citekey="c1950", year=1950),
    )
    Placement.objects.create(chapter=chapter, reference=late)
    opened(page, chapter)
    page.evaluate(
        """([pk, label]) => {
          const field = document.querySelector("#id_placements-1-reference");
          field.append(new Option(label, pk, true, true));
          django.jQuery(field).trigger("change");
        }""",
        [early.pk, "early"],
    )
    page.fill("#id_placements-1-remark", "The first")
    page.keyboard.press("Control+s")
    state(page, "Saved")
    page.fill("#id_placements-0-remark", "The first of all")
    page.keyboard.press("Control+s")
    page.locator("[data-state=saved]").wait_for()
    page.wait_for_function(
        "document.querySelector('#id_placements-0-remark').value === 'The first of all'"
    )
    page.locator("[name=_save]").first.click()
    page.wait_for_url("**/admin/review/chapter/")
    rows = Placement.objects.filter(chapter=chapter).order_by("reference__year")
    assert [(row.reference, row.remark) for row in rows] == [
        (early, "The first of all"),
        (late, ""),
    ]


def test_an_ended_session_asks_for_the_password_over_the_page_and_then_saves(page, post):
    opened(page, post)
    Session.objects.all().delete()
    write(page)
    page.keyboard.press("Control+s")
    page.get_by_role("heading", name="Your login has ended").wait_for()
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Log in and save").click()
    page.locator("dialog .errornote").wait_for()
    page.get_by_label("Password").fill("a-long-password")
    page.get_by_role("button", name="Log in and save").click()
    state(page, "Saved")
    assert WORDS.strip() in stored(post).body
    write(page, " Later.")
    state(page, "Kept at")


def test_the_save_button_too_asks_for_the_password(page, post):
    opened(page, post)
    write(page)
    state(page, "Kept at")
    Session.objects.all().delete()
    page.locator("[name=_save]").first.click()
    page.get_by_label("Password").fill("a-long-password")
    page.get_by_role("button", name="Log in and save").click()
    page.wait_for_url("**/admin/blog/post/")
    assert WORDS.strip() in stored(post).body


def test_a_login_in_another_window_is_no_trouble(page, post, login, problems):
    opened(page, post)
    Session.objects.all().delete()
    login()
    page.context.clear_cookies(name="csrftoken")
    write(page)
    state(page, "Kept at")
    page.keyboard.press("Control+s")
    state(page, "Saved")
    only(problems, "403")


def test_while_the_server_is_away_the_page_stays_and_tries_again(page, post, problems):
    opened(page, post)
    page.context.set_offline(True)
    write(page)
    state(page, "Not kept: no connection, trying again")
    page.keyboard.press("Control+s")
    state(page, "Not saved: no connection, trying again")
    page.context.set_offline(False)
    state(page, "Saved")
    assert WORDS.strip() in stored(post).body
    only(problems, "ERR_INTERNET_DISCONNECTED")


def test_what_never_reached_the_server_is_offered_by_the_browser(page, post, problems):
    opened(page, post)
    page.context.set_offline(True)
    write(page)
    state(page, "Not kept: no connection, trying again")
    second = page.context.new_page()
    page.close()
    second.context.set_offline(False)
    second.goto(change(post))
    second.get_by_text("There are words here that never reached the server.").wait_for()
    second.get_by_role("link", name="Put them back").click()
    second.wait_for_url("**draft=*")
    form_of(second)
    expect(text_of(second)).to_contain_text(WORDS.strip())
    only(problems, "ERR_INTERNET_DISCONNECTED")


def test_saving_over_a_newer_version_shows_both_and_asks(page, post, problems):
    second = page.context.new_page()
    opened(page, post)
    opened(second, post)
    write(second, " From the other window.")
    second.keyboard.press("Control+s")
    state(second, "Saved")
    write(page)
    page.keyboard.press("Control+s")
    page.get_by_role("heading", name="A newer version was saved while you were writing").wait_for()
    state(page, "Not saved: there is a newer version")
    expect(page.locator("#newer del").first).to_contain_text("From the other window.")
    assert WORDS.strip() not in stored(post).body
    expect(text_of(page)).to_contain_text(WORDS.strip())
    page.get_by_role("button", name="Keep mine").click()
    state(page, "Saved")
    assert stored(post).body == f"<p>First words.{WORDS}</p>"
    only(problems, "409")


def test_two_windows_keep_drafts_of_their_own(page, post):
    second = page.context.new_page()
    opened(page, post)
    opened(second, post)
    write(page, " One.")
    state(page, "Kept at")
    write(second, " Two.")
    state(second, "Kept at")
    kept = [" ".join(draft.fields["body"]) for draft in EditingDraft.objects.order_by("pk")]
    assert ["One" in kept[0], "Two" in kept[0], "One" in kept[1], "Two" in kept[1]] == [
        True,
        False,
        False,
        True,
    ]


def test_a_double_click_is_one_save(page, login):
    page.goto(reverse("admin:blog_post_add"))
    form_of(page)
    page.fill("#id_title", "Once")
    page.locator("[name=_save]").first.dblclick()
    page.wait_for_url("**/admin/blog/post/")
    assert Post.objects.count() == 1


def test_logging_out_leaves_nothing_in_the_browser(page, post):
    opened(page, post)
    write(page)
    state(page, "Kept at")
    kept = """number => number ===
      Object.keys(localStorage).filter((name) => name.startsWith("desk:")).length"""
    holds(page, kept, 1)
    accept_leaving(page)
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/admin/logout/")
    holds(page, kept, 0)


def test_without_a_script_a_form_sent_after_the_login_ended_is_kept_and_saved(
    new_page, live_server, client, author, post, problems
):
    author.set_password("a-long-password")
    author.save()
    client.force_login(author)
    page = new_page(java_script_enabled=False)
    cookie = {
        "name": "sessionid",
        "value": client.cookies["sessionid"].value,
        "url": live_server.url,
    }
    page.context.add_cookies([cookie])
    page.goto(change(post))
    page.fill("#id_title", "Typed for hours")
    Session.objects.all().delete()
    page.locator("[name=_save]").first.click()
    page.get_by_role("heading", name="Your login has ended").wait_for()
    page.get_by_label("Username").fill(author.username)
    page.get_by_label("Password").fill("a-long-password")
    page.get_by_role("button", name="Log in and save").click()
    page.wait_for_url("**/admin/blog/post/")
    assert stored(post).title == "Typed for hours"
    only(problems, "401")


def test_a_work_with_its_notes_is_kept_whole(page, login):
    work = ReferenceFactory(citekey="a1935", notes="<p>Old.</p>")
    opened(page, work)
    write(page, " New notes.", "notes-0-body")
    page.fill("#id_year", "1936")
    state(page, "Kept at")
    draft = EditingDraft.objects.get()
    assert draft.fields["year"] == ["1936"]
    assert "New notes." in draft.fields["notes-0-body"][0]
    page.keyboard.press("Control+s")
    state(page, "Saved")
    assert Reference.objects.get().year == 1936
    assert "New notes." in Reference.objects.get().notes.body
    write(page, " Still more.", "notes-0-body")
    page.keyboard.press("Control+s")
    page.locator("[data-state=saved]").wait_for()
    assert "Still more." in Reference.objects.get().notes.body
