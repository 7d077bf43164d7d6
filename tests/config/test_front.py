"""What stands in front of the site, as shipped: nginx really runs here, on loopback."""

import re
import socket
import ssl
import subprocess
import sys
from contextlib import ExitStack

import brotli
import pytest
from django.conf import settings as site
from django.core.management import call_command

from config.management.commands.front_pages import front_pages
from publishing.models import State
from tests.factories import PostFactory
from tests.run import find_nginx
from tests.simultaneous import at_once

from . import front as fronts

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once("about what stands in front of the site"),
    pytest.mark.skipif(not find_nginx(), reason="there is no nginx (apt-get install nginx)"),
]
DEPLOY = site.BASE_DIR / "deploy"
KEYS = ("/comments/mine/17:key-of-one/", "/ca/comments/confirm/18:key-of-one/",
        "/comments/unsubscribe/19:key-of-one/", "/comments/decide/20:key-of-one/",
        "/preview/21:key-of-one/", "//comments//mine/22:key-of-one/mine/")  # fmt: skip


@pytest.fixture(scope="module")
def front(tmp_path_factory, django_db_setup, django_db_blocker):
    running = fronts.Front(tmp_path_factory.mktemp("front"))
    with django_db_blocker.unblock(), ExitStack() as at_the_end:
        if fronts.connections["default"].vendor != "sqlite":
            pytest.skip("the site behind it is one on SQLite")
        running.fill()
        with running.data():
            running.post = PostFactory(title="Kept for bad moments")
            running.gone = PostFactory(title="Withdrawn in between")
        subprocess.run(
            [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0",
             "-i", "ckeditor", "-i", "editor", "-i", "admin*"],
            cwd=site.BASE_DIR, env=running.environment(), check=True,
        )  # fmt: skip
        at_the_end.callback(lambda: running.stop(running.app))
        running.start_app()
        at_the_end.callback(lambda: running.stop(running.nginx))
        running.start_nginx()
        yield running


def log(front):
    return (front.tmp / "log/review.log").read_text()


def test_pages_and_style_sheets_arrive_compressed(front):
    status, headers, body = front.ask("/", Accept_Encoding="gzip, deflate, br")
    assert (status, headers["Content-Encoding"]) == (200, "br")
    assert headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    page = brotli.decompress(body).decode()
    assert front.ask("/", Accept_Encoding="gzip")[1]["Content-Encoding"] == "gzip"
    assert front.ask("/", Accept_Encoding="br;q=0")[2].decode() == page
    sheet = re.search(r'href="(/static/css/\w+\.[0-9a-f]+\.css)"', page)[1]
    for _ in range(2):
        status, headers, body = front.ask(sheet, Accept_Encoding="br")
        assert (status, headers["Content-Encoding"]) == (200, "br")
        assert "immutable" in headers["Cache-Control"]
        assert b"--line" in brotli.decompress(body)
    assert f"{sheet} " in log(front)
    assert "kept:HIT" in log(front)


def test_a_page_asked_for_again_costs_no_bytes(front):
    tag = front.ask("/", Accept_Encoding="br")[1]["ETag"]
    assert front.ask("/", Accept_Encoding="br", If_None_Match=tag)[0] == 304


def test_http_2_is_spoken(front):
    context = ssl.create_default_context(cafile=front.tmp / "tls/fullchain.pem")
    context.set_alpn_protocols(["h2", "http/1.1"])
    raw = socket.create_connection(("127.0.0.1", front.port), timeout=60)
    with context.wrap_socket(raw, server_hostname=fronts.HOST) as wire:
        assert wire.selected_alpn_protocol() == "h2"
        wire.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0")
        assert wire.recv(9)[3] == 4  # SETTINGS


def test_who_comes_by_http_is_sent_on(front):
    wire = fronts.HTTPConnection("127.0.0.1", front.plain, timeout=60)
    wire.request("GET", "/blog/", headers={"Host": fronts.HOST})
    answer = wire.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{fronts.HOST}/blog/")
    wire.close()


def test_what_is_said_of_oneself_is_not_believed(front):
    said = {
        "X-Forwarded-Proto": "http",  # believed, it would be sent on to https for ever
        "X-Forwarded-For": "203.0.113.7",
        "X-Forwarded-Host": "elsewhere.example",
    }
    status, _headers, body = front.ask("/es/", **said)
    assert status == 200
    assert b"elsewhere.example" not in body


def test_too_large_is_said_in_the_language_of_the_address(front):
    large = "x" * (6 * 1024 * 1024)
    try:
        status, headers, body = front.ask("/es/comments/preview/", "POST", large)
    except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
        pytest.fail("the page was not read before the connection was closed")
    assert status == 413
    assert "Es demasiado grande" in body.decode()
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    # The desk takes files: there the site itself answers, that nobody is logged in.
    assert front.ask("/admin/publishing/image/upload/", "POST", large)[0] in (302, 403)


def test_its_pages_look_like_the_site(front):
    for name in ("css/tokens.css", "css/base.css", "css/page.css", "js/theme.js"):
        status, _headers, body = front.ask(f"/front/{name}")
        folder, file = name.split("/")
        assert (status, body) == (200, (site.BASE_DIR / "static" / folder / file).read_bytes())
    assert front.ask("/front/en/502.html")[0] == 404  # only shown where it belongs


def test_five_hundred_who_say_nothing_and_forty_half_a_question_hold_up_nobody(front):
    with ExitStack() as open_wires:
        for _ in range(500):
            raw = socket.create_connection(("127.0.0.1", front.port), timeout=60)
            open_wires.enter_context(raw)
        for _ in range(40):
            wire = open_wires.enter_context(front.wire())
            wire.sendall(b"GET /review/ HTTP/1.1\r\nHost: review.example.org\r\nAccept: ")
        for _ in range(10):  # half of what they send
            wire = open_wires.enter_context(front.wire())
            wire.sendall(b"POST /comments/preview/ HTTP/1.1\r\nHost: review.example.org\r\n"
                         b"Content-Length: 5000\r\n\r\ntext=")  # fmt: skip
        assert front.ask("/")[0] == 200
        assert front.ask("/search/?q=anything")[0] == 200  # not kept: the site itself answers


def test_who_sends_and_sends_is_asked_to_wait_and_readers_are_not(front):
    answers = at_once(75, lambda _n: front.ask("/ca/search/", "POST", ""))
    refused = [answer for answer in answers if answer[0] == 429]
    assert 0 < len(refused) < len(answers)
    _status, headers, body = refused[0]
    assert headers["Retry-After"] == "10"
    assert "Espereu una mica" in body.decode()
    assert front.ask("/")[0] == 200


def test_without_the_site_pages_seen_before_are_shown_and_a_page_says_so_of_others(front):
    path = front.post.get_absolute_url()
    seen = front.ask(path, Accept_Encoding="br")
    assert seen[0] == front.ask(front.gone.get_absolute_url())[0] == 200
    with front.data():
        front.gone.state = State.DRAFT
        front.gone.save()
    while front.ask(front.gone.get_absolute_url())[0] != 404:  # kept for a second
        continue
    front.stop_app()
    try:
        status, headers, body = front.ask(path, Accept_Encoding="br")
        assert (status, body, headers["ETag"]) == (200, seen[2], seen[1]["ETag"])
        assert front.ask(path, Cookie="__Host-sessionid=x")[0] == 502
        assert front.ask(front.gone.get_absolute_url())[0] != 200
        status, headers, body = front.ask("/ca/review/never-seen/")
        assert (status, headers["Retry-After"]) == (502, "30")
        assert "El lloc no està disponible" in body.decode()
        assert front.ask("/healthz")[0] == front.ask("/search/?q=pain-of-one")[0] == 502
        for key in KEYS:
            assert front.ask(key, Referer=f"https://{fronts.HOST}{key}")[0] == 502
    finally:
        front.start_app()
    assert front.ask("/healthz")[0] == 200


def test_what_is_withdrawn_goes_from_what_is_kept_before_the_button_answers(front, settings):
    settings.PURGE_URLS = [f"DELETE http://127.0.0.1:{front.purge}/{{0123456789abcdef}}/"]
    with front.data():
        post = PostFactory(title="Kept until withdrawn")
        assert b"Kept until withdrawn" in front.ask(post.get_absolute_url())[2]
        assert holding(front, b"Kept until withdrawn")
        post.state = State.DRAFT
        post.save()
        assert not holding(front, b"Kept until withdrawn")
    assert front.ask(post.get_absolute_url())[0] == 404
    assert front.ask("/blog/", Accept_Encoding="br")[0] == 200  # it keeps pages as before
    assert holding(front, b"/blog/")


def holding(front, words):
    kept = [path for path in (front.tmp / "kept").rglob("*") if path.is_file()]
    return [path for path in kept if words in path.read_bytes()]


def test_no_log_and_nothing_kept_has_a_key_a_question_or_an_address(front):
    for key in KEYS:
        front.ask(key, Referer=f"https://{fronts.HOST}{key}", User_Agent="agent-of-one")
        front.ask(f"/search/?q=pain-of-one&next={key}")
    text = log(front)
    for cut in ("/comments/mine/... ", "/ca/comments/confirm/... ", "/preview/... ", "/search/ "):
        assert cut in text
    written = [path for path in front.tmp.rglob("*") if path.is_file()]
    assert front.tmp / "log/main-error.log" in written
    for path in written:
        if path.is_relative_to(front.tmp / "log") or path.is_relative_to(front.tmp / "kept"):
            words = path.read_bytes()
            for secret in (b"key-of-one", b"pain-of-one", b"agent-of-one", b"127.0.0.1"):
                assert secret not in words, path


def test_its_limits_are_those_of_the_site():
    text = (DEPLOY / "nginx.conf").read_text()
    desk = int(re.search(r"admin/ \{\s+client_max_body_size (\d+)m;", text)[1]) * 1024**2
    for most in (site.PDF_MAX_BYTES, site.IMPORT_MAX_BYTES, site.IMAGE_MAX_BYTES):
        assert most < desk
    elsewhere = int(re.search(r"^    client_max_body_size (\d+)m;", text, re.M)[1]) * 1024**2
    assert site.DATA_UPLOAD_MAX_MEMORY_SIZE < elsewhere <= 2 * site.DATA_UPLOAD_MAX_MEMORY_SIZE


def test_it_uses_nothing_that_came_after_nginx_1_18():
    later = r"^\s*(http2 |ssl_reject_handshake|ssl_conf_command|proxy_cookie_flags|keepalive_time )"
    assert re.findall(later, (DEPLOY / "nginx.conf").read_text(), re.M) == []


def test_its_pages_are_written_anew_when_their_words_change():
    for name, text in front_pages():
        kept = (DEPLOY / "front" / name).read_text()
        assert kept == text, f"{name} is out of date: manage.py front_pages"


def test_the_command_writes_them(tmp_path):
    call_command("front_pages", str(tmp_path), verbosity=0)
    assert (tmp_path / "ca/504.html").exists()
