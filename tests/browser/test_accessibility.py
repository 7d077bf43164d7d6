"""Every kind of page under axe-core, and in narrow and enlarged windows. One seeded site for all:
nothing here writes."""

from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urlsplit

import axe_playwright_python
import pytest
from django.conf import settings as site_settings
from django.contrib import admin
from django.core.management import call_command
from django.db import connections
from django.test import Client, override_settings
from django.urls import reverse
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from comments.commenters import links, subscriptions
from comments.mailing import digest
from comments.models import Comment, Status, Subscription, Writer
from publishing.models import NextVersion
from publishing.models.next_versions import key_of
from review.models import Chapter
from tests.factories import AuthorUserFactory, comment
from tests.made_once import sample_site

from .conftest import PATIENCE, watch

# Rolls back what a test wrote; the sample content was committed before.
pytestmark = pytest.mark.django_db

PUBLIC = {
    "home": "/",
    "home in Spanish": "/es/",
    "contents": "/review/",
    "chapter": "/review/fat-and-fascia/",
    "planned chapter": "/review/past-mistakes/fibromyalgia/",
    "project page with its thread": "/review/the-project/",
    "library": "/references/",
    "reference with notes": "/references/herz1945/",
    "people": "/references/people/",
    "person": "/references/people/william-s-c-copeman/",
    "names": "/names/",
    "name": "/names/back-mouse/",
    "evidence": "/references/evidence/",
    "appraisals": "/references/evidence/appraisal/",
    "study judged": "/references/herz1945/appraisal/",
    "evidence in pictures": "/references/evidence/pictures/",
    "how this was searched": "/references/methods/",
    "two studies": "/references/compare/?work=herz1945&work=herz1946",
    "glossary": "/glossary/",
    "word explained": "/glossary/fascia/",
    "wanted": "/references/wanted/",
    "take to your doctor": "/references/take/to-your-doctor/?key=herz1945",
    "blog": "/blog/",
    "year": "/blog/2026/",
    "post": "/blog/a-nerve-and-a-lump/",
    "tag": "/tags/anatomy/",
    "search with hits": "/search/?q=lipoma",
    "search without hits": "/search/?q=xyzzyplugh",
    "questions": "/questions/",
    "in short": "/in-short/back-mice/",
    "sheet for the doctor": "/in-short/back-mice/sheet/",
    "kept answer": "/questions/not-in-english/",
    "comment form": "/comments/new/review.chapter/{chapter}/",
    "report of a mistake": "/comments/new/review.chapter/{chapter}/?kind=correction&quote=Fat.",
    "privacy": "/privacy/",
    "legal": "/legal/",
    "conversation": "/comments/thread/{talk}/",
    "opening one's own page": "{own}",
    "one's own page": "/comments/mine/",
    "correcting one's words": "/comments/mine/{mine}/",
    "deciding from a mail": "{decide}",
    "hear of replies": "{confirm}",
    "no more mail": "{unsubscribe}",
    "words have arrived": "/comments/sent/?page=review.chapter/{chapter}",
    "nothing here": "/nothing-here/",
}
DESK = {
    "index": "/admin/",
    "chapter list": "/admin/review/chapter/",
    "chapter": "/admin/review/chapter/{chapter}/change/",
    "next version": "/admin/review/chapter/{chapter}/change/?next=1",
    "discard it": "/admin/review/chapter/{chapter}/next/discard/",
    "links for a colleague": "/admin/review/chapter/{chapter}/preview/link/",
    "replace it": "/admin/publishing/image/{image}/replace/",
    "withdraw it": "/admin/publishing/image/{image}/withdraw/",
    "new chapter": "/admin/review/chapter/add/",
    "chapters in their order": "/admin/review/chapter/arrange/",
    "works of a chapter": "/admin/review/chapter/{chapter}/works/?q=herz",
    "works into a chapter": "/admin/review/chapter/place/?works={reference}",
    "new page in short": "/admin/review/inshort/add/",
    "new kept answer": "/admin/comments/keptanswer/add/?from={comment}",
    "history": "/admin/review/chapter/{chapter}/history/",
    "deleting": "/admin/review/chapter/{chapter}/delete/",
    "post list": "/admin/blog/post/",
    "post": "/admin/blog/post/{post}/change/",
    "reference list": "/admin/references/reference/",
    "reference": "/admin/references/reference/{reference}/change/",
    "import": "/admin/references/reference/import/",
    "look-up": "/admin/references/reference/lookup/",
    "perhaps the same": "/admin/references/reference/alike/",
    "notes": "/admin/references/notes/{notes}/change/",
    "screening": "/admin/references/hit/screen/",
    "the flow so far": "/admin/references/hit/flow/",
    "published versions": "/admin/review/chapter/{chapter}/versions/",
    "person": "/admin/references/person/{person}/change/",
    "name": "/admin/references/name/{name}/change/",
    "condition": "/admin/references/condition/{condition}/change/",
    "figure list": "/admin/publishing/image/",
    "figure": "/admin/publishing/image/{image}/change/",
    "figures to choose from": "/admin/publishing/image/pick/",
    "new announcement": "/admin/publishing/announcement/add/",
    "new consent": "/admin/publishing/consent/add/",
    "site settings": "/admin/publishing/sitesettings/1/change/",
    "find and replace": "/admin/publishing/replacement/?find=lump&replace=x&whole_words=on",
    "links to other sites": "/admin/publishing/externallink/",
    "old addresses": "/admin/publishing/redirect/",
    "subject": "/admin/taggit/tag/{tag}/change/",
    "what one has of a work": "/admin/references/reference/ask/",
    "new work": "/admin/references/reference/add/?type=chapter",
    "trash": "/admin/publishing/trashed/",
    "comment list": "/admin/comments/comment/",
    "comment": "/admin/comments/comment/{comment}/change/",
    "comment desk": "/admin/comments/comment/desk/",
    "log and counts": "/admin/comments/comment/desk/figures/",
    "answering": "/admin/comments/comment/{comment}/answer/",
    "lists of words": "/admin/comments/wordlist/",
    "new snippet": "/admin/comments/snippet/add/",
    "mail to you": "/admin/comments/desksettings/1/change/",
    "data of a person": "/admin/comments/writer/",
    "new password": "/admin/password_change/",
    "one's account": "/admin/account/",
    "an app that shows codes": "/admin/account/app/",
    "a passkey": "/admin/account/passkey/",
    "in Catalan": "/ca/admin/",
}
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING = {"runOnly": STANDARDS, "resultTypes": ["violations"], "preload": False}
COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
# What a width between the phone's and the laptop's can change of a page that both have passed.
BETWEEN = {
    "runOnly": {
        "type": "rule",
        "values": [*COLOURS["runOnly"]["values"], "target-size", "scrollable-region-focusable"],
    },
    "resultTypes": ["violations"],
}
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, tmp_path_factory):
    """A server with the sample content; `site.ids` has what addresses need."""
    folder = tmp_path_factory.mktemp("media")
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=folder, COMMENT_MIN_SECONDS=0),
        _a_test_that_only_reads(),
    ):
        server = LiveServer("127.0.0.1")
        try:
            with override_settings(
                SITE_URL=server.url, CSRF_TRUSTED_ORIGINS=[server.url], ALLOWED_HOSTS=["127.0.0.1"]
            ):
                sample_site()
                server.media = folder
                chapter = Chapter.objects.get(slug="fat-and-fascia")
                server.ids = {**_first_rows(), "chapter": chapter.pk, **_of_a_writer(chapter)}
                NextVersion.objects.create(**key_of(chapter), fields={"title": ["Next"]})
                server.cookie = _logged_in()
                yield server
        finally:
            server.stop()
            call_command("flush", interactive=False, verbosity=0)
            call_command("rebuild_search", verbosity=0)


@contextmanager
def _a_test_that_only_reads():
    """On SQLite the transaction around a test would else keep the server from writing."""
    connections["default"].ensure_connection()
    with patch.object(connections["default"], "transaction_mode", "DEFERRED", create=True):
        yield


def _first_rows():
    """`{model name: a primary key}` of everything that has a list at the desk."""
    rows = {model: model._default_manager.order_by("pk").first() for model in admin.site._registry}
    return {model._meta.model_name: row.pk for model, row in rows.items() if row is not None}


def _of_a_writer(chapter):
    """Addresses of the pages of somebody who wrote today: in the sample everything was written long
    ago."""
    words = {
        "name": "Anna",
        "text": "Does it go away?",
        "email": "anna@example.org",
        "kind": "question",
        "role": "patient",
    }
    talk = comment(chapter, writer=Writer.objects.create(), **words)
    comment(
        parent=comment(parent=talk, by_author=True, text="> Does it go away?\n\nOften."),
        text="Thank you.",
    )
    comment(chapter, writer=talk.writer, status=Status.PENDING, **words)
    waiting = comment(
        chapter, status=Status.PENDING, text="I want to die. Dr. Smith, anna@example.org"
    )
    subscription = Subscription.objects.create(comment=talk, language="en")
    signed = subscriptions.signed(subscription)
    return {
        "talk": talk.pk,
        "mine": talk.pk,
        "own": links.link(talk.writer),
        "opened": _opened(talk.writer),
        "decide": urlsplit(digest.link(waiting, "approve")).path,
        "confirm": reverse("comments:confirm", args=[signed]),
        "unsubscribe": reverse("comments:unsubscribe", args=[signed]),
    }


def _opened(writer):
    """The cookie of somebody who has opened their own page."""
    client = Client(headers={"host": "127.0.0.1"})
    client.post(links.link(writer))
    return client.cookies["mine"].value


def _logged_in():
    client = Client()
    client.force_login(AuthorUserFactory())
    return client.cookies[site_settings.SESSION_COOKIE_NAME].value


class Visit:
    """One context for all pages of a visitor, who fetches style and scripts once."""

    def __init__(self, browser, site, cookies=()):
        self.problems = []
        self.context = browser.new_context(
            base_url=site.url,
            locale="en-GB",
            viewport={"width": 390, "height": 844},
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(PATIENCE)
        self.context.add_cookies(cookies)
        watch(self.context, self.problems)

    @contextmanager
    def page(self):
        self.problems.clear()
        page = self.context.new_page()
        yield page
        page.close()
        assert [each for each in self.problems if "status of 4" not in each] == []


@pytest.fixture(scope="module")
def reader(browser, site):
    opened = {"name": "mine", "value": site.ids["opened"], "url": site.url}
    visit = Visit(browser, site, [opened])
    yield visit
    visit.context.close()


@pytest.fixture(scope="module")
def author_at_desk(browser, site):
    name = site_settings.SESSION_COOKIE_NAME
    visit = Visit(browser, site, [{"name": name, "value": site.cookie, "url": site.url}])
    yield visit
    visit.context.close()


@pytest.fixture
def page(reader, site, settings):
    settings.MEDIA_ROOT = site.media
    with reader.page() as page:
        yield page


@pytest.fixture
def desk(author_at_desk, site, settings):
    settings.MEDIA_ROOT = site.media
    with author_at_desk.page() as page:
        yield page


def violations(page, options=EVERYTHING, exclude=()):
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    run = "([exclude, options]) => axe.run(exclude.length ? {exclude} : document, options)"
    found = page.evaluate(run, [list(exclude), options])["violations"]
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))} {node['html'][:160]} {_why(node)}"
        for rule in found
        for node in rule["nodes"]
    ]


def _why(node):
    return "; ".join(each["message"] for each in node["any"] + node["all"] + node["none"])


def open_page(page, site, kind):
    page.goto(PUBLIC[kind].format(**site.ids))
    if kind == "comment form":
        page.get_by_role("button", name="Send for reading").click()
        page.locator(".errors").wait_for()


def test_the_pages_that_ask_before_erasing_have_no_barrier(page, site):
    page.goto("/comments/mine/")
    page.get_by_role("button", name="Erase everything").click()
    page.get_by_role("heading", name="Erase everything for good?").wait_for()
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, COLOURS) == []


@pytest.mark.parametrize("kind", PUBLIC)
def test_a_page_has_no_barrier_and_never_scrolls_sideways(page, site, kind):
    open_page(page, site, kind)
    found = {}
    for width in (390, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="light")
        if width == 1280:  # the rail shows what is in a shut <details> too, which axe does not know
            page.evaluate(
                "document.querySelectorAll('.rail details').forEach((each) => { each.open ="
                " true; })"
            )
        found[f"{width} light"] = violations(page, BETWEEN if width == 768 else EVERYTHING)
        if width == 768:
            continue
        page.emulate_media(color_scheme="dark")
        found[f"{width} dark"] = violations(page, COLOURS)
    # 640 is a window of 1280 at twice the size
    for width in (320, 390, 640, 1024, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        found[f"{width} wide"] = sideways(page)
        if width == 390:
            found["letter under letter"] = letter_under_letter(page)
            found["lies under something else"] = covered(page)
    assert {name: what for name, what in found.items() if what} == {}


@pytest.mark.parametrize(
    "address", ["/es/references/evidence/", "/ca/review/", "/ca/references/herz1945/appraisal/"]
)
def test_the_largest_letters_on_a_small_phone_leave_nothing_outside(page, site, address):
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto("/")
    page.get_by_role("button", name="Largest").click()
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert sideways(page) == []
    assert letter_under_letter(page) == []
    outside = """() => [...document.querySelectorAll("main :is(time, dd, td, dt)")].filter((each) =>
        each.getBoundingClientRect().right > document.documentElement.clientWidth + 1
        && !each.closest(".scroll:not(.evidence)")).map((each) => each.textContent)"""
    assert page.evaluate(outside) == []


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_the_name_of_the_site_leads_to_its_first_page(page, site, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/references/")
    page.locator(".masthead .name a").click()
    expect(page).to_have_url(f"{site.url}/")


@pytest.mark.parametrize("address", ["/references/evidence/", "/names/"])
def test_a_heading_that_sorts_is_seen_when_one_comes_to_it_by_keyboard(page, site, address):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(address)
    heading = page.locator("thead :is(a, button)").nth(1)
    heading.focus()
    expect(page.locator("thead")).not_to_have_css("position", "absolute")
    expect(heading).to_be_in_viewport()
    assert sideways(page) == []


def covered(page):
    """What one would press, and press something else in its place."""
    return page.evaluate("""() => [...document.querySelectorAll("a[href], button, summary, input")]
        .filter((each) => !each.closest(".vh, .thumb, .offer, svg, thead"))
        .filter((each) => !each.closest("details:not([open]) > :not(summary)"))
        .filter((each) => {
            each.scrollIntoView({ block: "center", behavior: "instant" });
            return [...each.getClientRects()].some(({ left, top, width, height }) => {
                if (width < 4 || height < 4) return false;
                const at = document.elementFromPoint(left + width / 2, top + height / 2);
                return at && !each.contains(at) && !at.contains(each)
                    && at.closest("label")?.control !== each;
            });
        }).map((each) => each.textContent.trim().slice(0, 40))""")


def letter_under_letter(page):
    """Words in a column too narrow to read."""
    return page.evaluate("""() => [...document.querySelectorAll("main :is(p, dd, dt, td, li)")]
        .filter((each) => each.textContent.trim().length > 5 && !each.closest(".vh, thead"))
        .filter((each) => {
            const { width, height } = each.getBoundingClientRect();
            return width > 0 && width < 2 * parseFloat(getComputedStyle(each).fontSize)
                && height > 3 * width;
        }).map((each) => each.textContent.trim().slice(0, 40))""")


def sideways(page):
    """What reaches out of the window, if it can be scrolled there."""
    return page.evaluate("""() => {
        const root = document.documentElement;
        const wide = root.scrollWidth, window_ = root.clientWidth;
        if (wide <= window_) return [];
        return [`${wide} in ${window_}`, ...[...document.querySelectorAll("body *")]
            .filter((each) => each.getBoundingClientRect().right > window_ + 1)
            .map((each) => `${each.localName}.${each.className}`).slice(0, 12)];
    }""")


def test_the_login_has_no_barrier(page):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/admin/login/")
    assert violations(page) == []


@pytest.mark.parametrize("screen", DESK)
def test_a_screen_of_the_desk_has_no_barrier(desk, site, screen):
    assert Comment.objects.filter(status=Status.PENDING).exists()
    page = desk
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(DESK[screen].format(**site.ids))
    if screen == "chapter":  # the others' editors are the same
        page.frame_locator("iframe.cke_wysiwyg_frame").first.locator("body").wait_for()
    # CKEditor's frame and its tool bar are not ours to mend
    assert violations(page, exclude=[[".cke"]]) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, COLOURS, exclude=[[".cke"]]) == []


def test_a_chooser_that_a_slow_machine_makes_late_has_its_name(desk, site):
    page = desk
    # jQuery puts what is to be done when the page is ready off by a timer without a time.
    page.add_init_script(
        "const set = window.setTimeout; window.setTimeout = (f, d, ...a) => set(f, d === undefined"
        " ? 1500 : d, ...a);"
    )
    page.goto(DESK["chapter"].format(**site.ids))
    page.locator(".select2-selection[aria-label]").first.wait_for()
    expect(page.locator(".select2-selection:not([aria-label])")).to_have_count(0)
