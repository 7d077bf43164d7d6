"""A lock that is not to be had, a disk that cannot be written to: readers read, writers are told
and lose nothing."""

import re
from html import unescape

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from comments.mailing import digest
from comments.models import Comment, SpentChallenge
from comments.moderation import actions
from config import env, unavailable, views
from tests.comments.forms import address, filled
from tests.factories import ChapterFactory, PostFactory, comment
from tests.publishing.test_editing import form_of

from .test_reading_writes_nothing import addresses, site

pytestmark = pytest.mark.django_db(transaction=True)
SQLITE = "sqlite"
DRAFT = "the draft"
__all__ = ["site"]  # its fixture


def say(*statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def release(other):
    other.cursor().execute("ROLLBACK")
    other.close()


@pytest.fixture
def writer():
    """`writer()`: another connection begins to write everywhere and does not come to an end; gives
    what ends it."""
    others = []

    def begin():
        other = connection.copy()
        others.append(other)
        if connection.vendor == SQLITE:
            other.cursor().execute("BEGIN IMMEDIATE")
        else:
            tables = ", ".join(
                f'"{model._meta.db_table}"' for model in apps.get_models(include_auto_created=True)
            )
            other.cursor().execute("BEGIN")
            other.cursor().execute(f"LOCK TABLE {tables} IN EXCLUSIVE MODE")
        return lambda: release(others.pop())

    say("PRAGMA busy_timeout = 60" if connection.vendor == SQLITE else "SET lock_timeout = '60ms'")
    yield begin
    for other in others:
        release(other)
    as_before()


def as_before():
    """The connection as it is otherwise: one of the pool would be given to others as it is."""
    if connection.vendor != SQLITE:
        say("RESET ALL")
    connection.close()


def read_only():
    if connection.vendor == SQLITE:
        say("PRAGMA query_only = ON")
    else:
        say("SET default_transaction_read_only = on")


def full():
    """Not one page more than the file has."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA freelist_count")
        free = cursor.fetchone()[0]
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
    # What is free in the file counts as well: it is used up first.
    if free:
        say("CREATE TABLE filling (words TEXT)")
        while True:
            try:
                say(f"INSERT INTO filling VALUES ('{'x' * 3000}')")
            except DatabaseError:
                return


@pytest.fixture(autouse=True)
def _no_waiting(settings):
    settings.COMMENT_MIN_SECONDS = 0


@pytest.fixture
def page():
    return PostFactory()


def read_everything(client, page):
    paths = (
        "/",
        "/review/",
        "/references/",
        "/blog/",
        page.get_absolute_url(),
        address(page),
        "/search/?q=title",
        "/feed.atom",
    )
    for path in paths:
        assert client.get(path).status_code == 200, path


def test_behind_a_writer_that_does_not_end_readers_read_and_the_form_comes_back_filled(
    client, page, writer
):
    first = comment(page, name="Berta")
    data = filled(page, text="My long <story>")
    end = writer()
    read_everything(client, page)
    response = client.post(address(page, first), data)
    html = response.content.decode()
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert "Something else is being written" in html
    assert "My long &lt;story&gt;</textarea>" in html
    assert "Reply to Berta" in html
    assert f'name="captcha_1" value="{data["captcha_1"]}"' in html
    assert not re.search(r"put right", html)
    end()
    assert client.post(address(page, first), data).status_code == 302
    assert Comment.objects.filter(text="My long <story>").count() == 1


def test_no_page_for_readers_waits_for_a_writer(client, site, writer, settings, tmp_path):
    settings.BOOKS_ROOT = tmp_path
    asked = addresses(site)
    writer()
    say("PRAGMA busy_timeout = 0" if connection.vendor == SQLITE else "SET lock_timeout = '1ms'")
    for each in asked:
        response = client.get(each)
        # No static files are collected here; nobody has opened a page of their own.
        told = 503 if each == "/readyz" else 403 if each.startswith("/comments/mine/") else None
        assert response.status_code in (200, 302, 404, 405, told), each
        if response.streaming:
            response.getvalue()


def test_whoever_sends_anything_is_told_and_finds_it_on_the_page(author_client, site, writer):
    mine, question, post = "/comments/mine/", site["question"], site["post"]
    author_client.post(f"{mine}{site['mine']}/")
    waiting = comment(post, status="pending")
    words = {"text": "My words.", "name": "Anna", "kind": "comment", "language": "en"}
    desk = reverse("admin:comments_comment_desk_act", args=[question.pk])
    page = reverse("admin:blog_post_change", args=[post.pk])
    sent = [
        (f"{mine}{question.pk}/", words),
        (mine, {"do": "withdraw", "comment": question.pk, "also": "My words."}),
        (f"/comments/confirm/{site['subscription']}/", {"also": "My words."}),
        (f"/comments/unsubscribe/{site['subscription']}/", {"also": "My words."}),
        (digest.link(waiting, "trash").removeprefix(settings.SITE_URL),
         {"do": "trash", "seen": actions.mark(waiting), "also": "My words."}),
        (page, form_of(author_client, page, body="<p>My words.</p>")),
        (reverse("admin:blog_post_add"),
         form_of(author_client, reverse("admin:blog_post_add"), title="My words.")),
        (reverse("admin:blog_post_changelist"),
         {"action": "publish", "_selected_action": DRAFT, "also": "My words."}),
        (reverse("admin:references_import"), {"text": "TY  - JOUR\nTI  - My words.\nER  - \n"}),
        (desk, {"do": "trash", "also": "My words."}),
        (f"{page[:-7]}delete/", {"post": "yes", "also": "My words."}),
    ]  # fmt: skip
    draft = PostFactory(state="draft")
    writer()
    for address_, data in sent:
        data = {name: draft.pk if value == DRAFT else value for name, value in data.items()}
        response = author_client.post(address_, data)
        assert response.status_code == 503, (address_, response.status_code)
        assert int(response["Retry-After"]) > 0
        assert "My words." in response.content.decode(), address_


def test_a_wrong_answer_that_could_not_be_taken_is_not_used_up(client, page, writer):
    end = writer()
    assert client.post(address(page), filled(page, captcha_1="x")).status_code == 503
    end()
    assert not SpentChallenge.objects.exists()


def test_the_author_looks_at_her_desk_meanwhile(author_client, writer):
    chapter, waiting = ChapterFactory(), comment(PostFactory())
    writer()
    for path in (
        "/admin/", "/admin/review/chapter/", f"/admin/review/chapter/{chapter.pk}/change/",
        "/admin/review/chapter/add/",
        f"/admin/comments/comment/{waiting.pk}/change/", "/admin/references/reference/lookup/",
    ):  # fmt: skip
        assert author_client.get(path, follow=True).status_code == 200, path


def test_what_the_author_was_saving_is_on_the_page_and_can_be_sent_again(author_client, writer):
    chapter = ChapterFactory(title="Fat", body="<p>Before.</p>")
    change = f"/admin/review/chapter/{chapter.pk}/change/"
    form = author_client.get(change).context["adminform"].form
    data = {
        name: value for name, value in form.initial.items() if isinstance(value, str | int | bool)
    }
    inlines = {
        f"{formset.formset.prefix}-{name}": 0
        for formset in author_client.get(change).context["inline_admin_formsets"]
        for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    words = "<p>" + "Long words, written for an hour. " * 20 + "</p>"
    end = writer()
    response = author_client.post(change, {**data, **inlines, "body": words, "_continue": "Save"})
    html = response.content.decode()
    assert (response.status_code, response["Cache-Control"]) == (503, "no-store")
    assert "Long words, written for an hour." in html
    kept = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', html))
    kept |= dict(
        re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n(.*?)</textarea>', html, re.DOTALL)
    )
    assert f'action="{change}"' in html
    end()
    again = author_client.post(change, {name: unescape(value) for name, value in kept.items()})
    assert again.status_code == 302, again.context["errors"]
    chapter.refresh_from_db()
    assert "written for an hour" in chapter.body


def test_a_password_is_shown_on_no_page(client, author, writer):
    author.set_password("s3cret-words")
    author.save()
    writer()
    response = client.post(
        "/admin/login/", {"username": author.username, "password": "s3cret-words"}
    )
    assert response.status_code == 503
    assert "s3cret" not in response.content.decode()


@pytest.mark.parametrize("trouble", [read_only, full])
def test_where_nothing_can_be_written_readers_read_and_writers_are_told(client, page, trouble):
    if trouble is full and connection.vendor != SQLITE:
        pytest.skip("how full a disk is, PostgreSQL cannot be told")
    data = filled(page, text="My words. " * 900)
    trouble()
    try:
        read_everything(client, page)
        response = client.post(address(page), data)
        html = response.content.decode()
    finally:
        if trouble is full:
            say("DROP TABLE IF EXISTS filling")
        as_before()
    assert response.status_code == 503
    assert "nothing new can be written" in html
    assert html.count("My words.") >= 900
    assert client.post(address(page), data).status_code == 302


def test_it_is_said_in_the_readers_language(client, page, writer):
    data = filled(page)
    writer()
    assert "Torneu-ho a provar" in client.post("/ca" + address(page), data).content.decode()


def test_a_mistake_of_ours_is_not_called_trouble(db):
    with pytest.raises(DatabaseError) as caught:
        say("SELECT * FROM nowhere")
    assert unavailable.trouble_of(caught.value) is None
    assert unavailable.trouble_of(ValueError()) is None


def test_what_fails_outside_of_any_view_is_answered_too(rf, writer, page):
    """Such as keeping a session, once the view has answered."""
    writer()
    request = rf.get("/")
    request.resolver_match = None
    try:
        with transaction.atomic():
            page.save()
    except DatabaseError:
        response = views.server_error(request)
    assert response.status_code == 503
    assert response["Retry-After"]


@pytest.mark.parametrize("error", ["connection refused", "pool"])
def test_a_database_that_is_gone_is_said_to_be(rf, error):
    if connection.vendor == SQLITE:
        pytest.skip("PostgreSQL only")
    probe = connection.copy()
    probe.settings_dict = {
        **probe.settings_dict,
        "HOST": "127.0.0.1",
        "PORT": 1,
        "OPTIONS": {"connect_timeout": 1},
    }
    if error == "pool":
        probe.settings_dict["OPTIONS"] = {"pool": {"min_size": 0, "max_size": 1, "timeout": 0.2}}
        probe.alias = "gone"
    with pytest.raises(DatabaseError) as caught:
        probe.ensure_connection()
    if error == "pool":
        probe.close_pool()
    assert unavailable.trouble_of(caught.value).kind == "gone"


class TestOneThreadIsLeftToReaders:
    def ask(self, settings, method, inner=None):
        """A request of a server with two threads, during which `inner` is asked as well."""
        settings.WEB_THREADS = 2
        seen = []

        def view(request):
            seen.append(request.method)
            if inner and len(seen) == 1:
                seen.append(self.answer(middleware, inner, view))
            return HttpResponse()

        middleware = unavailable.UnavailableMiddleware(
            lambda request: self.through(middleware, request, view)
        )
        response = self.answer(middleware, method, view)
        return response, seen, middleware

    def answer(self, middleware, method, view):
        return middleware(getattr(RequestFactory(), method)("/somewhere/")).status_code

    def through(self, middleware, request, view):
        return middleware.process_view(request, view, (), {}) or view(request)

    def test_while_one_writes_another_is_asked_to_come_again(self, settings):
        response, seen, _middleware = self.ask(settings, "post", "post")
        assert (response, seen) == (200, ["POST", 503])

    def test_while_one_writes_another_reads(self, settings):
        assert self.ask(settings, "post", "get")[1] == ["POST", "GET", 200]

    def test_whoever_is_done_leaves_the_place_to_the_next(self, settings):
        _response, seen, middleware = self.ask(settings, "post", "post")
        assert self.answer(middleware, "post", None) == 200
        assert seen == ["POST", 503, "POST"]


def test_connections_to_sqlite_stay_open_and_those_to_postgresql_go_back_to_the_pool():
    assert env.database("sqlite:///var/site.sqlite3")["CONN_MAX_AGE"] is None
    assert env.database("postgres://u:p@h/n")["CONN_MAX_AGE"] == 0


def test_a_request_waits_for_a_lock_for_less_long_than_a_command():
    assert env.database("sqlite:///x.sqlite3", 4)["OPTIONS"]["timeout"] == 4
    assert env.database("sqlite:///x.sqlite3")["OPTIONS"]["timeout"] == 20
    options = env.database("postgres://u:p@h/n", 4)["OPTIONS"]["options"]
    assert options.endswith(" -c lock_timeout=4s")
    assert "lock_timeout" not in env.database("postgres://u:p@h/n")["OPTIONS"]["options"]


def test_postgresql_compiles_no_question_unless_the_host_wants_it_to():
    plain = env.database("postgres://u:p@h/n")["OPTIONS"]["options"]
    assert plain.startswith("-c jit=off ")
    wanted = env.database("postgres://u:p@h/n?options=-c%20jit%3Don", 4)["OPTIONS"]["options"]
    assert wanted == f"{plain} -c jit=on -c lock_timeout=4s"  # the last one counts
