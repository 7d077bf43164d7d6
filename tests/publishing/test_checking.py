"""Links to other sites are asked for politely, at a real server on this machine; what is private
never."""

import threading
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from config import chores
from publishing.checking import asking, links
from publishing.models import ExternalLink, LinkState
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory

pytestmark = pytest.mark.django_db


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        server = self.server
        server.asked.append((self.command, self.path, dict(self.headers)))
        name = self.path.strip("/")
        if name == "robots.txt":
            return self._say(200, body=b"User-agent: *\nDisallow: /closed\n")
        if name == "moved":
            return self._say(301, Location="/fine")
        if name == "for-now":
            return self._say(302, Location="/fine")
        if name == "round":
            return self._say(301, Location="/round")
        if name == "inside":
            return self._say(302, Location="http://10.0.0.1/")
        if name == "no-head" and self.command == "HEAD":
            return self._say(405)
        if name == "kept" and self.headers.get("If-None-Match") == '"1"':
            return self._say(304)
        if name == "slow":
            server.waiting.wait(5)
        if name.isdigit():
            return self._say(int(name))
        return self._say(200, ETag='"1"')

    do_HEAD = do_GET

    def _say(self, status, body=b"", **headers):
        self.send_response(status)
        for key, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *args):
        pass


@contextmanager
def running():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.asked, server.waiting = [], threading.Event()
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.waiting.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def site(settings):
    settings.LOOKUP_ALLOW_LOOPBACK = True
    settings.LINK_PAUSE = 0
    settings.LINK_TIMEOUT = 5
    cache.clear()
    with running() as server:
        yield server


def page(*addresses):
    body = "".join(f'<p><a href="{address}">There</a></p>' for address in addresses)
    return ChapterFactory(title="Links", body=body)


def states(site):
    links.collect()
    links.work_off(lambda: False)
    return {
        row.url.removeprefix(site.url).strip("/"): (row.state, row.said)
        for row in ExternalLink.objects.all()
    }


def test_what_becomes_of_each_link(site):
    names = "fine moved for-now round inside no-head closed/page 404 410 403 500".split()
    page(*[f"{site.url}/{name}" for name in names])
    assert states(site) == {
        "fine": ("good", "200"),
        "moved": ("moved", "200"),
        "for-now": ("good", "200"),
        "round": ("broken", "redirects"),
        "inside": ("refused", "private"),
        "no-head": ("good", "200"),
        "closed/page": ("closed", "robots.txt"),
        "404": ("broken", "404"),
        "410": ("broken", "410"),
        "403": ("trouble", "403"),
        "500": ("trouble", "500"),
    }
    assert ExternalLink.objects.get(state="moved").moved_to == f"{site.url}/fine"
    assert not [path for _method, path, _headers in site.asked if path.startswith("/closed")]


def test_it_says_who_asks_asks_by_head_and_reads_no_page(site, settings):
    page(f"{site.url}/fine")
    states(site)
    (robots, asked) = site.asked
    assert robots[:2] == ("GET", "/robots.txt")
    assert asked[0] == "HEAD"
    assert settings.SITE_URL in asked[2]["User-Agent"]


def test_one_that_answered_is_asked_again_in_a_month_and_only_for_what_is_new(site):
    page(f"{site.url}/kept")
    states(site)
    states(site)
    assert [path for _method, path, _headers in site.asked].count("/kept") == 1
    row = ExternalLink.objects.get()
    assert row.due > timezone.now() + timedelta(days=29)
    links.make_due()
    assert states(site) == {"kept": ("good", "304")}
    assert site.asked[-1][2]["If-None-Match"] == '"1"'


def test_what_fails_on_the_way_is_broken_at_the_third_time(site):
    page("http://127.0.0.1:9/")
    found = []
    for _time in range(3):
        states(site)
        found.append(ExternalLink.objects.get().state)
        links.make_due()
    assert found == ["trouble", "trouble", "broken"]


def test_addresses_in_any_alphabet_are_asked_for(site):
    host = site.url.replace("127.0.0.1", "localhost")
    page(f"{host}/dolor d'esquena?què=ñ")
    assert set(states(site).values()) == {("good", "200")}
    assert site.asked[-1][1] == "/dolor%20d'esquena?qu%C3%A8=%C3%B1"


def test_a_slow_site_holds_nobody_up(site, settings):
    settings.LINK_TIMEOUT = 0.3
    page(f"{site.url}/slow")
    assert states(site) == {"slow": ("trouble", "timeout")}


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/", "http://10.1.2.3/x", "http://[::1]/", "http://169.254.169.254/latest",
        "http://user:word@127.0.0.1/",
    ],
)  # fmt: skip
def test_private_addresses_are_never_asked(address):
    assert asking.ask(address).state == LinkState.REFUSED


def test_one_site_is_not_asked_twice_in_a_row(site, settings):
    settings.LINK_PAUSE = 60
    page(f"{site.url}/one", f"{site.url}/two")
    links.collect()
    turns = iter([False, True])
    assert links.work_off(lambda: next(turns)) is True
    assert ExternalLink.objects.exclude(checked=None).count() == 1


def test_the_list_knows_where_each_is_used_and_forgets_what_is_gone(site):
    chapter = page(f"{site.url}/fine#part", f"{site.url}/404", "/review/", "mailto:a@example.org")
    post = PostFactory(title="A post", body=f'<p><a href="{site.url}/fine">x</a></p>')
    work = ReferenceFactory(url=f"{site.url}/fine")
    assert links.collect() == 2
    row = ExternalLink.objects.get(url=f"{site.url}/fine")
    assert [place[:2] for place in row.used_in] == [
        ["review.chapter", chapter.pk],
        ["blog.post", post.pk],
        ["references.reference", work.pk],
    ]
    chapter.body = ""
    chapter.save()
    assert links.collect() == 1


def test_the_command_says_what_it_found(site, capsys):
    page(f"{site.url}/fine", f"{site.url}/404")
    call_command("check_links")
    assert capsys.readouterr().out == "2 links: 1 broken, 1 good.\n"


def test_once_a_day_it_goes_by_itself_unless_told_not_to(site, settings):
    page(f"{site.url}/fine")
    now = timezone.now()
    chores.check_links(None, now)
    assert not ExternalLink.objects.exists()
    settings.CHECK_LINKS = True
    chores.check_links(now, now)
    assert not ExternalLink.objects.exists()
    chores.check_links(now - timedelta(days=1), now)
    assert ExternalLink.objects.get().state == "good"


def test_the_desk_reports_and_offers_an_old_copy_without_asking(author_client, site):
    chapter = page(f"{site.url}/404")
    states(site)
    home = author_client.get("/admin/").content.decode()
    assert "1 broken link" in home
    address = reverse("admin:publishing_externallink_changelist")
    shown = author_client.get(f"{address}?todo=broken").content.decode()
    assert f'href="https://web.archive.org/web/2*/{site.url}/404"' in shown
    assert reverse("admin:review_chapter_change", args=[chapter.pk]) in shown
    assert "answer 404" in shown


def test_the_desk_has_all_looked_at_again(author_client, site):
    page(f"{site.url}/fine")
    answer = author_client.post(reverse("admin:publishing_externallink_again"), follow=True)
    assert "1 link is being looked at" in answer.content.decode()
    assert ExternalLink.objects.get().state == "good"
