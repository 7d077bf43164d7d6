"""What goes wrong in an evening of work, one thing a test: nothing that was typed is lost."""

import time
from datetime import timedelta
from urllib.parse import urlsplit
from wsgiref.simple_server import ServerHandler as SimpleHandler

import pytest
from django.contrib.sessions.models import Session
from django.core.servers.basehttp import ServerHandler
from django.test.testcases import LiveServerThread, QuietWSGIRequestHandler
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from blog.models import Post
from publishing.desk import preview
from publishing.models import EditingDraft
from tests.factories import ChapterFactory, PostFactory

from .conftest import PATIENCE
from .test_editor import stored_picture
from .test_never_lose import (  # noqa: F401  (fixtures)
    WORDS,
    _soon,
    change,
    form_of,
    login,
    only,
    opened,
    post,
    state,
    stored,
    text_of,
    write,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_five_hours_idle(page, post):  # noqa: F811
    page.clock.install()
    opened(page, post)
    page.clock.resume()
    write(page)
    state(page, "Kept at")
    Session.objects.update(expire_date=timezone.now() - timedelta(hours=1))
    page.clock.fast_forward("05:00:00")
    page.keyboard.press("Control+s")
    page.get_by_label("Password").fill("a-long-password")
    page.get_by_role("button", name="Log in and save").click()
    state(page, "Saved")
    assert WORDS.strip() in stored(post).body


def _with_the_answer_it_is_over(handler):
    """A connection that is kept open would outlive the server that is stopped."""
    SimpleHandler.cleanup_headers(handler)
    handler.headers["Connection"] = "close"
    handler.request_handler.close_connection = True


def _at_the_same_address(thread, connections_override=None):
    return thread.server_class(
        (thread.host, thread.port),
        QuietWSGIRequestHandler,
        allow_reuse_address=True,
        connections_override=connections_override,
    )


def test_a_restart_of_the_server_in_the_middle_of_a_save(
    new_page,
    client,
    author,
    post,  # noqa: F811
    settings,
    problems,
    monkeypatch,
):
    monkeypatch.setattr(ServerHandler, "cleanup_headers", _with_the_answer_it_is_over)
    monkeypatch.setattr(LiveServerThread, "_create_server", _at_the_same_address)
    server = LiveServer("127.0.0.1")
    port = urlsplit(server.url).port
    settings.SITE_URL = server.url
    settings.CSRF_TRUSTED_ORIGINS = [server.url]
    page = new_page(base_url=server.url)
    client.force_login(author)
    value = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": value, "url": server.url}])
    opened(page, post)
    write(page)
    server.stop()
    page.keyboard.press("Control+s")
    state(page, "Not saved: no connection, trying again")
    again = LiveServer(f"127.0.0.1:{port}")
    try:
        state(page, "Saved")
    finally:
        page.goto("about:blank")
        again.stop()
    assert WORDS.strip() in stored(post).body
    only(problems, "ERR_CONNECTION")


def test_two_hundred_thousand_words(page, post):  # noqa: F811
    page.set_default_timeout(2 * PATIENCE)
    opened(page, post)
    words = "<p>" + "lump " * 99 + "end.</p>"
    page.evaluate("html => CKEDITOR.instances.id_body.setData(html)", words * 2000)
    page.keyboard.press("Control+s")
    state(page, "Saved")
    assert stored(post).words == 200_000


def test_five_hundred_figures(page, login):  # noqa: F811
    page.set_default_timeout(2 * PATIENCE)
    figure = (
        f'<figure class="figure"><img src="{stored_picture().get_absolute_url()}" alt="a">'
        "<figcaption>One.</figcaption></figure>"
    )
    chapter = ChapterFactory(body=figure * 500 + "<p>Last.</p>")
    opened(page, chapter)
    write(page)
    page.keyboard.press("Control+s")
    state(page, "Saved")
    assert stored(chapter).body.count("<figure") == 500
    assert stored(chapter).body.endswith(f"<p>Last.{WORDS}</p>")


@pytest.mark.parametrize("days", [-400, 400])
def test_a_clock_that_jumps(page, post, days):  # noqa: F811
    page.clock.install()
    opened(page, post)
    page.clock.resume()
    write(page, " Before.")
    state(page, "Kept at")
    page.clock.set_system_time((time.time() + days * 86400) * 1000)
    write(page, " After.")
    state(page, "Kept at")
    assert "Before. After." in EditingDraft.objects.get().fields["body"][0]
    page.keyboard.press("Control+s")
    state(page, "Saved")
    assert stored(post).body == "<p>First words. Before. After.</p>"


def test_ten_minutes_without_network(page, post, problems):  # noqa: F811
    page.clock.install()
    opened(page, post)
    page.clock.resume()
    page.context.set_offline(True)
    write(page)
    page.keyboard.press("Control+s")
    state(page, "Not saved: no connection, trying again")
    page.clock.fast_forward("10:00")
    write(page, " Later.")
    state(page, "Not")
    page.context.set_offline(False)
    state(page, "Saved")
    assert stored(post).body == f"<p>First words.{WORDS} Later.</p>"
    only(problems, "ERR_INTERNET_DISCONNECTED")


FIVE_MEGABYTES = """() => {
  const style = "mso-margin-top-alt:auto;font-family:Calibri;".repeat(120);
  const line = (n, more) =>
    `<p class=MsoNormal style='${style}'>Line ${n} <b>bold</b>${more}</p>`;
  const mark = "<a href='#_ftn1' name='_ftnref1'>[1]</a>";
  const note = "<div id=ftn1><p><a href='#_ftnref1' name='_ftn1'>[1]</a> Said below.</p></div>";
  const lines = Array.from({length: 1000}, (_, n) => line(n, n === 2 ? mark : ""));
  const html = `<h1>Title</h1>${lines.join("")}<h2>Last part</h2><p>The end</p>${note}`;
  const data = new DataTransfer();
  data.setData("text/html", `<html><body>${html}</body></html>`);
  data.setData("text/plain", "plain");
  const options = {clipboardData: data, bubbles: true, cancelable: true};
  CKEDITOR.instances.id_body.editable().$.dispatchEvent(new ClipboardEvent("paste", options));
  return html.length;
}"""


def test_a_paste_of_five_megabytes_keeps_its_form(page, post):  # noqa: F811
    page.set_default_timeout(2 * PATIENCE)
    opened(page, post)
    write(page, " ")
    assert page.evaluate(FIVE_MEGABYTES) > 5_000_000
    page.frame_locator("#cke_id_body iframe").get_by_text("The end").wait_for()
    page.keyboard.press("Control+s")
    state(page, "Saved")
    body = stored(post).body
    assert body.count("<strong>bold</strong>") == 1000
    # Its parts are below its title, though they went to the site apart from it.
    assert "<h3>Last part</h3>" in body
    assert body.index("Said below.") < body.index("Line 3 ")


def test_a_title_of_emoji(page, login):  # noqa: F811
    page.goto(reverse("admin:blog_post_add"))
    form_of(page)
    page.fill("#id_title", "🐭🐭 🦴")
    page.select_option("#id_state", "published")
    page.keyboard.press("Control+s")
    state(page, "Saved")
    made = Post.objects.get()
    page.goto(made.get_absolute_url())
    expect(page.get_by_role("heading", level=1)).to_have_text("🐭🐭 🦴")


def test_an_expired_preview_link_says_so(page, login, author, problems, monkeypatch):  # noqa: F811
    draft = PostFactory(state="draft", title="Not yet")
    link = preview.link_to(draft, user=author)
    address = reverse("shared-preview", args=[preview.signed(link)])
    page.goto(address)
    page.get_by_role("heading", name="Not yet").wait_for()
    monkeypatch.setattr(preview, "LASTS", timedelta(seconds=-1))
    page.goto(address)
    page.get_by_role("heading", level=1).wait_for()
    expect(page.locator("body")).not_to_contain_text("Not yet")
    only(problems, "410")
